import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, type TestContext } from 'vitest';
import { knownHostName } from '../../../electron/core/ssh/target-names.ts';
import { newRing, startReplayedNode } from '../../helpers/replayed-node.ts';
import { rowOf } from '../../helpers/running-app.ts';
import { makeTestUser, whyNoTestUser } from '../../helpers/test-user.ts';
import {
  app,
  asks,
  cannot,
  keyLogin,
  live,
  nodes,
  offline,
  open,
  read,
  refusal,
  seedOf,
  skipped,
  trust,
} from './region.ts';

const passwords = { config: ['UsePAM yes', 'PasswordAuthentication yes'] };

/** A login of this test alone that may become root without a password there. */
function technician({ onTestFinished }: TestContext) {
  const user = makeTestUser();
  onTestFinished(() => user.remove());
  user.allowSudo('USER ALL=(ALL) NOPASSWD: ALL');
  return user;
}

describe.skipIf(cannot !== undefined).concurrent(`trusting the machines of a region${skipped}`, () => {
  test('R24: an unknown key is asked for, tried no more, and once it is trusted the region is live', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    const id = await open(running, { login: keyLogin(first.sshd), seeds: [seedOf(first)] });
    const { problem, nextTryAt } = await offline(running, id, 'host-key-unknown');
    expect(nextTryAt).toBeNull();
    if (problem.evidence?.kind !== 'host-key') throw new Error('no key to confirm');
    const { host, shownKeyBase64 } = problem.evidence;
    expect(shownKeyBase64).toBe(first.sshd.hostKeys[0]?.keyBase64.trim());
    await running.call('knownHosts.trust', { keys: [{ host, keyBase64: shownKeyBase64 }] });
    await running.call('regions.retry', { regionId: id });
    expect((await live(running, id)).region.questions).toEqual([]);
  });

  test('R24: a node’s unknown key is shown beside what the trusted control node sees of it', async (context) => {
    const { first, all } = await nodes(context, 'lab-c1', 'lab-c2');
    const [, second] = all;
    if (second === undefined) throw new Error('two nodes');
    const running = await app(context);
    await trust(running, first.sshd);
    const login = { ...keyLogin(first.sshd), methods: all.flatMap(({ sshd }) => keyLogin(sshd).methods) };
    const id = await open(running, { login, seeds: [seedOf(first)] });
    const { problem } = await asks(running, id, 'lab-c2', 'host-key-unknown');
    if (problem.evidence?.kind !== 'host-key') throw new Error('no key to confirm');
    const { host, shown, shownKeyBase64, trustedView } = problem.evidence;
    expect(trustedView).toEqual({ via: 'lab-c1', keys: [shown] });
    await running.call('knownHosts.trust', { keys: [{ host, keyBase64: shownKeyBase64 }] });
    await running.call('regions.retry', { regionId: id });
    await read(running, id, 'lab-c2');
  });

  test('R24: a changed key is refused, old beside new, and no password is sent to whoever shows it', async (context) => {
    const user = technician(context);
    const ring = await newRing();
    const before = await startReplayedNode({ name: 'lab-c1', ring, sshd: passwords });
    const running = await app(context);
    await trust(running, before.sshd);
    const login = { user: user.name, port: ring.port, methods: [{ kind: 'password' as const }] };
    const id = await open(running, { login, seeds: [seedOf(before)] });
    const { problem: asked } = await offline(running, id, 'secret-needed');
    if (asked.evidence?.kind !== 'secret') throw new Error('no secret asked');
    const { scope, user: whose, host } = asked.evidence;
    await running.call('secrets.supply', {
      scope,
      kind: 'password',
      user: whose,
      host,
      value: user.password,
      remember: false,
    });
    await running.call('regions.retry', { regionId: id });
    await read(running, id, 'lab-c1');
    await before.close();
    const after = await startReplayedNode({ name: 'lab-c1', ring, sshd: passwords });
    context.onTestFinished(() => after.close());
    const { problem } = await offline(running, id, 'host-key-changed');
    if (problem.evidence?.kind !== 'host-key') throw new Error('no keys to compare');
    const { known, shown, shownKeyBase64 } = problem.evidence;
    expect(known).toHaveLength(1);
    expect(known[0]?.fingerprint).not.toBe(shown.fingerprint);
    expect(after.sshd.log()).not.toMatch(/password|Accepted|Failed/u);

    const name = knownHostName(after.address, after.port);
    const keys = [{ host: name, keyBase64: shownKeyBase64 }];
    expect(await refusal(running.call('knownHosts.trust', { keys }))).toMatchObject({ code: 'host-key-changed' });
    await running.call('knownHosts.forget', { host: name });
    await running.call('knownHosts.trust', { keys });
    await running.call('regions.retry', { regionId: id });
    // R12: whoever trusts the new key has the cluster again; that it is the same machine as before is another question.
    await live(running, id);
    const { snapshot } = await asks(running, id, 'lab-c1', 'node-identity-changed');
    expect(rowOf(snapshot, 'lab-c1').frozenBecause).toContain(`its host key is ${shown.fingerprint}`);
  });

  test.skipIf(whyNoTestUser() !== undefined)(
    'R22: a wrong password is tried once, not again by time nor after a sleep, and the right one then works',
    async (context) => {
      const user = technician(context);
      const { first } = await nodes(context, { name: 'lab-c1', sshd: passwords });
      const running = await app(context);
      await trust(running, first.sshd);
      const login = { user: user.name, port: first.port, methods: [{ kind: 'password' as const }] };
      const id = await open(running, { login, seeds: [seedOf(first)] });
      await offline(running, id, 'secret-needed');
      const supply = async (value: string) => {
        await running.call('secrets.supply', {
          scope: id,
          kind: 'password',
          user: user.name,
          host: first.address,
          value,
          remember: false,
        });
        await running.call('regions.retry', { regionId: id });
      };
      await supply('not the password');
      const { problem, nextTryAt } = await offline(running, id, 'authentication-failed');
      expect(problem.message).toContain(user.name);
      expect(nextTryAt).toBeNull();
      const refused = () => first.sshd.log().match(/Failed password/gu)?.length;
      running.wake();
      await sleep(2000);
      expect(refused()).toBe(1);
      await supply(user.password);
      await live(running, id);
      expect(refused()).toBe(1);
    },
  );
});

describe.skipIf(cannot !== undefined).concurrent(`R12: another machine under a node’s name${skipped}`, () => {
  test('R12: freezes the node, keeps its status, shows nothing of the other machine, and thaws when the node is back', async (context) => {
    const { first, all } = await nodes(context, 'lab-c1', 'lab-c2');
    const [, second] = all;
    if (second === undefined) throw new Error('two nodes');
    const login = { ...keyLogin(first.sshd), methods: all.flatMap(({ sshd }) => keyLogin(sshd).methods) };
    const running = await app(context);
    await trust(running, first.sshd, second.sshd);
    const id = await open(running, { login, seeds: [seedOf(first)] });
    const before = rowOf(await read(running, id, 'lab-c2'), 'lab-c2');
    expect(before).toMatchObject({ frozenBecause: null, machineId: { value: 'd500000000000000000000000000000c' } });

    const other = 'ee'.repeat(16);
    second.isMachine(other);
    const detail = await running.call('nodes.refresh', { regionId: id, nodeId: before.id });
    const because = `lab-c2 is frozen: another machine answers under this name: its machine-id is ${other}, recorded was d500000000000000000000000000000c.`;
    const unknown = { kind: 'unknown', because };
    expect(detail.row).toMatchObject({
      frozenBecause: because,
      status: { status: 'active', unknownSince: null },
      reachability: { kind: 'unreachable', problem: { code: 'node-identity-changed' } },
      machineId: unknown,
      cpuPercent: unknown,
      storageBytes: unknown,
      uptimeSeconds: unknown,
    });
    expect(detail.row.status.warnings).toContain(because);
    expect(detail).toMatchObject({ system: unknown, domains: unknown, disks: unknown, hostKey: unknown });
    await asks(running, id, 'lab-c2', 'node-identity-changed');
    running.wake();
    await sleep(1500);
    const later = await running.call('regions.snapshot', { regionId: id });
    expect(rowOf(later, 'lab-c2')).toMatchObject({ frozenBecause: because, cpuPercent: unknown });
    expect(rowOf(later, 'lab-c1')).toMatchObject({ frozenBecause: null, cpuPercent: { kind: 'known' } });

    second.isMachine('d500000000000000000000000000000c');
    await running.call('regions.retry', { regionId: id });
    const back = await read(running, id, 'lab-c2');
    expect(rowOf(back, 'lab-c2').frozenBecause).toBeNull();
    expect(back.region.questions).toEqual([]);
  });

  test('R12: is taken for the node by whoever types its name; one that nobody has looked at is not, and a third machine freezes it again', async (context) => {
    const { first, all } = await nodes(context, 'lab-c1', 'lab-c2');
    const [, second] = all;
    if (second === undefined) throw new Error('two nodes');
    const login = { ...keyLogin(first.sshd), methods: all.flatMap(({ sshd }) => keyLogin(sshd).methods) };
    const running = await app(context);
    await trust(running, first.sshd, second.sshd);
    const id = await open(running, { login, seeds: [seedOf(first)] });
    const { id: nodeId } = rowOf(await read(running, id, 'lab-c2'), 'lab-c2');
    const accept = (typedName: string) => running.call('nodes.acceptIdentity', { regionId: id, nodeId, typedName });
    const frozenBy = async (machineId: string) => {
      second.isMachine(machineId);
      const { row } = await running.call('nodes.refresh', { regionId: id, nodeId });
      expect(row.frozenBecause).toContain(`its machine-id is ${machineId}`);
    };
    expect(await refusal(accept('lab-c2'))).toMatchObject({
      code: 'not-available',
      message: 'lab-c2 is not frozen: the machine that answers under its name is the one that is known.',
    });

    const [bought, third] = ['ee'.repeat(16), 'ab'.repeat(16)];
    await frozenBy(bought);
    expect((await refusal(accept('lab-c1'))).code).toBe('name-mismatch');
    second.isMachine(third);
    expect((await refusal(accept('lab-c2'))).message).toMatch(/^Another machine answers now.*its machine-id is (ab)+/u);
    second.isMachine('d500000000000000000000000000000c');
    expect((await refusal(accept('lab-c2'))).message).toBe('lab-c2 itself answers again.');
    await read(running, id, 'lab-c1');
    await frozenBy(await machineIdOf('lab-c1'));
    expect((await refusal(accept('lab-c2'))).message).toContain('is lab-c1: the address of lab-c2 leads to it');
    expect(first.writes()).toEqual([]);

    await frozenBy(bought);
    await accept('lab-c2');
    const [written = ''] = first.writes();
    const [, value = ''] = /name="rackside-identity" value="([^"]*)"/u.exec(written) ?? [];
    expect(JSON.parse(Buffer.from(value, 'base64url').toString())).toMatchObject({
      machineId: bought,
      hostKey: expect.stringMatching(/^ssh-ed25519 SHA256:/u) as string,
    });
    const taken = rowOf(await read(running, id, 'lab-c2'), 'lab-c2');
    expect(taken).toMatchObject({ frozenBecause: null, machineId: { kind: 'known', value: bought } });

    await frozenBy(third);

    async function machineIdOf(name: string): Promise<string> {
      const { machineId } = rowOf(await running.call('regions.snapshot', { regionId: id }), name);
      if (machineId.kind !== 'known') throw new Error(`${name} was not read`);
      return machineId.value;
    }
  });

  test('R12: is found by what was seen before the last start, too', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const login = keyLogin(first.sshd);
    const running = await app(context);
    await trust(running, first.sshd);
    const id = await open(running, { login, seeds: [seedOf(first)] });
    await read(running, id, 'lab-c1');
    await running.stop();
    first.isMachine('ab'.repeat(16));
    const again = await app(context, { folder: running.folder });
    await again.call('regions.open', { regionId: id });
    const { snapshot } = await asks(again, id, 'lab-c1', 'node-identity-changed');
    expect(rowOf(snapshot, 'lab-c1').frozenBecause).toContain('its machine-id is abababababababababababababababab');
  });
});
