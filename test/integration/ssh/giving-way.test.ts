import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RemoteCommand, SshPool } from '../../../electron/core/ssh/transport.ts';
import { poolFor, targetOf } from '../../helpers/ssh-pool.ts';
import { findSshd, startSshd } from '../../helpers/sshd.ts';

const soon = { deadlineMs: 10_000 };
const says = (words: string): RemoteCommand => ({ script: 'echo "$1"', args: [words], privilege: 'none' });

async function connectionTo(config: readonly string[]) {
  const daemon = await startSshd({ config });
  onTestFinished(() => daemon.close());
  const pool: SshPool = poolFor([daemon]);
  onTestFinished(() => pool.close());
  return { pool, connection: await pool.acquire(targetOf(daemon), {}) };
}

describe.skipIf(findSshd() === undefined)(
  'R23: channels that are kept for later give way to what is asked for now',
  () => {
    test('R23: with every channel held by a shell that rests, a command is answered at once, and every shell goes on', async () => {
      const { pool, connection } = await connectionTo([]);
      const shells = [];
      for (let count = 0; count < 6; count += 1) shells.push(await connection.openShell());
      expect(pool.stats().channels).toBe(6);
      const began = performance.now();
      expect((await connection.run(says('now'), soon)).stdout).toBe('now\n');
      expect(performance.now() - began).toBeLessThan(3_000);
      const answers = await Promise.all(shells.map((shell, index) => shell.run(says(String(index)), soon)));
      expect(answers.map(({ stdout }) => stdout)).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n']);
      expect(pool.stats().channels).toBeLessThanOrEqual(6);
    });

    test('R23: a shell that is busy is not closed for another', async () => {
      const { connection } = await connectionTo(['MaxSessions 2']);
      const [busy, resting] = [await connection.openShell(), await connection.openShell()];
      const long = busy.run({ script: 'sleep 1; echo whole', privilege: 'none' }, soon);
      await resting.run(says('ready'), soon);
      expect((await connection.run(says('between'), soon)).stdout).toBe('between\n');
      expect((await long).stdout).toBe('whole\n');
      expect((await resting.run(says('again'), soon)).stdout).toBe('again\n');
    });

    test('R23: shells that are taken into use in the same moment as others need their channels lose nothing', async () => {
      const { connection } = await connectionTo([]);
      const shells = [];
      for (let count = 0; count < 6; count += 1) shells.push(await connection.openShell());
      // Each turn of the loop asks for a channel a little later after the shells were asked to run.
      for (let turns = 0; turns < 12; turns += 1) {
        const kept = shells.map((shell) => shell.run(says('kept'), soon));
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        const alone = connection.run(says('alone'), soon);
        expect((await Promise.all(kept)).map(({ stdout }) => stdout)).toEqual(shells.map(() => 'kept\n'));
        expect((await alone).stdout).toBe('alone\n');
      }
    });

    test.each([1, 2, 3])(
      'R23: a server with %i sessions serves three shells, a followed log and a command',
      async (limit) => {
        const { pool, connection } = await connectionTo([`MaxSessions ${limit}`]);
        const lines: string[] = [];
        const first = await connection.openShell();
        await first.run(says('first'), soon);
        const following = await connection
          .follow(
            { script: 'while :; do echo tick; sleep 0.1; done', privilege: 'none' },
            (line) => lines.push(line),
            () => {},
          )
          .catch(() => undefined);
        const shells = [first, await connection.openShell(), await connection.openShell()];
        for (let round = 0; round < 3; round += 1) {
          const asked = shells.map((shell, index) => shell.run(says(`${round}.${index}`), soon));
          const alone = connection.run(says('alone'), soon);
          expect(await Promise.all(asked)).toHaveLength(3);
          expect((await alone).stdout).toBe('alone\n');
        }
        expect(pool.stats().channels).toBeLessThanOrEqual(limit);
        // A log is kept where there is room for it beside the others.
        const before = lines.length;
        await sleep(400);
        expect(lines.length > before).toBe(limit > 2);
        following?.close();
      },
    );
  },
);
