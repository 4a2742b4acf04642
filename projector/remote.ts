import { EXIT, ProjectorError } from './errors.ts';

/** Where derived events and metrics may be sent to. */
export const REMOTES = ['otlp', 'posthog'] as const;
export type Remote = (typeof REMOTES)[number];

const OFF = 'off';
const TRACK = ['', '0', 'false', 'no', 'off'];

/**
 * What `AO_PROJECTOR_REMOTE` switches on, in the order of {@link REMOTES}; nothing where `DO_NOT_TRACK` is set. Throws where it
 * names anything else.
 *
 * @internal
 */
export function remotesOf(env: NodeJS.ProcessEnv): readonly Remote[] {
  const words = (env.AO_PROJECTOR_REMOTE ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter(Boolean);
  const known: readonly string[] = REMOTES;
  if (!words.every((word) => known.includes(word)) && !(words.length === 1 && words[0] === OFF)) {
    throw new ProjectorError(
      {
        code: 'switch_invalid',
        message: 'AO_PROJECTOR_REMOTE names something that nothing can be sent to.',
        expected: `${OFF}, or ${REMOTES.join(', ')} or both with a comma between`,
        found: JSON.stringify(env.AO_PROJECTOR_REMOTE),
        remedy: 'Set AO_PROJECTOR_REMOTE=otlp, for instance, or unset it.',
      },
      EXIT.usage,
    );
  }
  if (!TRACK.includes((env.DO_NOT_TRACK ?? '').trim().toLowerCase())) return [];
  return REMOTES.filter((remote) => words.includes(remote));
}

/** As a status prints it. */
export function remoteWord(remotes: readonly Remote[]): string {
  return remotes.join(',') || OFF;
}
