import { describe, expect, it } from 'vitest';
import { systemProbe } from '../../../../electron/core/probes/system.ts';
import { captured } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, valueOf } from './parse.ts';

function answer(node: string, changes: Readonly<Record<string, string>> = {}) {
  return answerOf({
    'os-release': captured(`${node}/os-release.txt`),
    uname: captured(`${node}/uname.txt`),
    'machine-id': captured(`${node}/machine-id.txt`),
    'boot-id': captured(`${node}/boot_id.txt`),
    dmi: captured(`${node}/dmi.txt`),
    devicetree: '',
    ...changes,
  });
}

describe('the system probe', () => {
  it('reads a machine with DMI, and says that its maker left the serial number empty', () => {
    expect(valueOf(systemProbe, answer('vm-node/lab-v1'))).toEqual({
      hostname: 'lab-v1',
      machineId: captured('vm-node/lab-v1/machine-id.txt').trim(),
      bootId: captured('vm-node/lab-v1/boot_id.txt').trim(),
      osName: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0-56-amd64',
      vendor: 'QEMU',
      model: 'Standard PC (Q35 + ICH9, 2009)',
      serial: null,
      biosVersion: '1.16.2-debian-1.16.2-1',
      serialReason: 'the maker left it empty',
    });
  });

  it('reads a node without DMI', () => {
    expect(valueOf(systemProbe, answer('healthy/lab-c1'))).toMatchObject({
      hostname: 'lab-c1',
      vendor: null,
      serial: null,
      serialReason: expect.stringContaining('no DMI') as string,
    });
  });

  it('takes no placeholder of a maker for a serial number, and the chassis where the product has none', () => {
    const dmi = 'sys_vendor=Example Inc.\nproduct_name=X1\nproduct_serial=To Be Filled By O.E.M.\nchassis_serial=C7\n';
    expect(valueOf(systemProbe, answer('vm-node/lab-v1', { dmi }))).toMatchObject({ serial: 'C7', serialReason: null });
  });

  it('says what is needed for the serial number where the user is not root', () => {
    const dmi = 'sys_vendor=A\nproduct_serial=cat: /sys/class/dmi/id/product_serial: Permission denied\n';
    const output = { ...answer('vm-node/lab-v1', { dmi }), withoutRootBecause: 'it needs root' };
    expect(valueOf(systemProbe, output)).toMatchObject({ vendor: 'A', serial: null, serialReason: 'it needs root' });
  });

  it('reads the device tree of a machine without DMI', () => {
    const devicetree = 'model=Ampere Altra\nserial-number=1000\n';
    expect(valueOf(systemProbe, answer('healthy/lab-c1', { devicetree }))).toMatchObject({
      model: 'Ampere Altra',
      serial: '1000',
      serialReason: null,
    });
  });

  it('names the file it did not understand', () => {
    expect(becauseOf(systemProbe, answer('healthy/lab-c1', { 'machine-id': 'uninitialized\n' }))).toContain(
      'machine-id',
    );
    expect(becauseOf(systemProbe, answer('healthy/lab-c1', { uname: 'Linux\n' }))).toContain('uname');
  });

  it('makes a reason or a value of anything', () => expectToSurviveGarbage(systemProbe, answer('vm-node/lab-v1')));
});
