import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../projector/store/paths.ts';

const MANIFEST = packagePath('test', 'collector', 'manifest.yaml');
const BUILDER = 'go.opentelemetry.io/collector/cmd/builder';

/** Some two minutes on two cores, once what it is made of was downloaded. */
const BUILD_MS = 540_000;

/** Whether there is a `go` on the PATH. */
export const hasGo = spawnSync('go', ['version']).status === 0;

/** Where the collector of the manifest is, once it was built on this machine; null before. */
export function builtCollector(): string | null {
  const program = join(cache(), 'collector');
  return existsSync(program) ? program : null;
}

/** Builds the collector of the manifest, unless it was built before; null without Go. Throws what the builder said. */
export async function buildCollector(): Promise<string | null> {
  if (!hasGo) return null;
  const built = builtCollector();
  if (built) return built;
  const folder = mkdtempSync(join(tmpdir(), 'ao-projector-build-'));
  try {
    await goRun(folder, `${BUILDER}@v${version()}`, '--config', MANIFEST);
    mkdirSync(cache(), { recursive: true });
    // In one step, so that nobody else starts half a program.
    renameSync(join(folder, 'collector'), join(cache(), 'collector'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return builtCollector();
}

function goRun(cwd: string, ...args: readonly string[]): Promise<void> {
  const child = spawn('go', ['run', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: BUILD_MS });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) =>
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`Expected the collector to be built, but go run ${args.join(' ')} said: ${said.slice(-2_000)}`),
        );
    }),
  );
}

/** A manifest that changes is another collector. */
function cache(): string {
  const digest = createHash('sha256').update(readFileSync(MANIFEST)).digest('hex').slice(0, 12);
  return join(tmpdir(), `ao-projector-collector-${version()}-${digest}`);
}

function version(): string {
  return /^ {2}version: (.+)$/m.exec(readFileSync(MANIFEST, 'utf8'))![1]!;
}
