import { describe, expect, test } from 'vitest';
import { requireSameMachine, withSeen, type FirstSeen } from '../../../../electron/core/region/node-identity.ts';
import { problemOf, type Problem } from '../../../../shared/problems.ts';

const ed25519 = { type: 'ssh-ed25519', fingerprint: 'SHA256:e1' };
const nothing = { machineId: null, hostKey: null, serial: null };
const seen: FirstSeen = { machineId: 'm1', hostKey: ed25519, serial: 's1' };

function refusal(...check: Parameters<typeof requireSameMachine>): Problem | undefined {
  try {
    requireSameMachine(...check);
  } catch (error) {
    return problemOf(error);
  }
  return undefined;
}

describe('R12: who answers is', () => {
  test('the node when it is as the cluster has recorded it, whatever this laptop saw before', () => {
    const recorded = { machineId: 'm2', hostKey: 'SHA256:e2', serial: 's2' };
    const shown = { hostKey: { ...ed25519, fingerprint: 'SHA256:e2' }, system: { machineId: 'm2', serial: 's2' } };
    expect(refusal('c2', recorded, seen, shown)).toBeUndefined();
  });

  test.each([
    [
      'machine-id',
      { hostKey: ed25519, system: { machineId: 'm9', serial: 's1' } },
      'its machine-id is m9, recorded was m1',
    ],
    [
      'serial',
      { hostKey: ed25519, system: { machineId: 'm1', serial: 's9' } },
      'its serial number is s9, recorded was s1',
    ],
    [
      'host key',
      { hostKey: { type: 'ssh-ed25519', fingerprint: 'SHA256:e9' } },
      'its host key is SHA256:e9, recorded was SHA256:e1',
    ],
  ])('another machine when its %s is another than the recorded, and than the first seen', (_what, shown, words) => {
    const message = `c2 is frozen: another machine answers under this name: ${words}.`;
    const recorded = { machineId: 'm1', hostKey: 'SHA256:e1', serial: 's1' };
    for (const problem of [refusal('c2', recorded, nothing, shown), refusal('c2', nothing, seen, shown)]) {
      expect(problem).toMatchObject({ code: 'node-identity-changed', message });
    }
  });

  test('the node when the cluster has recorded another machine for it since this laptop saw the old one', () => {
    const recorded = { machineId: 'm2', hostKey: 'ssh-ed25519 SHA256:e2', serial: null };
    const shown = { hostKey: { ...ed25519, fingerprint: 'SHA256:e2' }, system: { machineId: 'm2', serial: 's2' } };
    expect(refusal('c2', recorded, seen, shown)).toBeUndefined();
    expect(withSeen(seen, shown)).toEqual({ machineId: 'm2', hostKey: shown.hostKey, serial: 's2' });
    const old = { hostKey: ed25519, system: { machineId: 'm1', serial: 's1' } };
    expect(refusal('c2', recorded, seen, old)?.message).toContain('its machine-id is m1, recorded was m2');
  });

  test('compared by a recorded host key within its type only', () => {
    const recorded = { machineId: 'm1', hostKey: 'ssh-ed25519 SHA256:e1', serial: null };
    const rsa = { type: 'ssh-rsa', fingerprint: 'SHA256:r' };
    expect(refusal('c2', recorded, nothing, { hostKey: rsa })).toBeUndefined();
    expect(refusal('c2', recorded, nothing, { hostKey: ed25519 })).toBeUndefined();
    const other = { ...ed25519, fingerprint: 'SHA256:e9' };
    expect(refusal('c2', recorded, nothing, { hostKey: other })?.message).toContain(
      'its host key is SHA256:e9, recorded was SHA256:e1',
    );
  });

  test('not doubted for what was not read, nor for a host key of another type', () => {
    expect(refusal('c2', nothing, seen, { hostKey: ed25519 })).toBeUndefined();
    expect(
      refusal('c2', nothing, nothing, { hostKey: ed25519, system: { machineId: 'm9', serial: null } }),
    ).toBeUndefined();
    const rsa = { type: 'ssh-rsa', fingerprint: 'SHA256:r' };
    expect(refusal('c2', nothing, seen, { hostKey: rsa, system: { machineId: 'm1', serial: 's1' } })).toBeUndefined();
  });
});

test('R12: what was seen first stays; what was missing is added', () => {
  expect(withSeen({ ...seen, serial: null }, { hostKey: { type: 'ssh-rsa', fingerprint: 'SHA256:r' } })).toEqual({
    ...seen,
    serial: null,
  });
  expect(withSeen(nothing, { hostKey: ed25519, system: { machineId: 'm1', serial: 's1' } })).toEqual(seen);
});
