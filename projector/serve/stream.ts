import type { Feed, Told } from './feed.ts';

/** Who has so much unread is cut off: it may come again and go on where it was. */
const MOST_UNREAD_BYTES = 256 * 1_024;
const HEARTBEAT_MS = 15_000;

/** So many may listen at once. */
export const MOST_LISTENERS = 64;

/**
 * Events as server-sent events, from the one after `last` on, or from now on where that is not given. Where it is not known any
 * more, an event `reset` says that some may be missing. Null while too many listen.
 */
export function eventStream(feed: Feed, last: string | undefined): ReadableStream<Uint8Array> | null {
  if (feed.listening >= MOST_LISTENERS) return null;
  const encoder = new TextEncoder();
  let leave = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) <= 0) {
            leave();
            controller.error(new Error('It reads too slowly.'));
          } else controller.enqueue(encoder.encode(text));
        };
        const missed = last === undefined ? [] : feed.since(last);
        const stop = feed.listen((told) => send(lines(told)));
        const beating = setInterval(() => send(': \n\n'), HEARTBEAT_MS);
        leave = () => {
          leave = () => {};
          stop();
          clearInterval(beating);
        };
        send(
          missed === null ? `id: ${feed.last}\nevent: reset\ndata: {}\n\n` : `id: ${last ?? feed.last}\n: ready\n\n`,
        );
        for (const told of missed ?? []) send(lines(told));
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_UNREAD_BYTES }),
  );
}

function lines({ id, event }: Told): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}
