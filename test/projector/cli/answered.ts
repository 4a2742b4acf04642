import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { Command } from 'commander';
import type { Context } from '../../../projector/cli/context.ts';
import { readNamed } from '../../../projector/cli/read-named.ts';
import { rebuild } from '../../../projector/pipeline/rebuild.ts';
import { pathsOf } from '../../../projector/store/paths.ts';
import { at, ms, TinyHost } from '../../oracle/tiny.ts';
import { openStore } from '../../properties/harness.ts';
import { placesIn } from '../../support/processes.ts';

type Add = (program: Command, context: () => Context) => void;

/** A data directory that stands as long as the tests of a file run. */
export interface Answering {
  folder: string;
  /** Runs a command in this process, with words as a shell would hand them over; returns what it answers. */
  run(...words: string[]): string;
}

/** A command over a host database that has the projects `web` and `api` and that `write` fills, after a rebuild; the clock says `seconds`. */
export function answering(add: Add, write: (host: TinyHost) => TinyHost, seconds: number): Answering {
  const answered: Answering = {
    folder: '',
    run: (...words) => {
      let answer = '';
      const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
      add(program, () => ({
        ...{ env: {}, paths: pathsOf(placesIn(answered.folder)), tiers: { metrics: true, events: true, remote: [] } },
        ...{
          now: () => ms(seconds),
          pid: process.pid,
          freeSpace: () => null,
          err: () => {},
          isTerminal: false,
          write: () => {},
          readNamed,
        },
        out: (text) => {
          answer += text;
        },
      }));
      program.parse(words, { from: 'user' });
      return answer;
    },
  };
  beforeAll(() => {
    answered.folder = mkdtempSync(join(tmpdir(), 'ao-projector-test-'));
    const host = new TinyHost(join(answered.folder, 'ao.db')).project('web', at('0')).project('api', at('0'));
    write(host).close();
    const store = openStore(answered.folder);
    for (const _ of rebuild(store));
    store.close();
  });
  afterAll(() => rmSync(answered.folder, { recursive: true, force: true }));
  return answered;
}
