import type { AsOf, Source } from '../answers/source.ts';
import { Keys } from '../host/keys.ts';
import { readKey } from '../store/key-file.ts';
import type { Paths } from '../store/paths.ts';
import { Batches } from './batches.ts';
import { consentOf } from './consent.ts';
import type { Destinations } from './destinations.ts';
import { type PayloadAnswer, payloadAnswer } from './ledger.ts';
import { nextBatch } from './next-batch.ts';
import type { SinkName } from './sinks.ts';

/** What a sink would send next. */
export interface Preview {
  readonly sink: SinkName;
  readonly destination: string;
  readonly items: number;
  /** The body of the request, before it is compressed. */
  readonly body: Uint8Array;
}

/** The same as programs read it. */
export interface PreviewAnswer {
  readonly now: number;
  readonly as_of: AsOf | null;
  /** Sinks that would send nothing are not among them. */
  readonly sinks: readonly (Omit<Preview, 'body'> & { readonly payload: PayloadAnswer })[];
}

export function previewAnswer(previews: readonly Preview[], now: number, as_of: AsOf | null): PreviewAnswer {
  return { now, as_of, sinks: previews.map(({ body, ...rest }) => ({ ...rest, payload: payloadAnswer(body) })) };
}

/**
 * What each sink that is on would send next, were it sent now: what was not received yet, or else what has settled since. A sink
 * with nothing to send is not among them. Nothing is written.
 */
export async function preview(
  paths: Paths,
  source: Source,
  { settings, all }: Destinations,
  now: number,
): Promise<Preview[]> {
  if (settings === null) return [];
  const keys = new Keys(readKey(paths.key));
  const { analytics } = source;
  const previews = all.map(async (one): Promise<Preview[]> => {
    if (!('transport' in one)) return [];
    const { sink, transport } = one;
    const { destination } = transport;
    if (consentOf(analytics, sink)?.destination !== destination) return [];
    const pending = new Batches(analytics).pending(sink);
    const next = pending
      ? { items: pending.items, bytes: pending.payload }
      : nextBatch({ analytics, source, keys, settings, now, lagMs: null }, sink);
    if (!next || next.items === 0) return [];
    return [{ sink, destination, items: next.items, body: await transport.body(next.bytes) }];
  });
  return (await Promise.all(previews)).flat();
}
