import { connect, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addressIn, newRing, startReplayedNode } from '../../helpers/replayed-node.ts';
import { regionOf, rowOf } from '../../helpers/running-app.ts';
import { freePort, startSshd } from '../../helpers/sshd.ts';
import { app, asks, cannot, keyLogin, live, nodes, offline, open, read, seedOf, skipped, trust } from './region.ts';

describe.skipIf(cannot !== undefined).concurrent(`reaching a region${skipped}`, () => {
  test('a name that does not exist is told as that, and the right address then works', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    await trust(running, first.sshd);
    const login = keyLogin(first.sshd);
    const id = await open(running, { login, seeds: [{ host: 'no-such-host.invalid', port: first.port }] });
    const { problem, nextTryAt } = await offline(running, id, 'address-not-found');
    expect(problem.message).toContain('no-such-host.invalid');
    expect(nextTryAt).toBeGreaterThan(0);
    await running.call('regions.update', { regionId: id, region: regionOf({ login, seeds: [seedOf(first)] }) });
    await live(running, id);
  });

  test('a port where nothing listens is told as that; it is tried again by itself, and works once something does', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    const port = await freePort();
    await trust(running, { ...first.sshd, address: '127.0.0.1', port });
    const id = await open(running, { login: keyLogin(first.sshd), seeds: [{ host: '127.0.0.1', port }] });
    const { problem } = await offline(running, id, 'connection-refused');
    expect(problem.message).toContain('127.0.0.1');
    const relay = createServer((socket) => {
      const through = connect(first.port, first.address);
      for (const [from, to] of [
        [socket, through],
        [through, socket],
      ] as const) {
        from.on('error', () => to.destroy()).pipe(to);
      }
    });
    context.onTestFinished(() => void relay.close());
    relay.listen(port, '127.0.0.1');
    await live(running, id);
  });

  test('the second seed is used when the first is gone, and when the first goes while it serves', async (context) => {
    const { first, all } = await nodes(context, 'lab-c1', 'lab-c2');
    const [, second] = all;
    if (second === undefined) throw new Error('two nodes');
    const running = await app(context);
    await trust(running, first.sshd, second.sshd);
    const login = { ...keyLogin(first.sshd), methods: all.flatMap(({ sshd }) => keyLogin(sshd).methods) };
    const id = await open(running, { login, seeds: [seedOf(first), seedOf(second)] });
    expect((await live(running, id)).region.connection).toMatchObject({ via: 'lab-c1' });
    await first.sshd.close();
    const { region } = await running.until(
      id,
      'live through lab-c2',
      (shown) => shown.region.connection.kind === 'live' && shown.region.connection.via === 'lab-c2',
    );
    expect(region.quorum?.isQuorate).toBe(true);
  });

  test('a jump host is gone through, with a login of its own; without it nothing is reached, and it is the one that is named', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const jump = await startSshd({ addresses: [`${first.address.replace(/\d+$/u, '')}200`] });
    context.onTestFinished(() => jump.close());
    const running = await app(context);
    await trust(running, first.sshd, jump);
    const id = await open(running, {
      login: keyLogin(first.sshd),
      seeds: [seedOf(first)],
      jumps: [{ host: jump.address, port: jump.port, login: keyLogin(jump) }],
    });
    await read(running, id, 'lab-c1');
    expect(jump.log()).toContain('Accepted publickey');
    await jump.close();
    const { problem, snapshot: shown } = await offline(running, id, 'jump-host-failed');
    expect(problem.message).toContain(jump.address);
    expect(rowOf(shown, 'lab-c1').status).toMatchObject({
      status: 'active',
      unknownSince: expect.any(Number) as number,
    });
  });

  test('another login for a single node serves that node alone', async (context) => {
    const { first, all } = await nodes(context, 'lab-c1', 'lab-c2');
    const [, second] = all;
    if (second === undefined) throw new Error('two nodes');
    const running = await app(context);
    await trust(running, first.sshd, second.sshd);
    const region = regionOf({ login: keyLogin(first.sshd), seeds: [seedOf(first)] });
    const id = await open(running, region);
    const { problem } = await asks(running, id, 'lab-c2', 'authentication-failed');
    expect(problem.message).toContain(second.address);
    await read(running, id, 'lab-c1');
    await running.call('regions.update', {
      regionId: id,
      region: { ...region, nodeLogins: { 'lab-c2': keyLogin(second.sshd) } },
    });
    const shown = await read(running, id, 'lab-c2');
    expect(shown.region.questions).toEqual([]);
  });

  test('a node in a network that only the control node sees is reached through the control node', async (context) => {
    const ring = await newRing();
    const named = { 'lab-w1': 'lab-w1.invalid' };
    const control = await startReplayedNode({
      name: 'lab-c1',
      ring,
      named,
      hosts: { 'lab-w1.invalid': addressIn(ring, 'lab-w1') },
    });
    const worker = await startReplayedNode({ name: 'lab-w1', ring });
    context.onTestFinished(async () => {
      await Promise.all([control.close(), worker.close()]);
    });
    const running = await app(context);
    await trust(running, control.sshd, { ...worker.sshd, address: 'lab-w1.invalid' });
    const login = {
      ...keyLogin(control.sshd),
      methods: [control, worker].flatMap(({ sshd }) => keyLogin(sshd).methods),
    };
    const id = await open(running, { login, seeds: [seedOf(control)] });
    const shown = await read(running, id, 'lab-w1');
    expect(rowOf(shown, 'lab-w1')).toMatchObject({
      role: 'worker',
      address: { value: 'lab-w1.invalid' },
      machineId: { kind: 'known' },
      reachability: { kind: 'reachable' },
    });
    const { id: nodeId } = rowOf(shown, 'lab-w1');
    const { domains } = await running.call('nodes.detail', { regionId: id, nodeId });
    expect(domains).toMatchObject({ value: [{ name: 'vm5', state: 'running' }] });
  });
});
