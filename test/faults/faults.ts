import type { Fault } from './fault.ts';
import { replaced, restored, walDeleted } from './tried/another-history.ts';
import { anyBytes } from './tried/any-bytes.ts';
import { anyChanges, anyTelemetryRows, anyValues } from './tried/any-rows.ts';
import { clockSteps, clockUnderLease } from './tried/clock.ts';
import { truncated, walAlone } from './tried/database-gone.ts';
import { fullWhileRebuilding, fullWhileTailing } from './tried/disk-full.ts';
import { exclusiveLock } from './tried/exclusive-lock.ts';
import { installationKilled } from './tried/installation-killed.ts';
import { killedAtRandom, killedWhileRebuilding, killedWhileReplacing, killedWhileTailing } from './tried/killed.ts';
import { farBehind, manyRowsASecond } from './tried/many-rows.ts';
import { failingDisk, unreadableAnswers, unreadableHost, unreadableOurs } from './tried/read-errors.ts';
import { readOnlyWhileWriting } from './tried/read-only.ts';
import { schemaUpgraded } from './tried/schema-upgraded.ts';
import { startedAtOnce, twoInstances } from './tried/two-instances.ts';

/** Every fault that a campaign tries, in the order of the page. */
export const FAULTS: readonly Fault[] = [
  killedWhileRebuilding,
  killedWhileReplacing,
  killedWhileTailing,
  killedAtRandom,
  installationKilled,
  fullWhileRebuilding,
  fullWhileTailing,
  unreadableHost,
  unreadableOurs,
  failingDisk,
  unreadableAnswers,
  readOnlyWhileWriting,
  replaced,
  restored,
  walDeleted,
  truncated,
  walAlone,
  schemaUpgraded,
  exclusiveLock,
  clockSteps,
  clockUnderLease,
  twoInstances,
  startedAtOnce,
  manyRowsASecond,
  farBehind,
  anyBytes,
  anyChanges,
  anyTelemetryRows,
  anyValues,
];
