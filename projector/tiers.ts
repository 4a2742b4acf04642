import { EXIT, ProjectorError } from './errors.ts';
import { type Remote, remotesOf } from './remote.ts';

/** What may be kept on this machine and sent from it, as the environment says. */
export interface Tiers {
  /** Derived tables with hashed subjects. */
  readonly metrics: boolean;
  /** Also the identity table, so that lists and timelines show raw ids locally. Implies `metrics`. */
  readonly events: boolean;
  /** Where any of it may be sent to. */
  readonly remote: readonly Remote[];
}

const ON = ['on', 'true', '1', 'yes'];
const OFF = ['off', 'false', '0', 'no', ''];

/**
 * Reads the daemon's own switches; any word that the daemon would refuse is refused here too.
 *
 * @internal
 */
export function tiersOf(env: NodeJS.ProcessEnv): Tiers {
  const events = isOn(env, 'AO_TELEMETRY_EVENTS');
  return { metrics: isOn(env, 'AO_TELEMETRY_METRICS') || events, events, remote: remotesOf(env) };
}

/**
 * Whether a switch is on; throws where its value is neither on nor off.
 *
 * @internal
 */
export function isOn(env: NodeJS.ProcessEnv, name: string): boolean {
  const word = (env[name] ?? '').trim().toLowerCase();
  if (ON.includes(word)) return true;
  if (OFF.includes(word)) return false;
  throw new ProjectorError(
    {
      code: 'switch_invalid',
      message: `${name} has a value that is neither on nor off.`,
      expected: [...ON, ...OFF.filter(Boolean)].join(', '),
      found: JSON.stringify(env[name]),
      remedy: `Set ${name}=on, or unset it.`,
    },
    EXIT.usage,
  );
}
