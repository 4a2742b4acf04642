import { Command } from 'commander';
import { exportCommand } from '../../projector/cli/export.ts';
import { pathsOf } from '../../projector/store/paths.ts';
import { tiersOf } from '../../projector/tiers.ts';
import { placesIn } from '../support/processes.ts';

export interface Told {
  /** What goes to stdout, and to stderr. */
  readonly out: Buffer;
  readonly err: string;
}

/** What `ao-projector export` tells of a data directory, asked in this process; the clock says `now`, in milliseconds. */
export async function told(
  dataDir: string,
  env: Readonly<Record<string, string>>,
  now: number,
  ...words: readonly string[]
): Promise<Told> {
  const out: Uint8Array[] = [];
  let err = '';
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  exportCommand(program, () => ({
    ...{ env, paths: pathsOf(placesIn(dataDir)), tiers: tiersOf(env), now: () => now, pid: process.pid },
    ...{ freeSpace: () => null, isTerminal: false, readNamed: () => null },
    out: (text) => void out.push(Buffer.from(text)),
    write: (bytes) => void out.push(bytes),
    err: (text) => {
      err += text;
    },
  }));
  await program.parseAsync(['export', ...words], { from: 'user' });
  return { out: Buffer.concat(out), err };
}
