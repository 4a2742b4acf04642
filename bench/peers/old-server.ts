import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/free-port.ts';

const PROGRAM = '/usr/sbin/clickhouse-server';

/** Whether the server that Debian packages (`apt-get install clickhouse-server`, version 18.16) is there. */
export const hasOldServer = existsSync(PROGRAM);

export interface OldServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the server on loopback, in a folder of its own. */
export async function startOldServer(): Promise<OldServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ao-clickhouse-'));
  const port = await freePort();
  writeFileSync(join(folder, 'config.xml'), config(folder, port));
  writeFileSync(join(folder, 'users.xml'), USERS);
  const child = spawn(PROGRAM, [`--config-file=${join(folder, 'config.xml')}`], { stdio: 'ignore' });
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (await answers(url)) return { url, stop };
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`Expected ${PROGRAM} to start, but it ended with ${child.exitCode}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function config(folder: string, port: number): string {
  return `<yandex>
    <logger><level>none</level><console>1</console></logger>
    <http_port>${port}</http_port>
    <listen_host>127.0.0.1</listen_host>
    <path>${folder}/data/</path>
    <tmp_path>${folder}/data/tmp/</tmp_path>
    <mark_cache_size>100000000</mark_cache_size>
    <users_config>users.xml</users_config>
    <default_profile>default</default_profile>
    <default_database>default</default_database>
  </yandex>`;
}

const USERS = `<yandex>
  <profiles><default/></profiles>
  <users><default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <quotas><default/></quotas>
</yandex>`;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).ok;
  } catch {
    return false;
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
