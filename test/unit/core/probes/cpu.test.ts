import { describe, expect, it } from 'vitest';
import { cpuProbe } from '../../../../electron/core/probes/cpu.ts';
import { captured } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, valueOf } from './parse.ts';

const none = { online: '', topology: '', lscpu: '' };

describe('the cpu probe', () => {
  it('counts by /proc/cpuinfo of x86 where /sys tells nothing', () => {
    const cpuinfo = captured('vm-node/lab-v1/proc-cpuinfo.txt');
    expect(valueOf(cpuProbe, answerOf({ ...none, cpuinfo }))).toEqual({
      model: 'QEMU TCG CPU version 2.5+',
      sockets: 1,
      cores: 2,
      threads: 2,
    });
  });

  it('counts sockets, cores and online threads by the topology in /sys', () => {
    const thread = (pkg: number, siblings: string) => `physical_package_id=${pkg}\nthread_siblings_list=${siblings}\n`;
    const topology = [thread(0, '0,4'), thread(0, '1,5'), thread(1, '2,6'), thread(1, '3,7')].join('').repeat(2);
    const answer = answerOf({ ...none, cpuinfo: 'model name\t: Xeon\n', online: '0-7\n', topology });
    expect(valueOf(cpuProbe, answer)).toEqual({ model: 'Xeon', sockets: 2, cores: 4, threads: 8 });
  });

  it('takes the name of an ARM machine from lscpu, and of a POWER machine from its own key', () => {
    const arm = answerOf({
      cpuinfo: 'processor\t: 0\nprocessor\t: 1\n',
      online: '0-1\n',
      topology: 'physical_package_id=-1\n',
      lscpu: 'Architecture:          aarch64\nVendor ID:             ARM\nModel name:            Neoverse-N1\n',
    });
    expect(valueOf(cpuProbe, arm)).toEqual({ model: 'ARM Neoverse-N1', sockets: 1, cores: 2, threads: 2 });
    const power = answerOf({ ...none, cpuinfo: 'processor\t: 0\ncpu\t\t: POWER9, altivec supported\n', online: '0\n' });
    expect(valueOf(cpuProbe, power).model).toBe('POWER9, altivec supported');
  });

  it('is unknown where nothing tells of a CPU', () => {
    expect(becauseOf(cpuProbe, answerOf({ ...none, cpuinfo: 'nothing\n' }))).toContain('/proc/cpuinfo');
  });

  it('makes a reason or a value of anything', () =>
    expectToSurviveGarbage(cpuProbe, answerOf({ ...none, cpuinfo: captured('vm-node/lab-v1/proc-cpuinfo.txt') })));
});
