import type { TestContext } from 'vitest';
import type { NewRegion } from '../../../shared/contract/regions.ts';
import type { RegionId } from '../../../shared/model/ids.ts';
import type { LoginSettings } from '../../../shared/model/region.ts';
import { problemOf, type Problem, type ProblemCode } from '../../../shared/problems.ts';
import { knownHostName } from '../../../electron/core/ssh/target-names.ts';
import {
  newRing,
  startReplayedNode,
  whyNoReplay,
  type ReplayedNode,
  type ReplayOptions,
  type Ring,
} from '../../helpers/replayed-node.ts';
import { regionOf, runApp, type RunningApp } from '../../helpers/running-app.ts';
import type { Sshd } from '../../helpers/sshd.ts';

export const cannot = whyNoReplay();
export const skipped = cannot === undefined ? '' : ` (skipped: ${cannot})`;

/** Nodes of the captured region, on a ring of this test; closed with it. */
export async function nodes(
  { onTestFinished }: TestContext,
  ...wanted: readonly (string | Omit<ReplayOptions, 'ring'>)[]
): Promise<{ readonly ring: Ring; readonly all: readonly ReplayedNode[]; readonly first: ReplayedNode }> {
  const ring = await newRing();
  const all = await Promise.all(
    wanted.map(async (one) => {
      const node = await startReplayedNode({ ring, ...(typeof one === 'string' ? { name: one } : one) });
      onTestFinished(() => node.close());
      return node;
    }),
  );
  const [first] = all;
  if (first === undefined) throw new Error('at least one node is wanted');
  return { ring, all, first };
}

export const keyLogin = (sshd: Sshd): LoginSettings => ({
  user: sshd.user,
  port: sshd.port,
  methods: [{ kind: 'private-key', keyFile: sshd.keyFile }],
});

/** The program, closed with the test, at a quick pace. */
export async function app(
  { onTestFinished }: TestContext,
  options?: Parameters<typeof runApp>[0],
): Promise<RunningApp> {
  const running = await runApp(options);
  onTestFinished(() => running.close());
  await running.call('settings.set', { fastIntervalMs: 1000, clusterIntervalMs: 1000 });
  return running;
}

/** Trusts the daemon's keys at its address, as a person who has confirmed them. */
export async function trust(running: RunningApp, ...daemons: readonly Sshd[]): Promise<void> {
  await running.call('knownHosts.trust', {
    keys: daemons.flatMap((daemon) =>
      daemon.hostKeys.map(({ keyBase64 }) => ({ host: knownHostName(daemon.address, daemon.port), keyBase64 })),
    ),
  });
}

/** Adds the region and opens it. */
export async function open(
  running: RunningApp,
  region: Partial<NewRegion> & Pick<NewRegion, 'login' | 'seeds'>,
): Promise<RegionId> {
  const { id } = await running.call('regions.add', regionOf(region));
  await running.call('regions.open', { regionId: id });
  return id;
}

export const seedOf = ({ address, port }: ReplayedNode) => ({ host: address, port });

/** Waits until the region is live, and answers what is then shown. */
export const live = (running: RunningApp, id: RegionId) =>
  running.until(id, 'live', ({ region }) => region.connection.kind === 'live');

/** Waits until the region is offline with a problem of this code, and answers the problem and what is then shown. */
export async function offline(running: RunningApp, id: RegionId, code: ProblemCode) {
  const snapshot = await running.until(
    id,
    `offline with ${code}`,
    ({ region: { connection } }) => connection.kind === 'offline' && connection.problem.code === code,
  );
  const { connection } = snapshot.region;
  if (connection.kind !== 'offline') throw new Error('it was offline a moment ago');
  return { snapshot, problem: connection.problem, nextTryAt: connection.nextTryAt };
}

/** Waits until the node's fast and slow values are there. */
export const read = (running: RunningApp, id: RegionId, name: string) =>
  running.until(id, `read on ${name}`, ({ nodes: rows }) =>
    rows.some(
      ({ hostname, cpuPercent, storageBytes }) =>
        hostname === name && cpuPercent.kind === 'known' && storageBytes.kind === 'known',
    ),
  );

/** Waits until the node waits for a person with a problem of this code. */
export async function asks(running: RunningApp, id: RegionId, about: string, code: ProblemCode) {
  const snapshot = await running.until(id, `asking ${code} about ${about}`, ({ region }) =>
    region.questions.some((question) => question.about === about && question.problem.code === code),
  );
  const question = snapshot.region.questions.find((one) => one.about === about);
  if (question === undefined) throw new Error('it was asked a moment ago');
  return { snapshot, problem: question.problem };
}

/** The problem that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<Problem> {
  const error: unknown = await call.then(
    () => new Error('a problem was expected, but it worked'),
    (thrown: unknown) => thrown,
  );
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  return problem;
}
