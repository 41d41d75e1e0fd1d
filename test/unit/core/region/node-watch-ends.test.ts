import { describe, expect, test } from 'vitest';
import { slowProbeIds } from '../../../../electron/core/probes/slow-probes.ts';
import { machine, watching } from './node-watching.ts';
import { pass, problem, settle, type Machine } from './scripted-pool.ts';

const hour = 3_600_000;

describe('refresh', () => {
  test('reads every slow fact now and resolves when that is done', async () => {
    const { pool, watch, clock } = watching(() => machine());
    await pass(clock, 1000);
    const before = pool.asked.length;
    await watch.refresh('person');
    const asked = pool.asked.slice(before).map((one) => one.replace('c2 ', ''));
    expect(asked.filter((one) => one !== 'fast')).toEqual(slowProbeIds);
  });

  test('resolves though the connection is lost while it reads', async () => {
    let isLost = false;
    const { clock, watch } = watching(() =>
      machine((question) => (isLost && question === 'links' ? problem('connection-lost') : undefined)),
    );
    await pass(clock, 1000);
    isLost = true;
    await expect(watch.refresh('person')).resolves.toBeUndefined();
  });

  test('resolves though the node cannot be reached, after one more try', async () => {
    const { pool, clock, watch } = watching(() => problem('authentication-failed'));
    await pass(clock, 1000);
    await expect(watch.refresh('person')).resolves.toBeUndefined();
    expect(pool.tries).toHaveLength(2);
  });

  test('R22: an operation that asks for values does not try again what waits for a person', async () => {
    const { pool, clock, watch } = watching(() => problem('authentication-failed'));
    await pass(clock, 1000);
    await expect(watch.refresh('engine')).resolves.toBeUndefined();
    await pass(clock, 60_000, 1000);
    expect(pool.tries).toHaveLength(1);
    await watch.refresh('person');
    expect(pool.tries).toHaveLength(2);
  });

  test('resolves though the node goes away', async () => {
    const { clock, watch } = watching(() =>
      machine((question) => (question === 'system' ? new Promise(() => {}) : undefined)),
    );
    await pass(clock, 1000);
    const refreshed = watch.refresh('person');
    watch.close();
    await expect(refreshed).resolves.toBeUndefined();
    await expect(watch.refresh('person')).resolves.toBeUndefined();
  });
});

describe('close', () => {
  test.each([
    ['while it sleeps between two samples', () => machine()],
    ['while a probe runs', () => machine((question) => (question === 'links' ? new Promise(() => {}) : undefined))],
    ['while it connects', () => new Promise<Machine>(() => {})],
    ['while it waits for its next try', () => problem('connection-refused')],
    ['while it waits for a person', () => problem('authentication-failed')],
  ])('%s ends everything: no timer, no shell, no connection, no word more', async (_when, find) => {
    const { clock, pool, heard, watch } = watching(find);
    await pass(clock, 700, 100);
    watch.close();
    await settle();
    const toldBefore = heard.length;
    const asked = pool.asked.length;
    expect(clock.pending()).toBe(0);
    expect(pool.open()).toEqual({ connections: 0, shells: 0, follows: 0 });
    await pass(clock, hour, 60_000);
    watch.retry();
    watch.resume();
    await settle();
    expect(heard.length).toBe(toldBefore);
    expect(pool.asked.length).toBe(asked);
  });
});
