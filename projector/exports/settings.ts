import { readFileSync } from 'node:fs';
import { EVENTS } from '../../projections/vocabulary.ts';
import { EXIT, ProjectorError } from '../errors.ts';
import { remotesOf } from '../remote.ts';
import { ALLOWLIST } from './allowlist.ts';
import { firstThatIsNoHeader } from './headers.ts';

export const PROTOCOLS = ['http/json', 'http/protobuf'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const COMPRESSIONS = ['none', 'gzip'] as const;
type Compression = (typeof COMPRESSIONS)[number];

const SIGNALS = ['METRICS', 'LOGS'] as const;
export type Signal = (typeof SIGNALS)[number];

/** Where a signal of OTLP goes to. */
export interface OtlpSettings {
  readonly signal: Signal;
  readonly url: string;
  readonly protocol: Protocol;
  readonly compression: Compression;
  readonly certificates: Certificates;
}

/** What a TLS connection is made with, in PEM format; `ca` alone is trusted then, instead of those whom Node.js trusts. */
export interface Certificates {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface PostHogSettings {
  readonly key: string;
  readonly host: string;
}

/** What the environment says of exports. */
export interface ExportSettings {
  /** Signals of OTLP that have an endpoint; none where OTLP is off. */
  readonly otlp: readonly OtlpSettings[];
  readonly posthog: PostHogSettings | null;
  /** Whether events of a name are neither sent nor counted. */
  readonly isDisabled: (name: string) => boolean;
  /** From one export of metrics to the next, in milliseconds. */
  readonly metricsEveryMs: number;
}

const METRICS_EVERY_MS = 60_000;

/** A timer that is set to more fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Reads what the environment says of exports, and nothing else: no file can switch anything on. Throws where a value is not what
 * it should be, whoever would come to read it. See docs/exports.md.
 */
export function exportSettingsOf(env: NodeJS.ProcessEnv): ExportSettings {
  const remotes = remotesOf(env);
  return {
    otlp: remotes.includes('otlp') ? otlpOf(env) : [],
    posthog: remotes.includes('posthog') ? posthogOf(env) : null,
    isDisabled: disabledOf(env),
    metricsEveryMs: positive(env, 'OTEL_METRIC_EXPORT_INTERVAL') ?? METRICS_EVERY_MS,
  };
}

function otlpOf(env: NodeJS.ProcessEnv): OtlpSettings[] {
  const signals = SIGNALS.flatMap((signal) => {
    const url = endpointOf(env, signal);
    if (url === null) return [];
    const protocol = ofSignal(env, signal, 'PROTOCOL', PROTOCOLS);
    const compression = ofSignal(env, signal, 'COMPRESSION', COMPRESSIONS);
    return [{ signal, url, protocol, compression, certificates: certificatesOf(env, signal) }];
  });
  if (signals.length === 0) {
    throw invalid('AO_PROJECTOR_REMOTE names otlp, and there is no endpoint.', {
      expected: 'AO_PROJECTOR_OTLP_ENDPOINT, or one of the OTEL_EXPORTER_OTLP_*ENDPOINT variables',
      found: 'none of them',
      remedy: 'Set AO_PROJECTOR_OTLP_ENDPOINT=http://localhost:4318, for instance.',
    });
  }
  checkOtlp(env);
  return signals;
}

/** Paths are added to the general endpoints; one for a signal is taken as it is. */
function endpointOf(env: NodeJS.ProcessEnv, signal: Signal): string | null {
  const path = `v1/${signal.toLowerCase()}`;
  const ours = urlOf(env, 'AO_PROJECTOR_OTLP_ENDPOINT');
  if (ours) return within(ours, path);
  const ofSignal = urlOf(env, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`);
  if (ofSignal) return ofSignal.href;
  const general = urlOf(env, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  return general && within(general, path);
}

function within(url: URL, path: string): string {
  const found = new URL(url);
  found.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return found.href;
}

/** A word for a signal, or else for all; the first of those that there are where neither is said. */
function ofSignal<const Word extends string>(
  env: NodeJS.ProcessEnv,
  signal: Signal,
  what: string,
  words: readonly [Word, ...Word[]],
): Word {
  const names = [`OTEL_EXPORTER_OTLP_${signal}_${what}`, `OTEL_EXPORTER_OTLP_${what}`];
  const name = names.find((one) => said(env, one) !== undefined);
  return name === undefined ? words[0] : oneOf(env, name, words);
}

function certificatesOf(env: NodeJS.ProcessEnv, signal: Signal): Certificates {
  const read = (what: string) =>
    contentOf(env, `OTEL_EXPORTER_OTLP_${signal}_${what}`) ?? contentOf(env, `OTEL_EXPORTER_OTLP_${what}`);
  const found = { ca: read('CERTIFICATE'), cert: read('CLIENT_CERTIFICATE'), key: read('CLIENT_KEY') };
  return Object.fromEntries(Object.entries(found).filter(([, content]) => content !== null));
}

/** What OpenTelemetry's own reader of these variables would pass over with a warning that nobody sees. */
function checkOtlp(env: NodeJS.ProcessEnv): void {
  for (const signal of ['', 'METRICS_', 'LOGS_']) {
    const name = (what: string) => `OTEL_EXPORTER_OTLP_${signal}${what}`;
    positive(env, name('TIMEOUT'));
    checkHeaders(env, name('HEADERS'));
  }
  const temporality = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
  if (said(env, temporality) !== undefined) oneOf(env, temporality, ['cumulative', 'delta', 'lowmemory']);
}

function checkHeaders(env: NodeJS.ProcessEnv, name: string): void {
  const place = firstThatIsNoHeader(env[name] ?? '');
  if (place === null) return;
  throw invalid(`${name} holds something that is no header.`, {
    expected: 'name=value, with a comma between two, and characters such as , and ; as %2C and %3B',
    // What stands there may be a key.
    found: `another thing at place ${place}`,
    remedy: `Set ${name}=api-key=abc, for instance.`,
  });
}

function posthogOf(env: NodeJS.ProcessEnv): PostHogSettings {
  const key = said(env, 'AO_PROJECTOR_POSTHOG_KEY');
  const host = urlOf(env, 'AO_PROJECTOR_POSTHOG_HOST');
  if (key && host) return { key, host: host.href.replace(/\/$/, '') };
  throw invalid('AO_PROJECTOR_REMOTE names posthog, and it is not said where that is.', {
    expected: 'AO_PROJECTOR_POSTHOG_KEY, the key of a project, and AO_PROJECTOR_POSTHOG_HOST',
    found: [key ? 'the key' : 'no key', host ? 'the host' : 'no host'].join(', '),
    remedy: 'Set both; the host is https://eu.i.posthog.com, for instance.',
  });
}

function disabledOf(env: NodeJS.ProcessEnv): (name: string) => boolean {
  const variable = 'AO_PROJECTOR_DISABLED_EVENTS';
  const patterns = (env[variable] ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const tests = patterns.map((pattern) => {
    const prefix = pattern.endsWith('*') ? pattern.slice(0, -1) : null;
    const test = (name: string) => (prefix === null ? name === pattern : name.startsWith(prefix));
    if (Object.keys(ALLOWLIST).some(test)) return test;
    throw invalid(`${variable} names an event that there is none of.`, {
      expected: `names such as ${EVENTS.merged.name}, or the beginning of some with a * behind it`,
      found: JSON.stringify(pattern),
      remedy: 'See docs/events.md for the names.',
    });
  });
  return (name) => tests.some((test) => test(name));
}

function said(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function urlOf(env: NodeJS.ProcessEnv, name: string): URL | null {
  const text = said(env, name);
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw invalid(`${name} is no address.`, {
    expected: 'an address that begins with http:// or https://',
    found: JSON.stringify(text),
    remedy: `Set ${name}=http://localhost:4318, for instance.`,
  });
}

function oneOf<const Word extends string>(env: NodeJS.ProcessEnv, name: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === said(env, name)?.toLowerCase());
  if (word !== undefined) return word;
  throw invalid(`${name} has a value that cannot be followed.`, {
    expected: words.join(', '),
    found: JSON.stringify(env[name]),
    remedy: `Set ${name}=${words[0]}, or unset it.`,
  });
}

function positive(env: NodeJS.ProcessEnv, name: string): number | null {
  const text = said(env, name);
  if (text === undefined) return null;
  if (/^\d+$/.test(text) && Number(text) > 0 && Number(text) <= LONGEST_MS) return Number(text);
  throw invalid(`${name} is no span of time.`, {
    expected: `milliseconds, as a whole number from 1 to ${LONGEST_MS}`,
    found: JSON.stringify(text),
    remedy: `Set ${name}=10000, for instance, or unset it.`,
  });
}

/** What stands in the file that a variable names; null where it names none. */
function contentOf(env: NodeJS.ProcessEnv, name: string): Buffer | null {
  const path = said(env, name);
  if (path === undefined) return null;
  let found = 'another format';
  try {
    const content = readFileSync(path);
    if (content.includes('-----BEGIN ')) return content;
  } catch (error) {
    found = (error as Error).message;
  }
  throw invalid(`${name} names a file that cannot be read.`, {
    expected: 'a file in PEM format',
    found,
    remedy: 'Correct the path, or unset the variable.',
  });
}

function invalid(message: string, rest: Pick<ProjectorError, 'expected' | 'found' | 'remedy'>): ProjectorError {
  return new ProjectorError({ code: 'export_setting_invalid', message, ...rest }, EXIT.usage);
}
