import { withFolder } from '../support/temporary.ts';
import { Backend } from './backend.ts';
import { ExportedInstall, type InstallOptions } from './exported-install.ts';

const TEMPORALITY = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';

/** Everything is sent to one address. */
export function everythingTo(url: string): Record<string, string> {
  return {
    AO_PROJECTOR_REMOTE: 'otlp,posthog',
    AO_PROJECTOR_OTLP_ENDPOINT: url,
    AO_PROJECTOR_POSTHOG_KEY: 'phc_test',
    AO_PROJECTOR_POSTHOG_HOST: url,
  };
}

/**
 * A machine and a backend that it sends everything to, unless an environment says otherwise. Nothing has happened on it yet, and
 * its clock is never corrected, unless that is asked for.
 */
export async function withInstall(
  { env, ...options }: Partial<InstallOptions>,
  use: (install: ExportedInstall, backend: Backend) => Promise<void>,
): Promise<void> {
  const backend = await Backend.start();
  const defaults = { seed: 1, version: 82, triggers: false, even: true, events: true, stepsBefore: 0 };
  try {
    await withFolder(async (folder) => {
      const install = new ExportedInstall(folder, {
        ...{ ...defaults, ...options },
        env: { ...everythingTo(backend.url), ...env },
      });
      try {
        await use(install, backend);
      } finally {
        install.close();
      }
    });
  } finally {
    await backend.down();
  }
}

/** OpenTelemetry's own reader takes the temporality from the environment of the process. */
export async function withTemporality(temporality: string, use: () => Promise<void>): Promise<void> {
  const before = process.env[TEMPORALITY];
  process.env[TEMPORALITY] = temporality;
  try {
    await use();
  } finally {
    if (before === undefined) delete process.env[TEMPORALITY];
    else process.env[TEMPORALITY] = before;
  }
}
