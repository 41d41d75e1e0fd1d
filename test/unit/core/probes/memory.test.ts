import { describe, expect, it } from 'vitest';
import { memoryProbe } from '../../../../electron/core/probes/memory.ts';
import { captured, documented } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, notInstalled, valueOf } from './parse.ts';

const meminfo = captured('healthy/lab-c1/proc-meminfo.txt');
const memTotal = 24684084 * 1024;
// Documented output, not a capture: the lab's nodes have no memory devices in DMI.
const dmidecode = documented('dmidecode-17.txt');

describe('the memory probe', () => {
  it('adds the modules up: no empty slot, and no persistent part of one', () => {
    expect(valueOf(memoryProbe, answerOf({ meminfo, dmidecode }))).toEqual({
      installedBytes: 48 * 1024 ** 3,
      source: 'dmi',
      sourceReason: null,
    });
  });

  it.each([
    ['without dmidecode', notInstalled('dmidecode'), {}, 'dmidecode is not installed'],
    ['in a container', { error: '/dev/mem: No such file or directory', status: 1 }, {}, 'no DMI'],
    [
      'without root',
      { error: '/dev/mem: Permission denied', status: 1 },
      { withoutRootBecause: 'it needs root, and …' },
      'it needs root',
    ],
    ['where DMI tells of less', { text: 'Memory Device\n\tSize: 1 GB\n', status: 0 }, {}, 'less memory'],
  ])('falls back to MemTotal %s and says why', (_, answer, context, reason) => {
    expect(valueOf(memoryProbe, { ...answerOf({ meminfo, dmidecode: answer }), ...context })).toEqual({
      installedBytes: memTotal,
      source: 'meminfo',
      sourceReason: expect.stringContaining(reason) as string,
    });
  });

  it('is unknown without /proc/meminfo', () => {
    expect(becauseOf(memoryProbe, answerOf({ meminfo: '', dmidecode }))).toContain('/proc/meminfo');
  });

  it('makes a reason or a value of anything', () =>
    expectToSurviveGarbage(memoryProbe, answerOf({ meminfo, dmidecode })));
});
