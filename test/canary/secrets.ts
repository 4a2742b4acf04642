import { createHash } from 'node:crypto';

/**
 * Tokens of ten letters, short enough to pass for the name of a time zone. All secrets begin alike, and all raw ids, so one
 * search finds every one of them.
 */
const SECRET = 'cnryq';
const RAW = 'rawqz';

/** Makes tokens that nothing else holds. */
export class Tokens {
  readonly secrets: string[] = [];
  readonly raw: string[] = [];

  /** Something that must not be kept in any tier. */
  secret(): string {
    return this.#next(SECRET, this.secrets);
  }

  /** Part of an id of a project, a session or a PR, which the identity table of the events tier may hold. */
  rawId(): string {
    return this.#next(RAW, this.raw);
  }

  #next(beginning: string, made: string[]): string {
    const token = `${beginning}${made.length.toString(36).padStart(5, '0')}`;
    made.push(token);
    return token;
  }
}

/** The secrets in these bytes, in whatever form, each with what stands around it. */
export const secretsIn = (bytes: Buffer | string): string[] => found(bytes, SECRET);

/** The raw ids in these bytes, in whatever form. */
export const rawIdsIn = (bytes: Buffer | string): string[] => found(bytes, RAW);

/** Those of some texts whose plain digest, which needs no key, stands in these rows, cut short to 12 digits or less so. */
export function digestedIn(rows: string, texts: readonly string[]): string[] {
  const digests = new Set([...rows.matchAll(/[0-9a-f]{12,}/g)].map(([digest]) => digest.slice(0, 12)));
  const beginningOf = (algorithm: string, text: string) =>
    createHash(algorithm).update(text).digest('hex').slice(0, 12);
  return texts.filter((text) =>
    ['md5', 'sha1', 'sha256'].some((algorithm) => digests.has(beginningOf(algorithm, text))),
  );
}

/** What a search finds in each of some texts, with their names. */
export function leaks(
  texts: ReadonlyMap<string, Buffer | string>,
  search: (text: Buffer | string) => string[],
): string[] {
  return [...texts].flatMap(([name, text]) => search(text).map((place) => `${name}: ${place}`));
}

const CONTEXT = 24;

function found(bytes: Buffer | string, beginning: string): string[] {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
  const exact = buffer.toString('latin1');
  const anyCase = exact.toLowerCase();
  const places = forms(beginning).flatMap(({ form, text, isExact }) => {
    const searched = isExact ? exact : anyCase;
    const at = searched.indexOf(text);
    return at < 0 ? [] : [`${form}: ${around(exact, at)}`];
  });
  return places;
}

/** How the beginning of a token looks in the encodings that a text may be kept in. */
function forms(beginning: string): { form: string; text: string; isExact: boolean }[] {
  const bytes = Buffer.from(beginning);
  const wide = Buffer.from(beginning, 'utf16le');
  return [
    { form: 'plain', text: beginning, isExact: false },
    { form: 'backwards', text: [...beginning].reverse().join(''), isExact: false },
    { form: 'hex', text: bytes.toString('hex'), isExact: false },
    { form: 'escaped', text: [...bytes].map((byte) => `\\u00${byte.toString(16)}`).join(''), isExact: false },
    { form: 'percent', text: [...bytes].map((byte) => `%${byte.toString(16)}`).join(''), isExact: false },
    { form: 'utf16', text: wide.toString('latin1'), isExact: false },
    { form: 'utf16be', text: Buffer.from(wide).swap16().toString('latin1'), isExact: false },
    ...[0, 1, 2].map((offset) => ({ form: 'base64', text: inBase64(bytes, offset), isExact: true })),
  ];
}

/** The letters of base64 that bytes give wherever they begin `offset` bytes after a group of three. */
function inBase64(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(first, end);
}

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - CONTEXT), at + CONTEXT).replace(/[^ -~]/g, '.');
}
