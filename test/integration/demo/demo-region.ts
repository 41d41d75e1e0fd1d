import type { TestContext } from 'vitest';
import type { RegionId } from '../../../shared/model/ids.ts';
import type { LoginSettings } from '../../../shared/model/region.ts';
import { startDemo, type RunningDemo } from '../../../electron/demo/demo.ts';
import { defaultDemoOptions, type DemoOptions } from '../../../electron/demo/messages.ts';
import { knownHostName } from '../../../electron/core/ssh/target-names.ts';
import { regionOf, runApp, type RunningApp } from '../../helpers/running-app.ts';

/** A demo region in this process, and the app that has opened it through its contract as the demo's profile does. */
export interface OpenedDemo {
  readonly demo: RunningDemo;
  readonly running: RunningApp;
  readonly id: RegionId;
  /** Commands that the simulation did not know; a test ends with none. */
  readonly unknown: readonly { readonly node: string; readonly script: string }[];
}

/** Starts both; closed with the test, which fails where the simulation did not know a command. */
export async function openDemo(
  { onTestFinished }: TestContext,
  options: Partial<DemoOptions> = {},
): Promise<OpenedDemo> {
  const unknown: { readonly node: string; readonly script: string }[] = [];
  const demo = await startDemo({ ...defaultDemoOptions, ...options }, (one) => unknown.push(one));
  onTestFinished(() => demo.close());
  const running = await runApp();
  onTestFinished(() => running.close());
  onTestFinished(() => {
    const [first] = unknown;
    if (first !== undefined)
      throw new Error(`${unknown.length} unknown commands, the first on ${first.node}: ${first.script}`);
  });
  await running.call('settings.set', { clusterIntervalMs: 2000 });
  const { user, password, jump, seeds, hostKeys } = demo.ready;
  await running.call('knownHosts.trust', {
    keys: hostKeys.map(({ host, port, keyBase64 }) => ({ host: knownHostName(host, port), keyBase64 })),
  });
  const login: LoginSettings = { user, port: 22, methods: [{ kind: 'password' }] };
  const { id } = await running.call(
    'regions.add',
    regionOf({
      name: 'Demo',
      login,
      seeds: seeds.map((host) => ({ host, port: 22 })),
      jumps: [{ host: jump.address, port: jump.port, login: { ...login, port: jump.port } }],
    }),
  );
  for (const [scope, host] of [
    [id, seeds[0] ?? ''],
    [`${id}/jump/${jump.address}`, jump.address],
  ] as const)
    await running.call('secrets.supply', { scope, kind: 'password', user, host, value: password, remember: false });
  await running.call('regions.open', { regionId: id });
  return { demo, running, id, unknown };
}
