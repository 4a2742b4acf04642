import { Source } from '../answers/source.ts';
import { status } from '../answers/status.ts';
import { Keys } from '../host/keys.ts';
import { readKey } from '../store/key-file.ts';
import type { Paths } from '../store/paths.ts';
import { version } from '../store/version.ts';
import type { Tiers } from '../tiers.ts';
import { collect } from './collect.ts';
import { derive } from './derived.ts';
import { FILES, type FileName, FORMAT, MAX_TOTAL_BYTES } from './files.ts';
import { bundledRunFile, bundledStatus, bundledVersions } from './machine.ts';
import { describeFile, type Manifest, manifestText } from './manifest.ts';
import { tooLarge } from './problem.ts';
import { askProjected, projectFacts } from './project.ts';
import { factLines } from './read-facts.ts';

/** A bundle that was made and stands nowhere yet. */
export interface Made {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<FileName, Uint8Array>;
}

export interface Order {
  readonly paths: Paths;
  readonly tiers: Tiers;
  /** The window, in milliseconds UTC. */
  readonly since: number;
  readonly now: number;
  /** An empty folder to project in. */
  readonly folder: string;
}

/** Makes a bundle of what was derived; throws where nothing was, and where it would be larger than one may be. */
export function makeBundle({ paths, tiers, since, now, folder }: Order): Made {
  const source = Source.open(paths, tiers);
  try {
    const { change_log, telemetry, at } = source.positions();
    const { facts, leftOut } = collect(paths, source, new Keys(readKey(paths.key)), since);
    const { events, failures } = askProjected(projectFacts(folder, facts), (projected) => derive(projected, now));
    const lines = factLines(facts);
    const present = status(paths, tiers, now);
    const { schema_version, probed, triggers } = present.host;
    const files = new Map<FileName, Uint8Array>([
      ['change_log.ndjson', ndjson(lines.change_log)],
      ['journal.ndjson', ndjson(lines.journal)],
      ['events.ndjson', ndjson(events)],
      ['failures.json', json(failures)],
      ['status.json', json(bundledStatus(present))],
      ['running.json', json(bundledRunFile(paths.runFile))],
      ['schema.json', json({ schema_version, probed, triggers })],
      ['versions.json', json(bundledVersions())],
      ['verification.json', json(present.last_verification)],
    ]);
    const manifest: Manifest = {
      ...{ format: FORMAT, version: version(), made_at: now, since, as_of: { change_log, telemetry, at } },
      counts: {
        change_log: facts.changes.length,
        rejected: facts.rejected.length,
        journal: facts.journal.length,
        events: events.length,
        failure_groups: failures.groups.length,
      },
      left_out: leftOut,
      files: [...files].map(([name, bytes]) => describeFile(name, bytes)),
    };
    refuseLarge(files);
    return { manifest, files: new Map([['manifest.json', Buffer.from(manifestText(manifest))], ...files]) };
  } finally {
    source.close();
  }
}

function ndjson(rows: readonly object[]): Uint8Array {
  return Buffer.concat(rows.map((row) => Buffer.from(`${JSON.stringify(row)}\n`)));
}

function json(value: object | null): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** Whoever reads it would refuse it. */
function refuseLarge(files: ReadonlyMap<FileName, Uint8Array>): void {
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  const isLarge = [...files].some(([name, { length }]) => length > FILES[name]);
  if (isLarge || total > MAX_TOTAL_BYTES) throw tooLarge(`files of ${MAX_TOTAL_BYTES} bytes in all`, `${total} bytes`);
}
