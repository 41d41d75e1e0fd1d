import { describe, expect, test } from 'vitest';
import { deriveStatus } from '../../../../electron/core/lifecycle/derive-status.ts';
import { clusterFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { BelievedFacts, HostFacts } from '../../../../electron/core/lifecycle/facts.ts';
import type { ClusterAnswer } from '../../../../shared/model/cluster.ts';
import { known } from '../../../../shared/model/reading.ts';
import { answerOf } from '../cluster/capture.ts';
import { healthyHost, silentHost } from './replay.ts';
import { noon, watch, withNode } from './situations.ts';

const healthy = answerOf('healthy/lab-c1');
const maintained = answerOf('in-maintenance/lab-c1');

describe('settling', () => {
  const unclean = withNode(healthy, 'lab-c3', { isOnline: false, isUnclean: true });
  const offline = withNode(healthy, 'lab-c3', { isOnline: false });
  const before = watch(healthy, 'lab-c3').memory;
  const status = (answer: ClusterAnswer, options: object) =>
    watch(answer, 'lab-c3', { before, startAt: noon + 60_000, ...options }).view.status;

  test('unclean and offline must be seen in two samples at least a second apart', () => {
    for (const answer of [unclean, offline]) {
      expect(status(answer, { times: 1 })).toBe('active');
      expect(status(answer, { times: 4, everyMs: 300 })).toBe('active');
      expect(status(answer, { times: 2, everyMs: 1000 })).toBe('failed');
    }
  });

  test('the same answer derived twice is one sample', () => {
    expect(status(unclean, { times: 5, everyMs: 0 })).toBe('active');
  });

  test('a good sample in between begins it anew', () => {
    const once = watch(unclean, 'lab-c3', { before, startAt: noon + 60_000, times: 1 }).memory;
    const well = watch(healthy, 'lab-c3', { before: once, startAt: noon + 62_000, times: 1 }).memory;
    expect(watch(unclean, 'lab-c3', { before: well, startAt: noon + 64_000, times: 1 }).view.status).toBe('active');
  });

  test('what was seen before our own write settles nothing after it', () => {
    const once = watch(unclean, 'lab-c3', { before, startAt: noon + 60_000, times: 1 }).memory;
    const cluster = { ...watchFacts(unclean), readAt: noon + 62_000 };
    const judge = (ownWriteAt: number | null) =>
      deriveStatus(once, { cluster, host: silentHost(noon), ownWriteAt }, noon + 62_000).view.status;
    expect([judge(null), judge(noon + 61_000)]).toEqual(['failed', 'active']);
  });

  test('libvirt down must be seen in two looks at the node at least a second apart, however often the cluster is read', () => {
    const look = (libvirt: 'answers' | 'down', afterMs: number): HostFacts => {
      const at = noon + 60_000 + afterMs;
      return { ...healthyHost(at), libvirt: known(libvirt, at, 5000) };
    };
    const after = (...looks: readonly HostFacts[]) =>
      status(healthy, { times: looks.length, everyMs: 1000, host: (at: number) => looks[(at - noon - 60_000) / 1000] });
    expect(after(look('down', 0), look('down', 0), look('down', 0))).toBe('active');
    expect(after(look('down', 0), look('down', 300), look('down', 900))).toBe('active');
    expect(after(look('down', 0), look('answers', 1000), look('down', 2000))).toBe('active');
    expect(after(look('down', 0), look('down', 1000))).toBe('failed');
  });

  test('at the very first sight one sample is shown as not proven', () => {
    expect(watch(unclean, 'lab-c3', { times: 1 }).view).toMatchObject({
      status: 'failed',
      unknownSince: noon,
      readAt: null,
    });
    expect(watch(maintained, 'lab-c2', { times: 1 }).view).toMatchObject({
      status: 'in-maintenance',
      unknownSince: noon,
    });
  });
});

function watchFacts(answer: ClusterAnswer): BelievedFacts {
  const facts = clusterFacts(answer, { kind: 'member', name: 'lab-c3' });
  if (facts.kind !== 'believed') throw new Error(facts.because);
  return facts;
}
