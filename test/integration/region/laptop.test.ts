import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inputSchemas } from '../../../shared/contract/schemas.ts';
import type { CallName } from '../../../shared/contract/contract.ts';
import { nodeId, regionId } from '../../../shared/model/ids.ts';
import { regionOf, rowOf } from '../../helpers/running-app.ts';
import { app, cannot, keyLogin, live, nodes, open, read, refusal, seedOf, skipped, trust } from './region.ts';

const canary = 'canary-7f3a';
/** A keychain whose ciphertext can be found again in the files. */
const keychain = {
  kind: 'keychain' as const,
  encrypt: (text: string) => Promise.resolve(Buffer.from(`sealed:${Buffer.from(text).toString('hex')}`)),
  decrypt: (bytes: Uint8Array) =>
    Promise.resolve(Buffer.from(Buffer.from(bytes).toString().slice('sealed:'.length), 'hex').toString()),
};
const sealed = `sealed:${Buffer.from(canary).toString('hex')}`;
const nobody = regionOf({
  login: { user: 'root', port: 1, methods: [{ kind: 'agent' }] },
  seeds: [{ host: '127.0.0.1', port: 1 }],
});

describe('a region on this laptop', () => {
  test('of a name that is taken is refused, and nothing else changes', async (context) => {
    const running = await app(context);
    const first = await running.call('regions.add', nobody);
    const second = await running.call('regions.add', { ...nobody, name: 'South' });
    const taken = { ...nobody, name: ' north ' };
    for (const call of [
      running.call('regions.add', taken),
      running.call('regions.update', { regionId: second.id, region: taken }),
    ]) {
      expect(await refusal(call)).toMatchObject({ code: 'region-name-taken' });
    }
    expect(await running.call('regions.list', {})).toEqual([first, second]);
  });

  test('that is not there, not open, or has no such node is told as that', async (context) => {
    const running = await app(context);
    const { id } = await running.call('regions.add', nobody);
    const [missing, node] = [regionId('00000000-0000-4000-8000-000000000000'), nodeId('member:nobody')];
    const code = async (call: Promise<unknown>) => (await refusal(call)).code;
    expect(await code(running.call('regions.open', { regionId: missing }))).toBe('region-not-found');
    expect(await code(running.call('regions.remove', { regionId: missing }))).toBe('region-not-found');
    expect(await code(running.call('regions.snapshot', { regionId: id }))).toBe('region-not-open');
    await running.call('regions.open', { regionId: id });
    for (const name of ['nodes.detail', 'nodes.refresh'] as const) {
      expect(await code(running.call(name, { regionId: id, nodeId: node }))).toBe('node-not-found');
    }
  });

  test('R25, R26: that is removed leaves no folder, no cache and no secret of it or of its nodes', async (context) => {
    const running = await app(context, { vault: keychain });
    const { id } = await running.call('regions.add', nobody);
    await running.call('regions.open', { regionId: id });
    for (const scope of [id, `${id}/jump/bastion`, `${id}/node/w1`]) {
      const secret = { scope, kind: 'password' as const, user: 'root', host: 'c1', value: canary, remember: true };
      await running.call('secrets.supply', secret);
    }
    const folder = join(running.dataFolder, 'regions', id);
    expect(existsSync(folder)).toBe(true);
    await running.call('regions.remove', { regionId: id });
    expect(existsSync(folder)).toBe(false);
    expect(await running.call('regions.list', {})).toEqual([]);
    await running.stop();
    const files = readdirSync(running.dataFolder, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files) {
      const bytes = readFileSync(join(parentPath, name));
      expect(`${name} ${bytes.includes(sealed)} ${bytes.includes(canary)}`).toBe(`${name} false false`);
    }
  });

  test('whatever is sent as input of any call, the answer is a problem of the input or of its subject, never a mistake of ours', async (context) => {
    const running = await app(context);
    const id = '00000000-0000-4000-8000-000000000000';
    const inputs: readonly unknown[] = [
      null,
      undefined,
      'text',
      7,
      [],
      { regionId: id },
      { regionId: '../../etc' },
      { regionId: id, nodeId: 'member:x' },
      { regionId: { toString: 'x' } },
      { ...nobody, seeds: [] },
      { ...nobody, name: '' },
      { ...nobody, login: { ...nobody.login, port: 70_000 } },
      { ...nobody, nodeLogins: { w1: { user: 5 } } },
      { keys: [{ host: 'c1', keyBase64: '; rm -rf /' }] },
      { host: '$(reboot)' },
      { key: 'x'.repeat(100_000), value: '' },
      { conversationId: 'none', answers: [''] },
      JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": 1}'),
    ];
    const names = Object.keys(inputSchemas).filter((name) => name !== 'app.info');
    for (const name of names) {
      for (const input of inputs) {
        const answer = await running.call(name as CallName, input as never).then(
          () => 'answered',
          async (error: unknown) => (await refusal(Promise.reject(error as Error))).code,
        );
        expect(`${name} ${answer}`).not.toBe(`${name} internal`);
      }
    }
    expect(await running.call('regions.list', {})).toEqual([]);
  });
});

describe.skipIf(cannot !== undefined).concurrent(`a region that is open${skipped}`, () => {
  test('is told to every window, each event once and in the same order', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    const other = running.window();
    await trust(running, first.sshd);
    const id = await open(running, { login: keyLogin(first.sshd), seeds: [seedOf(first)] });
    await read(running, id, 'lab-c1');
    expect(other.events.length).toBeGreaterThan(2);
    const sequences = other.events.map(({ sequence }) => sequence);
    expect(running.events.map(({ sequence }) => sequence).slice(-sequences.length)).toEqual(sequences);
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
    const snapshot = await other.call('regions.open', { regionId: id });
    expect(snapshot.region.connection.kind).toBe('live');
    expect(snapshot.sequence).toBe(other.events.at(-1)?.sequence);
  });

  test('and was closed asks nothing more of anybody, and tells nothing more', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    await trust(running, first.sshd);
    const id = await open(running, { login: keyLogin(first.sshd), seeds: [seedOf(first)] });
    await read(running, id, 'lab-c1');
    await running.call('regions.close', { regionId: id });
    await sleep(300);
    const [events, log] = [running.events.length, first.sshd.log()];
    expect(log).toMatch(/Disconnected|Connection closed|Received disconnect/u);
    await sleep(1500);
    expect(running.events.length).toBe(events);
    expect(first.sshd.log()).toBe(log);
  });

  test('R1, R29: is painted after a restart from what was last known, marked as that, until the cluster answers', async (context) => {
    const { first } = await nodes(context, 'lab-c1');
    const running = await app(context);
    await trust(running, first.sshd);
    const id = await open(running, { login: keyLogin(first.sshd), seeds: [seedOf(first)] });
    const before = rowOf(await read(running, id, 'lab-c1'), 'lab-c1');
    await running.stop();
    const again = await app(context, { folder: running.folder });
    const painted = await again.call('regions.open', { regionId: id });
    expect(painted.nodes).toHaveLength(4);
    expect(rowOf(painted, 'lab-c1')).toMatchObject({
      status: {
        status: before.status.status,
        unknownSince: expect.any(Number) as number,
        reason: 'the cluster has not answered since Rackside was started',
      },
      reachability: { kind: 'not-tried' },
      machineId: before.machineId,
      storageBytes: before.storageBytes,
    });
    expect(rowOf(await live(again, id), 'lab-c1').status.unknownSince).toBeNull();
  });
});
