import { ChangeDecoder, type Decoded, SEPARATOR } from '../../../projector/host/decode.ts';
import { Keys } from '../../../projector/host/keys.ts';
import { NOTHING_LEFT_OUT } from '../../../projector/host/left-out.ts';

export const keys = new Keys(Buffer.alloc(32, 7));

export const TIME = '2026-06-18 12:34:56.789012345 +0000 UTC';
export const INSTANT = { at: Date.UTC(2026, 5, 18, 12, 34, 56, 789), nanos: 12_345 };
export const HOST = 19;

/** A decoder of a host that has always been of one version. */
export function decoder(): ChangeDecoder {
  return new ChangeDecoder({ keys, leftOut: NOTHING_LEFT_OUT, hostVersion: () => HOST });
}

export interface Columns {
  readonly seq: number;
  readonly time: string;
  readonly type: string;
  readonly project: string;
  readonly session: string;
  readonly payload: unknown;
}

/** A row as it is read: its columns in one text. A payload that is no text is written as JSON, the way the triggers do. */
export function cell(columns: Partial<Columns>): string {
  const { seq, time, type, project, session, payload }: Columns = {
    ...{ seq: 7, time: TIME, type: 'session_updated', project: 'web', session: 'web-1', payload: '' },
    ...columns,
  };
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return [seq, time, type, project, session, json].join(SEPARATOR);
}

export function decode(columns: Partial<Columns>): Decoded {
  return decoder().decode(cell(columns));
}
