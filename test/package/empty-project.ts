import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packagePath } from '../../projector/store/paths.ts';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * An empty project in which a tarball of this package stands as npm lays it out. Its declared dependencies, and no other package,
 * are links to those that are installed here, because one of them takes minutes to compile.
 */
export class EmptyProject {
  readonly folder: string;
  /** Where the package stands in it. */
  readonly installed: string;
  /** What the tarball holds, as paths in the package. */
  readonly files: readonly string[];
  readonly manifest: Manifest;

  /** Packs what was built last. */
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'ao-projector-project-'));
    this.installed = join(this.folder, 'node_modules', 'ao-projector');
    this.write('package.json', '{ "type": "module", "private": true }');
    const packed = run(
      'npm',
      ['pack', '--offline', '--ignore-scripts', '--json', '--pack-destination', this.folder],
      packagePath(),
    );
    const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
    this.files = files.map(({ path }) => path);
    mkdirSync(this.installed, { recursive: true });
    run('tar', ['-xzf', join(this.folder, filename), '-C', this.installed, '--strip-components=1'], this.folder);
    this.manifest = JSON.parse(readFileSync(join(this.installed, 'package.json'), 'utf8'));
    for (const name of Object.keys(this.manifest.dependencies)) {
      this.#link(realpathSync(packagePath('node_modules', name)), 'node_modules', name);
    }
    for (const [name, path] of Object.entries(this.manifest.bin)) {
      chmodSync(join(this.installed, path), 0o755);
      this.#link(join(this.installed, path), 'node_modules', '.bin', name);
    }
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Runs a command in the project; throws what it says on stderr where it fails. */
  run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    return run(command, args, this.folder, env).stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #link(target: string, ...at: string[]): void {
    const path = join(this.folder, ...at);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  }
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): SpawnSyncReturns<string> {
  const { PATH = '', HOME = '' } = process.env;
  const ended = spawnSync(command, args, { cwd, encoding: 'utf8', env: { PATH, HOME, ...env } });
  if (ended.error) throw ended.error;
  if (ended.status !== 0)
    throw new Error(`Expected ${command} to end well, got ${ended.status}: ${ended.stdout}${ended.stderr}`);
  return ended;
}
