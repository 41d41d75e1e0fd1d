import { describe, expect, it } from 'vitest';
import { servicesProbe } from '../../../../electron/core/probes/services.ts';
import { captured } from './captures.ts';
import { expectToSurviveGarbage } from './garbage.ts';
import { answerOf, becauseOf, notInstalled, valueOf } from './parse.ts';

const worker = answerOf({ systemctl: captured('healthy/lab-w1/systemctl-show.txt') });

describe('the services probe', () => {
  it('reads what runs, and tells what is not installed from what is stopped', () => {
    const services = new Map(valueOf(servicesProbe, worker).map((service) => [service.unit, service]));
    expect(services.get('pacemaker_remote.service')).toEqual({
      unit: 'pacemaker_remote.service',
      isInstalled: true,
      activeState: 'active',
      subState: 'running',
      result: 'success',
      startsAtBoot: true,
      cpuNanoseconds: 1407579000,
      memoryBytes: null,
      restarts: 0,
    });
    expect(services.get('corosync.service')).toMatchObject({ isInstalled: false, activeState: 'inactive' });
    const candidate = answerOf({ systemctl: captured('candidate-fresh/lab-x1/systemctl-show.txt') });
    expect(valueOf(servicesProbe, candidate)[0]).toMatchObject({
      unit: 'corosync.service',
      isInstalled: true,
      activeState: 'inactive',
      startsAtBoot: false,
    });
  });

  it.each(['@@rackside systemctl', `${'0'.repeat(32)} begin systemctl`, `${'0'.repeat(32)} complete`, ' complete'])(
    'takes a unit description for what it is, also one that reads like a mark: %j',
    (forgery) => {
      const systemctl = captured('healthy/lab-w1/systemctl-show.txt');
      const described = systemctl.replace('\n\n', `\nDescription=\n${forgery}\n\n`);
      expect(described).not.toBe(systemctl);
      expect(valueOf(servicesProbe, answerOf({ systemctl: described }))).toEqual(valueOf(servicesProbe, worker));
    },
  );

  it('reads memory where the kernel counts it', () => {
    const machine = answerOf({ systemctl: captured('vm-node/lab-v1/systemctl-show.txt') });
    const pcsd = valueOf(servicesProbe, machine).find(({ unit }) => unit === 'pcsd.service');
    expect(pcsd).toMatchObject({ memoryBytes: 136114176, cpuNanoseconds: 37340194000 });
  });

  it('believes LoadState about what is installed, and takes 2^64-1 for nothing', () => {
    const systemctl =
      'Id=sbd.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\n\n' +
      'Id=virtqemud.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\n' +
      'UnitFileState=static\nMemoryCurrent=18446744073709551615\nNRestarts=5\n';
    expect(valueOf(servicesProbe, answerOf({ systemctl }))).toMatchObject([
      { unit: 'sbd.service', isInstalled: false },
      {
        unit: 'virtqemud.service',
        isInstalled: true,
        result: 'exit-code',
        startsAtBoot: null,
        memoryBytes: null,
        restarts: 5,
      },
    ]);
  });

  it('is unknown without systemd, with its own words', () => {
    expect(becauseOf(servicesProbe, answerOf({ systemctl: notInstalled('systemctl') }))).toContain('not installed');
    const error = "System has not been booted with systemd as init system (PID 1). Can't operate.";
    expect(becauseOf(servicesProbe, answerOf({ systemctl: { error, status: 1 } }))).toContain('not been booted');
  });

  it('makes a reason or a value of anything', () => expectToSurviveGarbage(servicesProbe, worker));
});
