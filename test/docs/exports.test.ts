import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { exportSettingsOf } from '../../projector/exports/settings.ts';
import { packagePath } from '../../projector/store/paths.ts';

/** Told as what is not looked at. */
const NOT_READ = ['OTEL_RESOURCE_ATTRIBUTES', 'OTEL_SERVICE_NAME'];

/** Every variable that is asked for where everything is switched on; of those with forms for one signal the general one. */
function variablesRead(): Set<string> {
  const read = new Set<string>();
  const given: Readonly<Record<string, string>> = {
    AO_PROJECTOR_REMOTE: 'otlp,posthog',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
    AO_PROJECTOR_POSTHOG_KEY: 'phc_test',
    AO_PROJECTOR_POSTHOG_HOST: 'http://localhost:8000',
  };
  const get = (_: unknown, name: string) => {
    read.add(name);
    return given[name];
  };
  exportSettingsOf(new Proxy<NodeJS.ProcessEnv>({}, { get }));
  const general = (name: string) => name.replace(/^OTEL_EXPORTER_OTLP_(METRICS|LOGS)_/, 'OTEL_EXPORTER_OTLP_');
  return new Set([...read].map((name) => (read.has(general(name)) && !/_ENDPOINT$/.test(name) ? general(name) : name)));
}

function variablesOn(...page: string[]): string[] {
  const text = readFileSync(packagePath(...page), 'utf8');
  return [...text.matchAll(/`((?:AO_PROJECTOR|OTEL|DO_NOT)_[A-Z_]+)(?:=[^`]*)?`/g)].map(([, name]) => name!);
}

test('the page of exports tells of every variable that is read, and of no other', () => {
  const told = new Set(variablesOn('docs', 'exports.md').filter((name) => !NOT_READ.includes(name)));
  expect([...told].filter((name) => !/_LOGS_HEADERS$/.test(name)).sort()).toEqual([...variablesRead()].sort());
});

test('the README names those that are ours', () => {
  const ours = [...variablesRead()].filter((name) => !name.startsWith('OTEL_'));
  expect(variablesOn('README.md')).toEqual(expect.arrayContaining(ours));
});
