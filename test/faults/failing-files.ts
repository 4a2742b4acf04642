import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packagePath } from '../../projector/store/paths.ts';

export interface Failing {
  /** What the paths of the files begin with that the fault hits. */
  readonly files: string;
  readonly on: 'read' | 'write';
  /** From which operation on; 0 only counts. */
  readonly at: number;
  /** How it fails; `kill` ends the process before the operation. */
  readonly how: 'kill' | 'ENOSPC' | 'EIO' | 'EROFS';
  /** The fault lasts as long as this file is there; for ever where it is not given. */
  readonly while?: string;
}

let library: string | null | undefined;

/** Why no file system can be made to fail here; null where one can. */
export function cannotFail(): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  return compiled() === null ? 'needs a C compiler' : null;
}

/** The library that makes files fail, compiled once; null where there is no compiler. */
function compiled(): string | null {
  if (library !== undefined) return library;
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-faults-'));
  const path = join(folder, 'failing-files.so');
  const source = packagePath('test', 'faults', 'failing-files.c');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', path, source, '-ldl'], { stdio: 'pipe' });
    library = path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    library = null;
  }
  return library;
}

/** Removes what was compiled; to be called when a campaign is over. */
export function removeCompiled(): void {
  if (library) rmSync(dirname(library), { recursive: true, force: true });
  library = undefined;
}

/** The environment of a process whose files fail. The number of operations so far is kept in the file `count`. */
export function failingFiles({ files, on, at, how, while: lasts }: Failing, count: string): Record<string, string> {
  writeFileSync(count, Buffer.alloc(8));
  return {
    LD_PRELOAD: compiled()!,
    FAULT_FILES: files,
    FAULT_ON: on,
    FAULT_AT: String(at),
    FAULT_ERRNO: String(how === 'kill' ? 0 : constants.errno[how as 'EIO']),
    FAULT_COUNT: count,
    ...(lasts === undefined ? {} : { FAULT_WHILE: lasts }),
  };
}

/** How many operations a process has come to. */
export function operations(count: string): number {
  return Number(readFileSync(count).readBigInt64LE());
}
