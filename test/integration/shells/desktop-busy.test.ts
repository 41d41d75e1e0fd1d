import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startDouble } from '../../helpers/electron-double/start.ts';
import type { RunningDouble } from '../../helpers/electron-double/start.ts';
import { builtFolder } from '../../helpers/shells/built.ts';
import { chromiumPath } from '../../helpers/shells/chromium.ts';

describe.skipIf(chromiumPath === undefined)('the desktop shell while an operation runs', () => {
  let out: string;
  let folder: string;
  let double: RunningDouble;
  const dialogs = async (): Promise<number> => (await double.state()).recorded.dialogs.length;

  beforeAll(async () => {
    out = builtFolder();
    folder = await mkdtemp(join(tmpdir(), 'rackside-busy-'));
  }, 120_000);
  afterEach(() => double.kill());
  afterAll(() => rm(folder, { recursive: true }));

  async function open(): Promise<void> {
    const main = fileURLToPath(new URL('../../helpers/shells/busy-main.ts', import.meta.url));
    double = startDouble(main, [`--data-dir=${folder}`], { RACKSIDE_TEST_OUT: out, XDG_RUNTIME_DIR: folder });
    await expect.poll(async () => (await double.state()).windows[0]?.isVisible, { timeout: 30_000 }).toBe(true);
  }

  test.each(['close-window', 'quit'] as const)(
    '%s asks once; keep running keeps it, hand over ends it',
    async (kind) => {
      await open();
      await double.ask({ kind });
      await double.ask({ kind });
      await expect.poll(dialogs).toBe(1);
      expect((await double.state()).recorded.dialogs[0]).toEqual({
        message: 'An operation is running.',
        buttons: ['Keep running', 'Hand over and quit'],
      });
      await double.ask({ kind: 'answer-dialog', button: 0 });
      await expect.poll(async () => (await double.state()).windows.length).toBe(1);
      await expect
        .poll(async () => {
          // The answer takes a moment to arrive; then closing asks anew.
          await double.ask({ kind });
          return dialogs();
        })
        .toBe(2);
      expect(double.output()).not.toContain('handed over');
      await double.ask({ kind: 'answer-dialog', button: 1 });
      expect(await double.ended).toBe(0);
      expect(double.output()).toContain('handed over\nclosed\n');
    },
  );

  test('the system is kept from suspending the program, and the screen is not', async () => {
    await open();
    expect((await double.state()).powerBlockers).toEqual(['prevent-app-suspension']);
  });

  test('sleep and wake of the system reach the app, and its notifications the system', async () => {
    await open();
    await double.ask({ kind: 'power', event: 'suspend' });
    await double.ask({ kind: 'power', event: 'resume' });
    expect((await double.state()).recorded.notifications).toEqual([
      { title: 'power', body: 'suspend' },
      { title: 'power', body: 'resume' },
    ]);
  });
});
