/**
 * For `node --require`: adds a line to the file that AO_TEST_SOCKETS names for each attempt of the process to open a socket
 * or to resolve a name, such as `connect 127.0.0.1 4318`, and lets it go on. The file is there once this has been loaded, so
 * an empty one means that nothing was attempted. Given in NODE_OPTIONS it is loaded by worker threads and child processes too.
 */
const dgram = require('node:dgram');
const dns = require('node:dns');
const { appendFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');

const file = process.env.AO_TEST_SOCKETS;
appendFileSync(file, '');

// Whatever connects over TCP or TLS comes by here. Pipes and IPC of child processes are handed over open, and do not.
watch(net.Socket.prototype, 'connect');
watch(net.Server.prototype, 'listen');
watch(dgram.Socket.prototype, 'bind', 'dgram.bind');
watch(dgram.Socket.prototype, 'connect', 'dgram.connect');
watch(dgram.Socket.prototype, 'send', 'dgram.send', ([_message, ...rest]) => rest);
for (const names of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
  for (const name of Object.keys(names)) if (/^(lookup|resolve|reverse)/.test(name)) watch(names, name, `dns.${name}`);
for (const [protocol, requests] of Object.entries({ http, https }))
  for (const name of ['request', 'get']) watch(requests, name, `${protocol}.${name}`);
watch(globalThis, 'fetch');
// Else `import { lookup } from 'node:dns'` would give what was there before.
syncBuiltinESMExports();

/** A proxy keeps what hangs on a function, such as how it is promisified. */
function watch(owner, name, label = name, where = (args) => args) {
  owner[name] = new Proxy(owner[name], {
    apply(call, self, args) {
      appendFileSync(file, `${[label, ...where(args).flatMap(target)].join(' ')}\n`);
      return Reflect.apply(call, self, args);
    },
  });
}

/** What an argument says of where a call goes: numbers, texts, addresses, and those parts of options. */
function target(argument) {
  if (typeof argument === 'string' || typeof argument === 'number') return [argument];
  if (Array.isArray(argument)) return argument.flatMap(target);
  if (argument instanceof URL) return [argument.href];
  if (argument === null || typeof argument !== 'object') return [];
  return [argument.hostname ?? argument.host ?? argument.address, argument.port, argument.path, argument.url].flatMap(
    target,
  );
}
