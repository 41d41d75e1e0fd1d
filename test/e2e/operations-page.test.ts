import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { operationHash } from './helpers/operation-states.ts';
import { transcript, withOperations } from './helpers/operation-scenario.ts';
import { ended, failed, progress, running, smooth, unattended } from './helpers/operations.ts';
import { callsOf, describePages } from './helpers/pages.ts';
import { announce, figures, onRegion, shownBy } from './helpers/operation-pages.ts';

describePages('the page of an operation', ({ show }) => {
  const showOperation = shownBy(show);

  test('says what is done to which node, why and by whom, and the figures of it', async () => {
    const page = await showOperation(running(Date.now()));
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Put fra2-r04-n06 into maintenance');
    expect(await page.locator('.rk-oh__by').textContent()).toMatch(
      /^“Replace DIMM A7, ticket DC-4409”, m\.keller on kestrel-lt, started (?:\d+ \w+, )?\d\d:\d\d, open fra2-r04-n06$/,
    );
    expect((await figures(page)).filter((text) => !/^(Elapsed|Updated)/.test(text))).toEqual([
      'Operation: Running',
      'VMs moved: 5 of 8',
      'Memory moved: 190 of 224 GiB',
      'Rate: 1.38 GiB/s',
      'Left: not known: 1 VM stalls',
    ]);
    expect(await page.getByRole('group', { name: 'Status of fra2-r04-n06' }).textContent()).toBe(
      'Entering maintenance',
    );
  });

  test('each VM has its row: bar, left, rate, ETA, or the word stalled', async () => {
    const page = await showOperation(running(Date.now()));
    const cells = (name: string) => page.locator(`[data-vm="${name}"] > *`).allTextContents();
    expect(await cells('kafka-broker-5')).toEqual([
      'kafka-broker-5',
      '48',
      'fra2-r09-n03',
      'Moving',
      '71 %',
      '14,254',
      '1,092',
      '13 s',
      'pass 2, dirty 61 MiB/s',
    ]);
    expect((await cells('metrics-tsdb-2')).slice(3)).toEqual([
      'Not converging',
      '88 %',
      '3,932',
      '318',
      'stalled',
      'pass 9, dirty 402 MiB/s',
    ]);
    expect((await cells('orders-db-replica')).slice(3)).toEqual(['Moved', '100 %', '—', '—', '—', 'in 1 m 22 s']);
  });

  test('a bar never goes back: a new pass changes the number only', async () => {
    const now = Date.now();
    const page = await showOperation(smooth(now));
    const bar = page.locator('[data-vm="kafka-broker-5"] .rk-mv i');
    expect(await bar.getAttribute('style')).toBe('width: 71%;');
    const vms = smooth(now).vms.map((vm) =>
      vm.domain === 'kafka-broker-5' ? { ...vm, progress: progress(now, 48, 30_000, { iteration: 3 }) } : vm,
    );
    await announce(page, { ...smooth(now), vms, updatedAt: now + 1000 });
    await page.getByText('pass 3').waitFor();
    expect(await page.locator('[data-vm="kafka-broker-5"] .rk-prog__n').textContent()).toBe('38 %');
    expect(await bar.getAttribute('style')).toBe('width: 71%;');
  });

  test('it is found again after a reload, with its transcript', async () => {
    const page = await showOperation(running(Date.now()));
    await page.reload();
    await page.getByText('metrics-tsdb-2 writes memory faster than it moves').waitFor();
    await page.getByText('resource billing-worker-09 is running on: fra2-r02-n09').waitFor();
  });

  test('the transcript grows as commands are sent, and follows until a person scrolls away', async () => {
    const now = Date.now();
    const page = await showOperation(running(now));
    const log = page.getByRole('region', { name: 'Commands' });
    const send = (from: number, count: number): Promise<void> =>
      page.evaluate(
        ({ entry, first, many, on }) => {
          const entries = Array.from({ length: many }, (_, index) => ({
            ...entry,
            sequence: first + index,
            command: `virsh domstate vm-${String(first + index)}`,
          }));
          window.testBridge.emit('operation.transcript', {
            ...(on as { regionId: never; operationId: never }),
            entries,
          });
        },
        { entry: transcript(now)[3]!, first: from, many: count, on: onRegion },
      );
    const fromEnd = (): Promise<number> =>
      log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
    await send(8, 40);
    await page.getByText('virsh domstate vm-47').waitFor();
    await expect.poll(fromEnd).toBeLessThan(8);
    await log.hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(() => page.getByRole('checkbox', { name: 'Follow' }).isChecked()).toBe(false);
    await send(48, 5);
    await page.getByText('virsh domstate vm-52').waitFor();
    expect(await fromEnd()).toBeGreaterThan(100);
    await page.getByRole('checkbox', { name: 'Follow' }).check();
    await expect.poll(fromEnd).toBeLessThan(8);
  });

  test('a command says how it ended; one that nobody saw end claims nothing', async () => {
    const page = await showOperation(failed(Date.now()));
    await page.locator('[data-sequence="7"]').waitFor();
    expect(await page.locator('[data-sequence="6"] .rk-log__bad').textContent()).toBe('exit 1, 0.07 s');
    expect(await page.locator('[data-sequence="7"] .rk-log__exit').textContent()).toBe('nobody saw it end');
  });

  test('after a gap operation and transcript are asked again, from the first command without its end', async () => {
    const now = Date.now();
    const page = await showOperation(running(now));
    await page.locator('[data-sequence="7"]').waitFor();
    const before = (await callsOf(page, 'operations.transcript')).length;
    await page.evaluate(
      (next) => {
        window.testBridge.emit('operation.changed', next, 2);
      },
      running(now, { updatedAt: now }),
    );
    await expect.poll(async () => (await callsOf(page, 'operations.transcript')).length).toBeGreaterThan(before);
    expect((await callsOf(page, 'operations.transcript')).at(-1)).toEqual({ ...onRegion, after: 6 });
  });

  test('Copy and Save hand out the transcript', async () => {
    const page = await showOperation(running(Date.now()), {
      answers: {
        'operations.export': { fileName: 'rackside-7f3a0192.txt', text: 'Put fra2-r04-n06 into maintenance\n' },
      },
    });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('[data-sequence="7"]').waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('$ virsh domstate billing-worker-09');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('rackside-7f3a0192.txt');
    expect(await readFile(await download.path(), 'utf8')).toBe('Put fra2-r04-n06 into maintenance\n');
    expect(await callsOf(page, 'operations.export')).toEqual([onRegion]);
  });

  test('when it ended it says how, and what is left as it is', async () => {
    const page = await showOperation(ended(Date.now()));
    await page.locator('.rk-need').getByText('fra2-r04-n06 went into maintenance.').waitFor();
    expect(await page.locator('.rk-need__left li').allTextContents()).toEqual([
      '7 VMs keep their place by a pin until fra2-r04-n06 is activated.',
      'The node is powered on.',
    ]);
    expect(await page.getByText('If you cancel').count()).toBe(0);
  });

  test('one that waits for its turn does not promise to wait for the limit of the region', async () => {
    const page = await showOperation(running(Date.now(), { state: { kind: 'queued', behind: 'fra2-r04-n05' } }));
    expect(await page.locator('.rk-need__text').textContent()).toBe(
      'Nothing of it has begun. It is begun when fra2-r04-n05 is in maintenance. What is true then is judged anew: where the region’s limit, or anything else, does not allow it any more, it ends without having begun. Closing Rackside forgets it.',
    );
  });

  test('the message of the specification is said word for word', async () => {
    const message = 'Node fra2-r04-n06 is being forcefully deactivated.';
    const page = await showOperation(running(Date.now(), { command: 'force-maintenance', message }));
    expect(await page.locator('.rk-oh__message').textContent()).toBe(` ${message}`);
  });

  test('progress is spoken at most every 15 s, an end at once', async () => {
    const now = Date.now();
    const page = await showOperation(running(now));
    const polite = page.locator('[aria-live="polite"].rk-sr').first();
    await expect.poll(() => polite.textContent()).toBe('Move the VMs. 5 of 8 VMs done. metrics-tsdb-2 is stalled');
    const vms = running(now).vms.map((vm) => ({ ...vm, state: 'moved' as const, progress: null }));
    // The first change is told at once; the next one waits.
    await announce(
      page,
      running(now, {
        updatedAt: now + 1000,
        vms: vms.map((vm, index) => (index === 7 ? { ...vm, state: 'waiting' as const } : vm)),
      }),
    );
    await expect.poll(() => polite.textContent()).toBe('Move the VMs. 7 of 8 VMs done');
    await announce(page, running(now, { updatedAt: now + 2000, vms }));
    await page.getByText('8 of 8', { exact: true }).waitFor();
    expect(await polite.textContent()).toBe('Move the VMs. 7 of 8 VMs done');
    await announce(page, ended(now, { updatedAt: now + 3000 }));
    await expect
      .poll(() => page.locator('.rk-sr[role=status]').allTextContents())
      .toContain('fra2-r04-n06 went into maintenance.');
  });

  test('below 1366 the Detail column is the row’s tooltip, and the transcript has four lines', async () => {
    const page = await showOperation(running(Date.now()), {}, 1280);
    expect(await page.getByRole('columnheader', { name: 'Detail' }).isVisible()).toBe(false);
    await page.locator('[data-vm="orders-db-replica"]').focus();
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('#rk-tip').textContent()).toContain('pass 2, dirty 61 MiB/s');
    const log = await page.getByRole('region', { name: 'Commands' }).evaluate(({ clientHeight }) => clientHeight);
    expect(Math.floor((log - 16) / 17)).toBe(4);
  });

  test('a step that was not reached waits while the operation may go on, and was not begun once it has ended', async () => {
    const now = Date.now();
    const page = await showOperation(running(now));
    const standby = page.locator('.rk-step', { hasText: 'Standby in Pacemaker' }).locator('b');
    expect(await standby.textContent()).toBe('Standby in Pacemaker, waits');
    await announce(page, {
      ...running(now),
      state: { kind: 'ended', at: now, outcome: 'cancelled', left: [] },
      actions: [],
    });
    await expect.poll(() => standby.textContent()).toBe('Standby in Pacemaker, not begun');
  });

  test('of an operation that another laptop drove it is not said that nothing was sent, but that this laptop sent nothing', async () => {
    const now = Date.now();
    const one = unattended(now);
    const answers = { 'operations.transcript': [] };
    const page = await showOperation(one, { answers });
    await page.getByText('This laptop has sent no command of it.').waitFor();
  });

  test('an operation that is not known says so and leads back', async () => {
    const page = await show(
      withOperations(Date.now(), [], {
        problems: { 'operations.get': { code: 'operation-not-found', message: 'No such operation.', advice: '' } },
      }),
      { hash: operationHash() },
    );
    await page.getByText('This operation is not known in this region').waitFor();
    await page.getByRole('link', { name: 'Back to the operations' }).click();
    await page.getByText('No operation in Frankfurt 2 yet').waitFor();
  });
});
