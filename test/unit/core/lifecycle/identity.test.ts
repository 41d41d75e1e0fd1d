import { describe, expect, test } from 'vitest';
import { checkIdentity } from '../../../../electron/core/lifecycle/identity.ts';

const recorded = { machineId: 'm1', hostKey: 'SHA256:k1', serial: 'S1' };

describe('R12: a node is its machine-id, its host key and its DMI serial', () => {
  test('R12: all three as recorded are the same node', () => {
    expect(checkIdentity(recorded, recorded)).toEqual({ kind: 'same' });
  });

  test('R12: each of the three alone freezes every write when it differs, and says which', () => {
    for (const [change, because] of [
      [{ machineId: 'm2' }, 'another machine answers under this name: its machine-id is m2, recorded was m1'],
      [
        { hostKey: 'SHA256:k2' },
        'another machine answers under this name: its host key is SHA256:k2, recorded was SHA256:k1',
      ],
      [{ serial: 'S2' }, 'another machine answers under this name: its serial number is S2, recorded was S1'],
    ] as const)
      expect(checkIdentity(recorded, { ...recorded, ...change })).toEqual({ kind: 'frozen', because });
  });

  test('R12: what is not recorded or cannot be read proves nothing, and hides nothing of the rest', () => {
    expect(checkIdentity({ machineId: null, hostKey: null, serial: null }, recorded)).toEqual({ kind: 'same' });
    expect(checkIdentity(recorded, { ...recorded, serial: null })).toEqual({ kind: 'same' });
    expect(checkIdentity(recorded, { machineId: 'm1', hostKey: 'SHA256:k2', serial: null }).kind).toBe('frozen');
  });
});
