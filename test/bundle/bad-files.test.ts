import { deflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { Random } from '../../fixtures/random.ts';
import { FORMAT } from '../../projector/bundle/files.ts';
import { openBundle, readBundle } from '../../projector/bundle/open.ts';
import { zip } from '../../projector/bundle/zip.ts';
import { ProjectorError } from '../../projector/errors.ts';
import { withFolder } from '../support/temporary.ts';
import { forged, madeOfHistory, type Texts, textsIn, zipOf } from './made.ts';

const whole = withFolder((folder) => zip(madeOfHistory(folder).files));
const texts = textsIn(whole);

/** The error that reading the bytes ends with, for whoever reads it; null where they are a bundle. */
function refused(bytes: Uint8Array): string | null {
  try {
    readBundle(bytes);
    return null;
  } catch (error) {
    // Anything but a ProjectorError is a fault of ours.
    if (!(error instanceof ProjectorError)) throw error;
    return `${error.code}: ${error.message} Expected ${error.expected}, found ${error.found}`;
  }
}

/** The whole bundle with one file changed and described by its manifest. */
const changed = (name: string, change: (text: string) => string): Uint8Array =>
  forged({ ...texts, [name]: change(texts[name]!) });

/** The first line of a kind, with a field changed. */
function withField(name: string, isMeant: (row: Record<string, unknown>) => boolean, fields: object): Uint8Array {
  return changed(name, (text) => {
    const lines = text.trimEnd().split('\n');
    const index = lines.findIndex((line) => isMeant(JSON.parse(line)));
    expect(index).toBeGreaterThanOrEqual(0);
    lines[index] = JSON.stringify({ ...JSON.parse(lines[index]!), ...fields });
    return `${lines.join('\n')}\n`;
  });
}

test('a bundle as it was written is read', () => {
  expect(refused(whole)).toBeNull();
  expect(refused(forged(texts))).toBeNull();
});

test('cut off anywhere it is refused, unless only the directory at its end is gone', () => {
  const random = new Random(1);
  const directory = Buffer.from(whole).indexOf('PK\u0001\u0002', 0, 'latin1');
  for (let time = 0; time < 60; time++) {
    const length = random.between(0, directory - 1);
    expect({ length, refused: refused(whole.subarray(0, length)) }).toEqual({ length, refused: expect.any(String) });
  }
});

test('a byte that changed anywhere is noticed, or changes nothing that is read', () => {
  const random = new Random(2);
  const read = readBundle(whole);
  let noticed = 0;
  for (let time = 0; time < 300; time++) {
    const bytes = Uint8Array.from(whole);
    bytes[random.between(0, bytes.length - 1)]! ^= random.between(1, 255);
    if (refused(bytes) !== null) noticed += 1;
    else expect(readBundle(bytes)).toEqual(read);
  }
  expect(noticed).toBeGreaterThan(200);
});

test('what is no zip is refused', () => {
  for (const bytes of [new Uint8Array(0), Buffer.from('PK'), Buffer.from('{}'), Buffer.alloc(100_000, 7)]) {
    expect(refused(bytes)).toMatch(/^bundle_invalid: /);
  }
  expect(refused(Buffer.from('no zip'))).toMatch(/Expected a zip, found something else/);
});

test('a path that holds no file, and one that is a folder', () => {
  withFolder((folder) => {
    expect(() => openBundle(`${folder}/none.zip`)).toThrow(expect.objectContaining({ code: 'bundle_missing' }));
    expect(() => openBundle(folder)).toThrow(expect.objectContaining({ code: 'bundle_missing' }));
  });
});

test('a file that is missing, and one more, are refused', () => {
  for (const name of Object.keys(texts)) {
    const { [name]: _, ...others } = texts;
    expect(refused(zipOf(others as Texts))).toMatch(`Expected ${name}, found no such file`);
  }
  expect(refused(zipOf({ ...texts, 'notes.txt': 'hello' }))).toMatch('found more files');
});

test('names that lead elsewhere are files too many, and nothing is written', () => {
  for (const name of [
    '../events.ndjson',
    '/etc/passwd',
    'C:\\events.ndjson',
    './events.ndjson',
    'a/../events.ndjson',
  ]) {
    expect(refused(zipOf({ ...texts, [name]: 'hello' }))).toMatch('found more files');
  }
});

test('a file that stands in it twice is refused', () => {
  const other = zipOf({ 'events.ndjson': '' });
  const twice = Buffer.concat([other.subarray(0, Buffer.from(other).indexOf('PK\u0001\u0002', 0, 'latin1')), whole]);
  expect(refused(twice)).toMatch('found events.ndjson twice');
});

test('a zip in a zip is no bundle, wherever it stands', () => {
  expect(refused(zipSync({ 'bundle.zip': whole }))).toMatch('Expected manifest.json');
  expect(refused(zipOf({ ...texts, 'bundle.zip': Buffer.from(whole).toString('latin1') }))).toMatch('more files');
  const inside = zipSync({
    ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)])),
    'change_log.ndjson': whole,
  });
  expect(refused(inside)).toMatch('change_log.ndjson is not what a bug report holds');
});

test('a bomb is stopped while it unpacks, whatever sizes it claims', () => {
  const bomb = Buffer.from(zipSync({ 'manifest.json': new Uint8Array(40 * 1024 * 1024) }, { level: 9 }));
  expect(bomb.length).toBeLessThan(100_000);
  expect(refused(bomb)).toMatch('manifest.json is not what a bug report holds. Expected at most 1048576 bytes');
  bomb.writeUInt32LE(10, 22);
  expect(refused(bomb)).toMatch('at most 1048576 bytes');
});

test('all files together are bounded too', () => {
  const deflated = deflateRawSync(Buffer.alloc(40 * 1024 * 1024));
  const names = ['change_log.ndjson', 'journal.ndjson', 'events.ndjson'];
  expect(refused(Buffer.concat(names.map((name) => entry(name, deflated))))).toMatch(
    'The zip is not what a bug report holds. Expected at most 100663296 bytes unpacked',
  );
});

/** A file as it stands in a zip, which says that it has no bytes when it is unpacked. */
function entry(name: string, deflated: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(deflated.length, 18);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), deflated]);
}

test('a newer format says that it is newer', () => {
  expect(refused(forged(texts, (manifest) => ({ ...manifest, format: FORMAT + 1 })))).toMatch(/^bundle_newer: /);
  const withMore = forged({ ...texts, 'new.json': '{}' }, (manifest) => ({ ...manifest, format: 99, more: true }));
  expect(refused(withMore)).toMatch(/^bundle_newer: /);
});

test('a manifest that says something else of itself is refused', () => {
  const other = texts['manifest.json']!.replace(/"made_at": (\d+)/, '"made_at": 1');
  expect(refused(zipOf({ ...texts, 'manifest.json': other }))).toMatch('manifest.json is not what');
  for (const text of ['', '[]', 'null', '{"format":"1"}', '{"format":1}']) {
    expect(refused(zipOf({ ...texts, 'manifest.json': text }))).toMatch('manifest.json is not what');
  }
  const fewer = forged(texts, ({ counts, ...manifest }) => ({ ...manifest, counts: { ...counts, events: 1 } }));
  expect(refused(fewer)).toMatch('Expected 1 of events');
});

test('a file that was exchanged is known by its digest', () => {
  for (const name of Object.keys(texts).filter((file) => file !== 'manifest.json')) {
    expect(refused(zipOf({ ...texts, [name]: `${texts[name]} ` }))).toMatch(
      'the bytes that the manifest has the digest',
    );
  }
});

test.each<[string, string, object, string]>([
  ['change_log.ndjson', 'session_created', { session: 'web-1' }, 'session: a session such as p1-3'],
  ['change_log.ndjson', 'session_created', { project: 'web' }, 'project: a project such as p1'],
  ['change_log.ndjson', 'session_created', { title: 'p1' }, 'the fields of a fact alone'],
  ['change_log.ndjson', 'session_created', { terminated: 1 }, 'terminated: a truth value'],
  ['change_log.ndjson', 'session_created', { at: 1e16 }, 'at: a time in milliseconds'],
  ['change_log.ndjson', 'session_created', { nanos: -1 }, 'nanos: nanoseconds below a millisecond'],
  ['change_log.ndjson', 'session_created', { seq: 0.5 }, 'seq: the number of a row'],
  ['change_log.ndjson', 'session_created', { type: 'toString' }, 'a type of rows that are facts'],
  ['change_log.ndjson', 'session_updated', { activity: 'asleep' }, 'activity: one of active, idle'],
  ['change_log.ndjson', 'session_updated', { preview: 'http://x' }, 'preview: a preview such as v1'],
  ['change_log.ndjson', 'pr_created', { url: 'https://github.com/a/b/pull/1' }, 'url: a PR such as'],
  ['change_log.ndjson', 'pr_created', { time: '2026-06-18 10:00:00 CEST' }, 'time: a time in UTC'],
  ['journal.ndjson', 'observed.session', { name: 'constructor' }, 'a name of facts'],
  ['journal.ndjson', 'observed.session', { data: null }, 'data as an object'],
  ['journal.ndjson', 'observed.session', { data: { born: 1, kind: null } }, 'harness: one of'],
  ['journal.ndjson', 'observed.session', { data: { born: 1, kind: null, harness: 'mine' } }, 'harness: one of'],
  ['journal.ndjson', 'observed.session', { session: 'rm -rf /' }, 'session: a session such as p1-3'],
])('in %s a line of %s is refused with %j', (file, kind, fields, expected) => {
  const found = refused(withField(file, ({ type, name }) => type === kind || name === kind, fields));
  expect(found).toMatch(/^bundle_invalid: .*, line \d+, is not what a bug report holds/);
  expect(found).toMatch(`Expected ${expected}`);
});

test('lines that are no facts, and facts out of order, are refused', () => {
  expect(refused(changed('change_log.ndjson', (text) => `${text}hello\n`))).toMatch('a JSON object');
  expect(refused(changed('journal.ndjson', (text) => `\n${text}`))).toMatch('line 1, is not what');
  const turned = changed('change_log.ndjson', (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`);
  expect(refused(turned)).toMatch('positions that ascend');
});

test('what is said to be derived holds nothing that a terminal acts on', () => {
  for (const fields of [{ subject: '\u001b[2J' }, { name: 'é' }, { at: '1' }, { cause_stream: 'x' }, { more: 1 }]) {
    expect(refused(withField('events.ndjson', () => true, fields))).toMatch(/^bundle_invalid: events\.ndjson, line 1,/);
  }
  expect(refused(changed('failures.json', () => '{}'))).toMatch('failures.json is not what');
  expect(refused(changed('failures.json', () => '{'))).toMatch('failures.json is not what');
});
