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
      count = (count + passes[values[place]!]!) | 0;
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
    this.codes = new Uint8Array(places.length);
    const { codes } = all;
    for (let index = 0; index < places.length; index++) this.codes[index] = codes[places[index]!]!;
    this.times = floatsAt(all.times, places);
  }

  get ids(): Float64Array {
    this.#ids ??= floatsAt(this.#all.ids, this.#places);
    return this.#ids;
  }

  get said(): Uint32Array {
    if (!this.#said) {
      const { said } = this.#all;
      this.#said = this.#places.map((place) => said[place]!);
    }
    return this.#said;
  }

  get texts(): readonly string[] {
    return this.#all.texts;
  }
}

function floatsAt(from: Float64Array, places: Uint32Array): Float64Array {
  const to = new Float64Array(places.length);
  for (let index = 0; index < places.length; index++) to[index] = from[places[index]!]!;
  return to;
}
