import { type Columns, readText } from '../../store/derived/columns.ts';
import type { Plan } from './plan.ts';

/** Whether events of a project count, by its key; all do where it is not given. */
export type OfProject = (key: number | null) => boolean;

/** The events that can matter to a question, of the same subjects: strictly all of them, else those that it names. */
export function select(columns: Columns, plan: Plan, ofProject: OfProject | undefined): Columns {
  const named = plan.question.order === 'strict' ? columns : selected(columns, columns.codes, plan.isNamed);
  if (!ofProject) return named;
  const isOfProject = Uint8Array.from(named.texts, (text) => Number(ofProject(readText(text).project)));
  return selected(named, named.said, isOfProject);
}

/** The events whose value passes. */
function selected(columns: Columns, values: Uint8Array | Uint32Array, passes: Uint8Array): Columns {
  const places = new Uint32Array(values.length + 1);
  const ends = new Uint32Array(columns.ends.length);
  let count = 0;
  for (let subject = 0, place = 0; subject < ends.length; subject++) {
    for (const end = columns.ends[subject]!; place < end; place++) {
      // Written in any case and kept if it passes: to jump would take longer.
      places[count] = place;
      count += passes[values[place]!]!;
    }
    ends[subject] = count;
  }
  return new Selected(columns, places.subarray(0, count), ends);
}

/** Some events of columns, by their places there. */
class Selected implements Columns {
  readonly keys: Float64Array;
  readonly ends: Uint32Array;
  readonly codes: Uint8Array;
  readonly times: Float64Array;
  readonly #all: Columns;
  readonly #places: Uint32Array;
  #ids: Float64Array | undefined;
  #said: Uint32Array | undefined;

  constructor(all: Columns, places: Uint32Array, ends: Uint32Array) {
    this.#all = all;
    this.#places = places;
    this.keys = all.keys;
    this.ends = ends;
    this.codes = gathered(all.codes, places, new Uint8Array(places.length));
    this.times = gathered(all.times, places, new Float64Array(places.length));
  }

  get ids(): Float64Array {
    this.#ids ??= gathered(this.#all.ids, this.#places, new Float64Array(this.#places.length));
    return this.#ids;
  }

  get said(): Uint32Array {
    this.#said ??= gathered(this.#all.said, this.#places, new Uint32Array(this.#places.length));
    return this.#said;
  }

  get texts(): readonly string[] {
    return this.#all.texts;
  }
}

function gathered<T extends Uint8Array | Uint32Array | Float64Array>(from: T, places: Uint32Array, to: T): T {
  for (let index = 0; index < places.length; index++) to[index] = from[places[index]!]!;
  return to;
}
