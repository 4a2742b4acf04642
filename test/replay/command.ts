import { spawnSync } from 'node:child_process';
import { packagePath } from '../../projector/store/paths.ts';

const CLI = packagePath('dist', 'projector', 'cli', 'main.js');

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `ao-projector`, built, in a folder. */
export function commandIn(folder: string, env: Readonly<Record<string, string>>, ...args: string[]): Said {
  const { PATH = '', TMPDIR } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { PATH, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...env },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}
