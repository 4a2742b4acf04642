import { change, type Evidence, telemetry } from '../../../projections/evidence.ts';
import { eventParts } from '../../../projections/vocabulary.ts';
import type { Difference, Row } from './compare.ts';

/** The rows of the streams that a row of a derived table says it was made from; none where it does not say. */
export function causesOfRow({ table, live, rebuilt }: Difference): Evidence[] {
  const row = (live ?? rebuilt)!;
  switch (table) {
    case 'event':
    case 'withheld_event':
    case 'packed':
    case 'active_day': {
      const { stream, position } = eventParts(Number(row.id));
      return [{ stream, position, role: 'made it' }];
    }
    case 'session':
    case 'pull':
    case 'observed_session':
      return [change(Number(row.born), 'began it')];
    case 'session_end':
      return [change(Number(row.seq), 'ended it')];
    case 'trace':
    case 'mark':
      return ofJournal(row, 'position');
    case 'daily_count':
      return ofJournal(row, 'first_position');
    case 'rejected':
      return [
        {
          stream: row.stream === 'telemetry' ? 'telemetry' : 'change_log',
          position: Number(row.position),
          role: 'was rejected',
        },
      ];
    default:
      return [];
  }
}

function ofJournal(row: Row, column: string): Evidence[] {
  return row[column] === null ? [] : [telemetry(Number(row[column]), 'made it')];
}
