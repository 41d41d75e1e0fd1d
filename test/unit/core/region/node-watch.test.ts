import { describe, expect, test } from 'vitest';
import { slowProbeIds } from '../../../../electron/core/probes/slow-probes.ts';
import { fail, type Problem, type ProblemCode } from '../../../../shared/problems.ts';
import { machine, watching } from './node-watching.ts';
import { pass, problem, settle, target, told, type Machine, type Question } from './scripted-pool.ts';

const hour = 3_600_000;

const waitForAPerson: readonly ProblemCode[] = [
  'authentication-failed',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'secret-needed',
  'passphrase-wrong',
  'answers-needed',
  'node-identity-changed',
];

describe('after a problem', () => {
  test.each(waitForAPerson)('R22: %s is not tried again by itself, neither by time nor by a wake', async (code) => {
    let answer: Machine | Problem = problem(code);
    const { clock, pool, heard, watch } = watching(() => answer);
    await pass(clock, 2 * hour, 60_000);
    watch.resume();
    watch.hasten();
    await pass(clock, hour, 60_000);
    expect(pool.tries).toEqual(['c2']);
    answer = machine();
    watch.retry();
    await settle();
    expect(pool.tries).toEqual(['c2', 'c2']);
    expect(heard.slice(0, 2)).toEqual([`unreachable: ${code}`, 'reached c2']);
  });

  test('of the way, it is tried again, ever more rarely, and at once after a wake', async () => {
    const { clock, pool, watch } = watching(() => problem('connection-refused'));
    await pass(clock, 1000);
    expect(pool.tries.length).toBe(2);
    await pass(clock, hour, 1000);
    // Between 30 and 60 s apart once it has doubled to a minute.
    expect(pool.tries.length).toBeGreaterThan(60);
    expect(pool.tries.length).toBeLessThan(135);
    const before = pool.tries.length;
    watch.resume();
    await settle();
    expect(pool.tries.length).toBe(before + 1);
  });

  test('the pause is short again once the node has answered', async () => {
    let answer: Machine | Problem = problem('connection-refused');
    const { clock, pool, watch } = watching(() => answer);
    await pass(clock, hour, 1000);
    const before = pool.tries.length;
    let samples = 0;
    answer = machine((question) =>
      question === 'fast' && (samples += 1) % 2 === 0 ? problem('connection-lost') : undefined,
    );
    watch.retry();
    await pass(clock, 61_000, 500);
    // A sample, five seconds, the loss, a pause of at most one second: again and again.
    expect(pool.tries.length - before).toBeGreaterThan(8);
  });
});

describe('the ways to a node', () => {
  const routes = [target('c2'), target('c2', { jumps: [target('c1')] })];

  test.each(['connection-refused', 'connection-timed-out', 'address-unreachable', 'not-an-ssh-server'] as const)(
    'are tried one after the other after %s',
    async (code) => {
      const { pool, heard } = watching((to) => (to.jumps.length === 0 ? problem(code) : machine()), { routes });
      await settle();
      expect(pool.tries).toEqual(['c2', 'c2 via c1']);
      expect(heard[0]).toBe('reached c2');
    },
  );

  test.each(['authentication-failed', 'host-key-changed', 'host-key-unknown', 'secret-needed'] as const)(
    'R24: are not gone around after %s: the machine was found, and its door stays shut',
    async (code) => {
      const { pool, clock, heard } = watching((to) => (to.jumps.length === 0 ? problem(code) : machine()), { routes });
      await pass(clock, hour, 60_000);
      expect(pool.tries).toEqual(['c2']);
      expect(heard).toEqual([`unreachable: ${code}`]);
    },
  );

  test('all failing, the problem of the best is told', async () => {
    const { unreachable } = watching(
      (to) => problem(to.jumps.length === 0 ? 'address-unreachable' : 'jump-host-failed'),
      {
        routes,
      },
    );
    await settle();
    expect(unreachable.map(({ code }) => code)).toEqual(['address-unreachable']);
  });

  test('there being none, that is the problem', async () => {
    const { unreachable } = watching(() => machine(), { routes: [] });
    await settle();
    expect(unreachable).toEqual([expect.objectContaining({ code: 'address-not-found' })]);
  });
});

describe('reading', () => {
  test('R12: who the machine is comes before anything else of it', async () => {
    const { heard } = watching(() => machine());
    await settle();
    expect(heard.slice(0, 2)).toEqual(['reached c2', 'system value']);
    expect(heard).toContain('fast value');
  });

  test('R12: a machine that is refused for who it is tells nothing else, and is asked nothing again by itself', async () => {
    const { heard, clock, pool } = watching(() => machine(), {
      onSlow: () => fail(problem('node-identity-changed')),
    });
    await pass(clock, hour, 60_000);
    expect(heard).toEqual(['reached c2', 'unreachable: node-identity-changed']);
    expect(pool.asked).toEqual(['c2 system']);
    expect(pool.open()).toEqual({ connections: 0, shells: 0, follows: 0 });
  });

  test('a slow fact that hangs makes only itself unknown, and the others are read on a new shell', async () => {
    const { heard, pool, unreachable } = watching(() =>
      machine((question) => (question === 'disks' ? problem('command-timed-out', 'smartctl hangs') : undefined)),
    );
    await settle();
    await settle();
    expect(heard.filter((one) => one.startsWith('disks'))).toEqual(['disks unknown: smartctl hangs']);
    expect(heard).toContain('pools value');
    expect(heard).toContain('fast value');
    expect(unreachable).toEqual([]);
    expect(pool.open().shells).toBeLessThanOrEqual(3);
  });

  test('what the health gate of a node that comes back asks for is read at the pace of its status, and only then', async () => {
    let isComingBack = true;
    const { clock, heard } = watching(() => machine(), { isComingBack: () => isComingBack });
    const linksRead = () => heard.filter((one) => one === 'links value').length;
    await pass(clock, 35_000, 1000);
    expect(linksRead()).toBe(4);
    isComingBack = false;
    await pass(clock, 60_000, 1000);
    expect(linksRead()).toBe(4);
  });

  test('the fast values that hang make the node unreachable, with the reason', async () => {
    const { heard, unreachable, pool } = watching(() =>
      machine((question) =>
        question === 'fast' ? problem('command-timed-out', 'c2 did not answer in 10 s') : undefined,
      ),
    );
    await settle();
    expect(unreachable[0]).toMatchObject({ code: 'command-timed-out', message: 'c2 did not answer in 10 s' });
    expect(heard).not.toContain('fast value');
    expect(pool.open()).toEqual({ connections: 0, shells: 0, follows: 0 });
  });

  test('garbage for a probe is an unknown value of that probe alone', async () => {
    const { heard, unreachable } = watching(() =>
      machine((question) => (question === 'memory' ? told('\u0000ÿ garbage') : undefined)),
    );
    await settle();
    expect(heard.find((one) => one.startsWith('memory'))).toMatch(/^memory unknown: .*garbage/u);
    expect(heard.filter((one) => one.endsWith(' value')).length).toBeGreaterThanOrEqual(slowProbeIds.length - 1);
    expect(unreachable).toEqual([]);
  });

  test('what statuses depend on is read at its own pace, the rest rarely', async () => {
    const { pool, clock } = watching(() => machine());
    await pass(clock, 60_000);
    const count = (question: Question) => pool.asked.filter((one) => one === `c2 ${question}`).length;
    expect({ fast: count('fast'), domains: count('domains'), disks: count('disks') }).toEqual({
      fast: 13,
      domains: 7,
      disks: 1,
    });
    await pass(clock, 250_000, 5000);
    expect(count('disks')).toBe(2);
  });

  test('news of the cluster that come while it reads are read after it', async () => {
    let letDisksEnd = (): void => {};
    let isHeld = true;
    const { pool, watch } = watching(() =>
      machine((question) => {
        if (question !== 'disks' || !isHeld) return undefined;
        return new Promise((resolve) => {
          letDisksEnd = () => resolve(told(''));
        });
      }),
    );
    await settle();
    const before = pool.asked.filter((one) => one === 'c2 domains').length;
    watch.hasten();
    isHeld = false;
    letDisksEnd();
    await settle();
    await settle();
    expect(pool.asked.filter((one) => one === 'c2 domains').length).toBe(before + 1);
  });
});
