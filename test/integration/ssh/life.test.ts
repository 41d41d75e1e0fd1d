import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SshConnection } from '../../../electron/core/ssh/transport.ts';
import { poolFor, problemFrom, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, type Sshd, startSshd } from '../../helpers/sshd.ts';

/** Told apart from the sleeps of any other run: `pgrep` sees the whole machine. */
const unlikelySeconds = 4_000 + Math.floor(Math.random() * 1_000_000);

async function daemonWith(config: readonly string[] = [], addresses?: readonly string[]): Promise<Sshd> {
  const daemon = await startSshd({ config, ...(addresses === undefined ? {} : { addresses }) });
  onTestFinished(() => daemon.close());
  return daemon;
}
const run = (connection: SshConnection, script: string, deadlineMs = 10_000) =>
  connection.run({ script, privilege: 'none' }, { deadlineMs });

describe.skipIf(findSshd() === undefined)('deadlines and dead peers', () => {
  test('R21: a command that hangs is ended at its deadline, with everything it started, and the connection lives on', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    const began = performance.now();
    const problem = await problemFrom(run(connection, `sleep ${unlikelySeconds}`, 400));
    expect([problem.code, performance.now() - began < 3_000]).toEqual(['command-timed-out', true]);
    await expect.poll(() => pool.stats().channels, { timeout: 5_000 }).toBe(0);
    expect((await run(connection, `pgrep -f "^sleep ${unlikelySeconds}" || echo gone`)).stdout).toBe('gone\n');
    expect(pool.stats().connections).toBe(1);
  });

  test('R21: closing leaves no socket behind that would keep the program alive, even where the peer never says goodbye', async () => {
    const daemon = await daemonWith();
    const openSockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    await expect.poll(openSockets).toBe(0);
    const pool = poolFor([daemon]);
    await run(await pool.acquire(targetOf(daemon), {}), 'true');
    daemon.freeze();
    pool.close();
    expect(openSockets()).toBe(1);
    await expect.poll(openSockets, { timeout: 4_000 }).toBe(0);
    daemon.thaw();
  });

  test('R21: in a long shell the hung command fails alone; those behind it run in a new shell', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const shell = await (await pool.acquire(targetOf(daemon), {})).openShell();
    const [hung, next] = await Promise.all([
      problemFrom(shell.run({ script: 'sleep 600', privilege: 'none' }, { deadlineMs: 300 })),
      shell.run({ script: 'echo next', privilege: 'none' }, { deadlineMs: 10_000 }),
    ]);
    expect([hung.code, next.stdout]).toEqual(['command-timed-out', 'next\n']);
  });

  test('R21: a command that cannot be ended costs its connection, not more', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon], { timings: { channelCloseMs: 500 } });
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    const closed = Promise.withResolvers<Error | undefined>();
    connection.onClosed(closed.resolve);
    await run(connection, 'echo alive');
    // A machine whose kernel still answers, but whose processes hang: nothing there confirms that the channel is closed.
    const running = problemFrom(run(connection, 'sleep 600', 900));
    await sleep(300);
    daemon.freeze();
    const problem = await running;
    expect(problem.code).toBe('command-timed-out');
    expect(String(await closed.promise)).toContain('hung and could not be ended');
    daemon.thaw();
    expect((await run(await pool.acquire(targetOf(daemon), {}), 'echo back')).stdout).toBe('back\n');
  });

  test('a cancelled command is told as cancelled', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    const giveUp = new AbortController();
    const running = problemFrom(
      connection.run({ script: 'sleep 600', privilege: 'none' }, { deadlineMs: 60_000, signal: giveUp.signal }),
    );
    await sleep(200);
    giveUp.abort();
    expect((await running).code).toBe('cancelled');
  });

  test('R21: a frozen peer is declared dead, and its waiting command is told (shortened times)', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon], { timings: { keepaliveIntervalMs: 200, keepaliveDeadMs: 600 } });
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    await sleep(1_500);
    expect(pool.stats().connections).toBe(1);
    const waiting = problemFrom(run(connection, 'sleep 600', 60_000));
    daemon.freeze();
    const began = performance.now();
    const problem = await waiting;
    expect([problem.code, problem.message]).toEqual(['connection-lost', expect.stringContaining('no sign of life')]);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(pool.stats().connections).toBe(0);
  });

  test('R21: a frozen peer is declared dead within 45 s (the real times)', { timeout: 60_000 }, async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    const closed = Promise.withResolvers<Error | undefined>();
    connection.onClosed(closed.resolve);
    await run(connection, 'echo alive');
    daemon.freeze();
    const began = performance.now();
    expect(String(await closed.promise)).toContain('no sign of life');
    expect(performance.now() - began).toBeLessThan(45_000);
  });

  test('R22: what was under way during a sleep is not called dead when the laptop wakes', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon], {
      timings: { keepaliveIntervalMs: 200, keepaliveDeadMs: 600, wakePatienceMs: 2_500 },
    });
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    const shell = await connection.openShell();
    pool.suspend();
    daemon.freeze();
    await sleep(1_000);
    pool.resume();
    // Its deadline is shorter than the network needs to come back.
    const first = shell.run({ script: 'echo awake', privilege: 'none' }, { deadlineMs: 300 });
    await sleep(1_200);
    daemon.thaw();
    expect((await first).stdout).toBe('awake\n');
    expect(pool.stats().connections).toBe(1);
  });

  test('R22: after a wake a session that stays silent is closed once the patience is over', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon], { timings: { wakePatienceMs: 800 } });
    onTestFinished(() => pool.close());
    await pool.acquire(targetOf(daemon), {});
    // sshd tells its other host keys right after the login: bytes of before the freeze are a sign of life, too.
    await sleep(500);
    pool.suspend();
    daemon.freeze();
    pool.resume();
    await sleep(500);
    expect(pool.stats().connections).toBe(1);
    await expect.poll(() => pool.stats().connections).toBe(0);
  });

  test('R22: while suspended nothing new is begun; after the wake it is', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    pool.suspend();
    expect((await problemFrom(pool.acquire(targetOf(daemon), { deadlineMs: 2_000 }))).code).toBe(
      'connection-timed-out',
    );
    expect(daemon.log()).not.toContain('Accepted');
    const waiting = pool.acquire(targetOf(daemon), {});
    pool.resume();
    (await waiting).release();
  });
});

describe.skipIf(findSshd() === undefined)('R23: what a stock sshd allows', () => {
  test('R23: forty commands at once on one node use at most six channels, and none is refused', async () => {
    const daemon = await daemonWith(['MaxSessions 10']);
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    let most = 0;
    const watching = setInterval(() => {
      most = Math.max(most, pool.stats().channels);
    }, 1);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_value, index) => run(connection, `sleep 0.02; echo ${index}`, 30_000)),
    );
    clearInterval(watching);
    expect(answers.map((answer) => answer.stdout)).toEqual(Array.from({ length: 40 }, (_value, index) => `${index}\n`));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6);
  });

  test('R23: a server that allows only two sessions is used with two', async () => {
    const daemon = await daemonWith(['MaxSessions 2']);
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_value, index) => run(connection, `sleep 0.05; echo ${index}`, 30_000)),
    );
    expect(answers).toHaveLength(8);
  });

  test('a login that may open no session at all is told so', async () => {
    const daemon = await daemonWith(['MaxSessions 0']);
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const connection = await pool.acquire(targetOf(daemon), {});
    expect((await problemFrom(run(connection, 'true'))).code).toBe('too-many-sessions');
  });

  test(
    'R23: sixty logins through one jump host, eight at a time, and its stock MaxStartups drops none',
    { timeout: 60_000 },
    async () => {
      const hop = await daemonWith(['MaxStartups 10:30:100']);
      const nodes = await daemonWith(['MaxStartups 10:30:100'], ['127.0.9.1']);
      const pool = poolFor([hop, nodes]);
      onTestFinished(() => pool.close());
      let most = 0;
      const watching = setInterval(() => {
        most = Math.max(most, pool.stats().handshakes);
      }, 1);
      const held = await Promise.all(
        Array.from({ length: 60 }, (_value, index) =>
          pool.acquire(targetOf(nodes, { secretScope: String(index), jumps: [targetOf(hop)] }), {}),
        ),
      );
      clearInterval(watching);
      expect([held.length, pool.stats().connections]).toEqual([60, 61]);
      expect(most).toBeGreaterThan(4);
      expect(most).toBeLessThanOrEqual(8);
      expect(nodes.log()).not.toContain('MaxStartups');
    },
  );

  test('R23: at one machine never more than eight are under way, however slow they are, and its stock MaxStartups drops none', async () => {
    const daemon = await daemonWith(['MaxStartups 10:30:100']);
    // Every login counts as slow at once, so that the pool's own places are given back while it goes on.
    const pool = poolFor([daemon], { timings: { silentSlotMs: 0, slowSlotMs: 0 } });
    onTestFinished(() => pool.close());
    const held = await Promise.all(
      Array.from({ length: 60 }, (_value, index) => pool.acquire(targetOf(daemon, { secretScope: String(index) }), {})),
    );
    expect([held.length, pool.stats().connections]).toEqual([60, 60]);
    expect(daemon.log()).not.toContain('MaxStartups');
  });

  test('equal targets share one connection and one handshake', async () => {
    const daemon = await daemonWith();
    const pool = poolFor([daemon]);
    onTestFinished(() => pool.close());
    const held = await Promise.all(Array.from({ length: 12 }, () => pool.acquire(targetOf(daemon), {})));
    expect(pool.stats().connections).toBe(1);
    expect(daemon.log().match(/Accepted publickey/g)).toHaveLength(1);
    for (const connection of held.slice(1)) connection.release();
    expect((await run(held[0] ?? expect.unreachable(), 'echo one holder is enough')).exitStatus).toBe(0);
    held[0]?.release();
    held[0]?.release();
    expect(pool.stats().connections).toBe(0);
  });

  test('dead nodes delay a living one by no more than their silence', async () => {
    const dead = await daemonWith(
      [],
      Array.from({ length: 16 }, (_value, index) => `127.0.8.${index + 1}`),
    );
    const living = await daemonWith();
    dead.freeze();
    const pool = poolFor([dead, living]);
    onTestFinished(() => pool.close());
    const lost = Array.from({ length: 16 }, (_value, index) =>
      pool.acquire(targetOf(dead, { secretScope: String(index) }), {}).catch(() => undefined),
    );
    const began = performance.now();
    await pool.acquire(targetOf(living), {});
    expect(performance.now() - began).toBeLessThan(4_000);
    pool.close();
    await Promise.all(lost);
  });
});
