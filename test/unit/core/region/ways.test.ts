import { describe, expect, test } from 'vitest';
import { parseKeyscan } from '../../../../electron/core/cluster/keyscan.ts';
import { routesTo } from '../../../../electron/core/region/node-routes.ts';
import { controlTargets, seedTarget } from '../../../../electron/core/region/targets.ts';
import { askTrustedNode } from '../../../../electron/core/region/trusted-view.ts';
import { fingerprintOf } from '../../../../electron/core/ssh/known-hosts.ts';
import { emptyNodeRecord } from '../../../../shared/model/cluster.ts';
import { regionId } from '../../../../shared/model/ids.ts';
import type { RegionProfile } from '../../../../shared/model/region.ts';
import { fail, type Problem } from '../../../../shared/problems.ts';
import { answerOf } from '../cluster/capture.ts';
import { problem, told } from './scripted-pool.ts';

const login = { user: 'tech', port: 22, methods: [{ kind: 'agent' as const }] };
const profile: RegionProfile = {
  id: regionId('r1'),
  name: 'North',
  colour: 'teal',
  seeds: [{ host: 'control.example', port: 2022 }],
  login,
  jumps: [{ host: 'jump', port: 22, login: { ...login, user: 'hop' } }],
  nodeLogins: {},
  demoLabel: null,
};
const seed = seedTarget(profile, { host: 'control.example', port: 2022 });
const control = { name: 'c1', target: seed };
const shown = (routes: ReturnType<typeof routesTo>) =>
  routes.map(({ user, host, port, jumps, secretScope }) => ({
    to: `${user}@${host}:${port}`,
    via: jumps.map((jump) => `${jump.user}@${jump.host}:${jump.port}`),
    secretScope,
  }));

describe('the ways to a node', () => {
  test('are the address that the cluster names, then the same through the control node, each behind the jump hosts', () => {
    expect(shown(routesTo(profile, { name: 'w1', address: '10.0.0.51' }, control))).toEqual([
      { to: 'tech@10.0.0.51:22', via: ['hop@jump:22'], secretScope: 'r1' },
      { to: 'tech@10.0.0.51:22', via: ['hop@jump:22', 'tech@control.example:2022'], secretScope: 'r1' },
    ]);
  });

  test('to the control node itself are the one that it was opened by', () => {
    expect(routesTo(profile, { name: 'c1', address: '10.0.0.11' }, control)).toEqual([seed]);
  });

  test('use the login of the single node, with secrets of its own', () => {
    const own = { ...profile, nodeLogins: { w1: { ...login, user: 'other', port: 2222 } } };
    expect(shown(routesTo(own, { name: 'w1', address: '10.0.0.51' }, undefined))).toEqual([
      { to: 'other@10.0.0.51:2222', via: ['hop@jump:22'], secretScope: 'r1/node/w1' },
    ]);
  });

  test('are none where nobody names an address', () => {
    expect(routesTo(profile, { name: 'w1', address: null }, control)).toEqual([]);
  });
});

describe('the ways to open a region', () => {
  const answer = answerOf('healthy/lab-c1');

  test('are the control nodes that the person named, then those that the cluster named last: it lives on when the named one goes', () => {
    expect(shown(controlTargets(profile, answer))).toEqual([
      { to: 'tech@control.example:2022', via: ['hop@jump:22'], secretScope: 'r1' },
      { to: 'tech@10.213.0.11:22', via: ['hop@jump:22'], secretScope: 'r1' },
      { to: 'tech@10.213.0.12:22', via: ['hop@jump:22'], secretScope: 'r1' },
      { to: 'tech@10.213.0.13:22', via: ['hop@jump:22'], secretScope: 'r1' },
    ]);
    expect(shown(controlTargets(profile, undefined))).toEqual([
      { to: 'tech@control.example:2022', via: ['hop@jump:22'], secretScope: 'r1' },
    ]);
  });

  test('name a control node once, whether the person named its address or its name, and go to its recorded address', () => {
    const seeds = ['10.213.0.11', 'lab-c2'].map((host) => ({ host, port: 22 }));
    const nodes = { 'lab-c3': { ...emptyNodeRecord, address: '192.0.2.7' } };
    const recorded = { ...answer, records: { ...answer.records, nodes } };
    expect(controlTargets({ ...profile, seeds }, recorded).map(({ host }) => host)).toEqual([
      '10.213.0.11',
      'lab-c2',
      '192.0.2.7',
    ]);
    const byRecord = { ...profile, seeds: [{ host: '192.0.2.7', port: 22 }] };
    expect(controlTargets(byRecord, recorded).map(({ host }) => host)).toEqual([
      '192.0.2.7',
      '10.213.0.11',
      '10.213.0.12',
    ]);
  });
});

describe('R24: an unknown host key beside what a trusted control node sees', () => {
  const keyA = 'AAAAC3NzaC1lZDI1NTE5AAAAIEtbUP0Co0lHdVqd7Vz4hjhuFVwP5Zz8cvGG7vTCSaha';
  const keyB = 'AAAAC3NzaC1lZDI1NTE5AAAAIBb5DkPpRPPGsLHBxvM9wcAUh8JDvA0zjyfPBDvqLqnc';
  const unknownKey: Problem = {
    ...problem('host-key-unknown'),
    evidence: {
      kind: 'host-key',
      host: '[10.0.0.51]:2022',
      shown: { type: 'ssh-ed25519', fingerprint: fingerprintOf(keyA) },
      shownKeyBase64: keyA,
      known: [],
      knownFrom: [],
      consoleCommand: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
    },
  };
  const seeing = (stdout: string) => ({
    name: 'c1',
    connection: { run: () => Promise.resolve(told(stdout)) },
  });

  test('is asked with both, where they are the same', async () => {
    const scanned = `[10.0.0.51]:2022 ssh-ed25519 ${keyA}\n`;
    const asked = await askTrustedNode(unknownKey, seeing(`# comment\n${scanned}`));
    const keys = parseKeyscan(scanned).map(({ type, fingerprint }) => ({ type, fingerprint }));
    expect(asked).toEqual({ ...unknownKey, evidence: { ...unknownKey.evidence, trustedView: { via: 'c1', keys } } });
  });

  test('is refused where the key of that type is another one', async () => {
    const refused = await askTrustedNode(unknownKey, seeing(`[10.0.0.51]:2022 ssh-ed25519 ${keyB}\n`));
    expect(refused.code).toBe('host-key-differs-from-trusted-node');
    expect(refused.evidence).toMatchObject({
      shown: { fingerprint: fingerprintOf(keyA) },
      trustedView: { via: 'c1', keys: [{ fingerprint: fingerprintOf(keyB) }] },
    });
  });

  test('is asked as it is where the control node gets no answer, or does not answer itself', async () => {
    expect(await askTrustedNode(unknownKey, seeing(''))).toEqual(unknownKey);
    const gone = { name: 'c1', connection: { run: async () => fail(problem('connection-lost')) } };
    expect(await askTrustedNode(unknownKey, gone)).toEqual(unknownKey);
  });

  test('is asked about the very port, and no other problem is looked into', async () => {
    const asked: (readonly string[])[] = [];
    const connection = {
      run: ({ args = [] }: { readonly args?: readonly string[] }) => {
        asked.push(args);
        return Promise.resolve(told(''));
      },
    };
    await askTrustedNode(unknownKey, { name: 'c1', connection });
    await askTrustedNode({ ...unknownKey, code: 'host-key-changed' }, { name: 'c1', connection });
    expect(asked).toEqual([['2022', '10.0.0.51']]);
  });
});
