import { ACTS } from '../projections/active-days.ts';

/** Whether an event is an act of a user, as SQL over its row id. */
export const IS_ACT = `id % 64 IN (${ACTS.map(({ code }) => code).join(', ')})`;
