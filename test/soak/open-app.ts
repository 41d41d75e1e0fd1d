import { join } from 'node:path';
import type { EventEnvelope } from '#shared/contract/contract.ts';
import type { DemoReady } from '#shared/model/demo.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { LoginSettings } from '#shared/model/region.ts';
import { openStore } from '../../electron/core/db/store.ts';
import { knownHostName } from '../../electron/core/ssh/target-names.ts';
import { startAppProcess, type AppProcess } from '../helpers/app-process/app-process.ts';
import { fillHistory } from './fill-history.ts';

/**
 * The app on a data folder that knows the simulated region as a real one, with a week of its metrics: as its own demo region the app would
 * begin with none, and its truth would come through the app.
 */
export async function startSoakApp(options: {
  readonly folder: string;
  readonly ready: DemoReady;
  readonly members: readonly string[];
  readonly onEvent: (event: EventEnvelope) => void;
}): Promise<{ readonly app: AppProcess; readonly regionId: RegionId }> {
  const { folder, ready, members } = options;
  const { user, password, jump, seeds, hostKeys } = ready;
  const login: LoginSettings = { user, port: 22, methods: [{ kind: 'password' }] };
  const store = openStore(join(folder, 'data'), { now: Date.now, log: { warn: console.warn } });
  const { id: regionId } = store.regions.add({
    name: 'Soaked',
    colour: 'teal',
    seeds: seeds.map((host) => ({ host, port: 22 })),
    login,
    jumps: [{ host: jump.address, port: jump.port, login: { ...login, port: jump.port } }],
    nodeLogins: {},
  });
  // Makes the region's folder.
  store.openInventory(regionId).close();
  const ids = members.map((name) => `member:${name}`);
  fillHistory(store.metricsFile(regionId), ids, Date.now());
  store.close();

  const app = await startAppProcess({ folder, onEvent: options.onEvent });
  await app.call('knownHosts.trust', {
    keys: hostKeys.map(({ host, port, keyBase64 }) => ({ host: knownHostName(host, port), keyBase64 })),
  });
  for (const [scope, host] of [
    [regionId, seeds[0] ?? ''],
    [`${regionId}/jump/${jump.address}`, jump.address],
  ] as const)
    await app.call('secrets.supply', { scope, kind: 'password', user, host, value: password, remember: false });
  return { app, regionId };
}
