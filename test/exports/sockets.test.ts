import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagePath } from '../../projector/store/paths.ts';
import { withFolder } from '../support/temporary.ts';
import { Receiver } from './receiver.ts';

const PRELOAD = packagePath('test', 'exports', 'sockets.cjs');

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
});
afterAll(() => receiver.close());

interface Watched {
  readonly lines: readonly string[];
  readonly stdout: string;
}

/** What a process of the source says, and the lines that it leaves. `PORT` stands for that of the receiver in both. */
function watch(source: string, inputType: 'commonjs' | 'module' = 'commonjs'): Promise<Watched> {
  return withFolder(async (folder) => {
    const file = join(folder, 'sockets');
    const env = { PATH: process.env.PATH, AO_TEST_SOCKETS: file, NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}` };
    const program = source.replaceAll('PORT', String(receiver.port));
    const args = [`--input-type=${inputType}`, '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: folder });
    const lines = readFileSync(file, 'utf8').replaceAll(String(receiver.port), 'PORT').split('\n').slice(0, -1);
    return { lines, stdout };
  });
}

const SEND = 'const s = require("dgram").createSocket("udp4"); s.send("x", PORT, "127.0.0.1", () => s.close());';

test.each([
  [
    'fetch',
    'fetch("http://127.0.0.1:PORT/v1/logs")',
    ['fetch http://127.0.0.1:PORT/v1/logs', 'connect 127.0.0.1 PORT'],
  ],
  [
    'fetch of a Request',
    'fetch(new Request("http://127.0.0.1:PORT/"))',
    ['fetch http://127.0.0.1:PORT/', 'connect 127.0.0.1 PORT'],
  ],
  ['net.connect', 'require("net").connect(PORT, "127.0.0.1").end()', ['connect 127.0.0.1 PORT']],
  [
    'net.connect to a name',
    'require("net").connect(PORT, "localhost").end()',
    ['connect localhost PORT', 'dns.lookup localhost'],
  ],
  [
    'a socket that connects itself',
    'new (require("net").Socket)().connect(PORT, "127.0.0.1").end()',
    ['connect PORT 127.0.0.1'],
  ],
  ['tls.connect', 'require("tls").connect(PORT, "127.0.0.1").on("error", () => {})', ['connect 127.0.0.1 PORT']],
  [
    'http.get',
    'require("http").get("http://127.0.0.1:PORT/").end()',
    ['http.get http://127.0.0.1:PORT/', 'connect 127.0.0.1 PORT'],
  ],
  [
    'http.request',
    'require("http").request({ host: "127.0.0.1", port: PORT }).end()',
    ['http.request 127.0.0.1 PORT', 'connect 127.0.0.1 PORT'],
  ],
  [
    'https.request',
    'require("https").request(new URL("https://127.0.0.1:PORT")).on("error", () => {}).end()',
    ['https.request https://127.0.0.1:PORT/', 'connect 127.0.0.1 PORT'],
  ],
  ['http2.connect', 'require("http2").connect("http://127.0.0.1:PORT").destroy()', ['connect 127.0.0.1 PORT']],
  ['dns.lookup', 'require("dns").lookup("localhost", () => {})', ['dns.lookup localhost']],
  ['dns.lookup promisified', 'require("util").promisify(require("dns").lookup)("localhost")', ['dns.lookup localhost']],
  ['lookup of dns/promises', 'require("dns/promises").lookup("localhost")', ['dns.lookup localhost']],
  [
    'dns.resolve4',
    'const dns = require("dns"); dns.setServers(["127.0.0.1:PORT"]); dns.resolve4("localhost", () => {})',
    ['dns.resolve4 localhost'],
  ],
  [
    'a resolver',
    'const r = new (require("dns").promises.Resolver)(); r.setServers(["127.0.0.1:PORT"]); r.resolveMx("x").catch(() => {})',
    ['dns.resolveMx x'],
  ],
  ['dgram.send', SEND, ['dgram.send PORT 127.0.0.1']],
  [
    'net.createServer',
    'const s = require("net").createServer().listen(0, "127.0.0.1", () => s.close())',
    ['listen 0 127.0.0.1'],
  ],
])('%s is recorded', async (_, source, lines) => {
  expect((await watch(source)).lines).toEqual(expect.arrayContaining(lines));
});

test('what a child process sends is recorded', async () => {
  const source = `require('child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(SEND)}], { stdio: 'inherit' })`;
  expect((await watch(source)).lines).toContain('dgram.send PORT 127.0.0.1');
});

test('what a worker thread sends is recorded', async () => {
  const source = `new (require('worker_threads').Worker)(${JSON.stringify(SEND)}, { eval: true })`;
  expect((await watch(source)).lines).toContain('dgram.send PORT 127.0.0.1');
});

test('what a module calls by a name that it imports is recorded', async () => {
  const source =
    'import { lookup } from "node:dns"; import { get } from "node:http"; lookup("localhost", () => {}); get("http://127.0.0.1:PORT/");';
  const { lines } = await watch(source, 'module');
  expect(lines).toEqual(['dns.lookup localhost', 'http.get http://127.0.0.1:PORT/', 'connect 127.0.0.1 PORT']);
});

test('nothing is recorded of files, of child processes with their pipes and of threads', async () => {
  const source = `
    const { exec, fork } = require('child_process');
    const { readFileSync, writeFileSync } = require('fs');
    const { Worker } = require('worker_threads');
    writeFileSync('child.js', 'process.send(require("fs").readFileSync(0, "utf8")); process.disconnect(); console.log("from the child");');
    const child = fork('child.js', { silent: true });
    child.stdin.end('written to stdin');
    child.stdout.pipe(process.stdout);
    child.on('message', (message) => writeFileSync('heard', message));
    child.on('close', () => exec('cat heard', (error, heard) => console.log(heard)));
    new Worker('require("worker_threads").parentPort.postMessage("from the thread")', { eval: true }).on('message', console.log);
  `;
  const { lines, stdout } = await watch(source);
  expect(lines).toEqual([]);
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['from the child', 'from the thread', 'written to stdin']));
});
