import { existsSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { BundleFacts } from '../bundle/facts.ts';
import { ProjectorError } from '../errors.ts';
import { packagePath } from '../store/paths.ts';
import { type FixtureEvent, fixtureText } from './fixture.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Writes `NAME.json`, which holds facts, and `NAME.test.ts`, which expects events of them, into a folder. Returns both names;
 * throws where one of them is taken.
 */
export function writeSpec(
  folder: string,
  name: string,
  facts: BundleFacts,
  events: readonly FixtureEvent[],
): readonly [fixture: string, spec: string] {
  const [fixture, spec] = [`${name}.json`, `${name}.test.ts`];
  if (!NAME.test(name)) throw refused(name, 'letters, digits, points and dashes', 'another name');
  const taken = [fixture, spec].find((file) => existsSync(join(folder, file)));
  if (taken) throw refused(name, 'a name that no file has yet', taken);
  writeFileSync(join(folder, fixture), fixtureText(facts), { flag: 'wx' });
  writeFileSync(join(folder, spec), specText(folder, name, events), { flag: 'wx' });
  return [fixture, spec];
}

function specText(folder: string, name: string, events: readonly FixtureEvent[]): string {
  return `import { expect, test } from '@jest/globals';
import { eventsOfFixture } from '${importPath(folder)}';

// What is expected is what the facts derived when this was written. Where that is the fault, write what should be.
test('${name.replaceAll('-', ' ')}', () => {
  const derived = eventsOfFixture(new URL('./${name}.json', import.meta.url));
${events.map((event) => `  expect(derived).toContainEqual(${literal(event)});\n`).join('')}});
`;
}

/** A value as the style of the sources has it. */
function literal(value: unknown, indent = '  '): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const inner = `${indent}  `;
  return `{\n${entries.map(([name, one]) => `${inner}${name}: ${literal(one, inner)},\n`).join('')}${indent}}`;
}

/** The module that reads fixtures, as a file in a folder imports it: the source where that is there, else the build. */
function importPath(folder: string): string {
  const source = packagePath('projector', 'replay', 'fixture.ts');
  const module = existsSync(source) ? source : packagePath('dist', 'projector', 'replay', 'fixture.js');
  const path = relative(resolve(folder), module).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

function refused(name: string, expected: string, found: string): ProjectorError {
  return new ProjectorError({
    code: 'spec_not_written',
    message: `No test ${JSON.stringify(name)} was written.`,
    expected,
    found,
    remedy: 'Give another name after --as-test.',
  });
}
