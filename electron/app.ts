import { userInfo } from 'node:os';
import { join } from 'node:path';
import { assertPresent } from '#shared/assert.ts';
import type { AppInfo } from '#shared/contract/app.ts';
import { demoLabelOf, type DemoOptions, type DemoProcess } from '#shared/model/demo.ts';
import type { RegionId } from '#shared/model/ids.ts';
import { regionWords } from '#shared/model/region-words.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import type { SecretVault } from '#shared/model/secret-vault.ts';
import { DataFolderHeld } from './core/db/data-folder-held.ts';
import { lockDataFolder } from './core/db/lock.ts';
import { openStore } from './core/db/store.ts';
import { createDemo } from './core/demo-region/demo.ts';
import { installCrashHandlers } from './core/log/crash.ts';
import { createLog } from './core/log/log.ts';
import { createKeepAwake } from './core/operations/keep-awake.ts';
import { openOperations, type OpenOperations } from './core/operations/open-operations.ts';
import { ownerHere } from './core/operations/owner.ts';
import { operationClockOf, type OperationClock } from './core/operations/time.ts';
import { createMetrics } from './core/metrics/metrics.ts';
import { createRegionCache } from './core/region/cache.ts';
import { openRegion, type OpenRegion } from './core/region/open-region.ts';
import { createLastRegion } from './core/region/last-region.ts';
import { createRegions } from './core/region/regions.ts';
import { createSecretKeeper } from './core/region/secret-keeper.ts';
import { agentSocketOf } from './core/ssh/agent-socket.ts';
import { createImportHost } from './core/ssh/ssh-config.ts';
import type { SshPool } from './core/ssh/transport.ts';
import { createSshPool } from './core/ssh/ssh-pool.ts';
import { systemClock } from './core/ssh/timings.ts';
import { askFeed } from './core/updates/ask-feed.ts';
import { createUpdates } from './core/updates/updates.ts';
import { createDispatcher } from './ipc/dispatcher.ts';
import type { Dispatcher } from './ipc/dispatcher.ts';
import { createEventHub } from './ipc/event-hub.ts';
import type { EventHub } from './ipc/event-hub.ts';
import { appHandlers } from './ipc/handlers/app.ts';
import type { Handlers } from './ipc/handlers/call.ts';
import { demoHandlers } from './ipc/handlers/demo.ts';
import { operationHandlers } from './ipc/handlers/operations.ts';
import { regionHandlers } from './ipc/handlers/regions.ts';
import { trustHandlers } from './ipc/handlers/trust.ts';

export { DataFolderHeld };

/** Sleep and wake of the computer. */
export interface PowerPort {
  onSuspend(listener: () => void): () => void;
  onResume(listener: () => void): () => void;
  /** Whether this shell can keep the computer from falling asleep by itself; `hold` answers what ends it. */
  readonly keepAwake:
    | { readonly kind: 'can'; hold(): () => void }
    | { readonly kind: 'cannot'; readonly because: string };
}

/** What the composition needs of its shell. */
export interface Ports {
  readonly dataFolder: string;
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  readonly vault: SecretVault;
  readonly power: PowerPort;
  readonly notify: (title: string, body: string) => void;
  /** The built worker that owns the metrics files. */
  readonly metricsWorker: URL;
  readonly homeFolder: string;
  /** The demo region: how its process is started, and with what. */
  readonly demo: { readonly options: DemoOptions; readonly startProcess: () => DemoProcess };
  /** Where a second start on the same data folder asks this instance for a window or a URL; told to whoever finds the lock held. */
  readonly instanceEndpoint: string;
  /** Ends the program after an error that nobody caught, when its state is not known any more. Without it such errors are not caught here. */
  readonly onCrash?: () => void;
}

export interface App {
  readonly dispatcher: Dispatcher;
  readonly events: EventHub;
  /** Operations that would be left behind if the program ended now. */
  runningOperations(): number;
  /** Stops driving what runs here: each stays recorded in the cluster, with its lease free for whoever continues it. What waits for its turn is dropped. */
  handOver(): Promise<void>;
  /** A page is on its way: what it will ask for is made ready while it is loaded. */
  expectPage(): void;
  /** Bugs that no caller hears of go to the log. */
  logError(error: unknown): void;
  close(): Promise<void>;
}

/**
 * Builds the core and its door for one shell, and decides nothing itself.
 * @throws DataFolderHeld where another instance runs on the same folder.
 * @throws ProblemError `data-folder-unwritable`, `data-from-the-future`, `disk-full`.
 */
export function startApp(ports: Ports): Promise<App> {
  const { dataFolder } = ports;
  const now = (): number => Date.now();
  const attempt = lockDataFolder(dataFolder, { now });
  if (attempt.kind === 'held') {
    return Promise.reject(new DataFolderHeld(dataFolder, attempt.holder?.endpoint ?? null));
  }
  const { lock } = attempt;
  lock.setEndpoint(ports.instanceEndpoint);
  const log = createLog({ folder: join(dataFolder, 'logs'), now });
  const stopWatchingForCrashes = ports.onCrash === undefined ? () => {} : installCrashHandlers(log, ports.onCrash);
  const store = openStore(dataFolder, { now, log, lock, demoLabel: demoLabelOf(ports.demo.options) });
  log.onLost((because) =>
    store.notices.add({
      level: 'warning',
      message: `The log cannot be written: ${because}.`,
      advice: `Look at ${log.path}: until it can be written, what happens is not kept there.`,
    }),
  );
  const events = createEventHub({ onError: (error) => log.error('an event could not be delivered', { error }) });
  const secrets = createSecretKeeper({
    vault: ports.vault,
    repository: store.secrets,
    redact: (value) => log.redactor.addSecret(value),
  });
  const agentSocket = agentSocketOf(process.platform, process.env);
  const pool = createSshPool({
    secrets,
    knownHosts: store.knownHosts,
    knownHostsFiles: [join(ports.homeFolder, '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'],
    ...(agentSocket === undefined ? {} : { agentSocket }),
    log: (line) => log.info(line),
  });
  const demo = createDemo({
    ...ports.demo,
    now,
    redact: (value) => log.redactor.addSecret(value),
    onWoke: (id) => {
      for (const region of regions.all()) if (region.profile.id === id) region.resume();
    },
    log: (line) => log.info(line),
  });
  const clock = operationClockOf(systemClock);
  const operations = new Map<RegionId, OpenOperations>();
  const { keepAwake } = ports.power;
  const awake = createKeepAwake(keepAwake.kind === 'can' ? () => keepAwake.hold() : () => () => {});
  /** Begins to observe a region through a pool, and to act on it. */
  const observe = (profile: RegionProfile, through: SshPool, itsClock: OperationClock): OpenRegion => {
    const inventory = store.openInventory(profile.id);
    const region = openRegion(profile, {
      pool: through,
      clock: itsClock,
      settings: () => store.settings.get(),
      cache: createRegionCache(inventory),
      metrics: createMetrics({
        file: store.metricsFile(profile.id),
        workerUrl: ports.metricsWorker,
        now,
        onNotice: (notice) => store.notices.add(notice),
      }),
      log: log.scoped('region'),
      onChanged: (event) => events.publish('region.changed', event),
      onTrends: (event) => events.publish('region.trends', event),
    });
    const acting = openOperations({
      region: region.access,
      inventory,
      clock: itsClock,
      owner: ownerHere(),
      redact: (text) => log.redactor.redact(text),
      logError: (error) => log.error('an operation ended with an error of ours', { error }),
      onChanged: (operation) => {
        awake.onChanged(operation);
        events.publish('operation.changed', operation);
      },
      onTranscript: (event) => events.publish('operation.transcript', event),
      onSmallChange: (words) => log.info(words, { region: profile.name }),
      notify: (title, body) => ports.notify(`${regionWords(profile)}: ${title}`, body),
    });
    operations.set(profile.id, acting);
    return {
      ...region,
      async close() {
        operations.delete(profile.id);
        await acting.close();
        await region.close();
      },
    };
  };
  const regions = createRegions({
    repository: store.regions,
    forgetSecrets: (scope) => secrets.forget(scope),
    onListChanged: (profiles) => events.publish('regions.changed', profiles),
    openRegion: async (profile) => {
      if (profile.demoLabel === null) return observe(profile, pool, clock);
      const begun = await demo.begin(profile);
      try {
        // What was kept is of an earlier simulation: its nodes, operations and series are not these.
        store.forgetKept(profile.id);
        const described = store.regions.update(profile.id, begun.profile);
        events.publish('regions.changed', store.regions.list());
        const region = observe(described, begun.pool, operationClockOf(begun.clock));
        return {
          ...region,
          async close() {
            await region.close();
            await begun.end();
          },
        };
      } catch (error) {
        await begun.end();
        throw error;
      }
    },
  });
  const lastRegion = createLastRegion({
    clock: systemClock,
    shownLast: (key) => store.views.get(key),
    profiles: () => regions.list(),
    open: (id) => regions.open(id),
  });
  store.notices.subscribe((notice) => events.publish('app.notice', notice));
  const stopPower = [
    ports.power.onSuspend(() => {
      pool.suspend();
      demo.suspend();
    }),
    ports.power.onResume(() => {
      pool.resume();
      demo.resume();
      for (const region of regions.all()) region.resume();
    }),
  ];

  const updates = createUpdates({
    version: ports.version,
    platform: process.platform,
    arch: process.arch,
    feedUrl: () => store.settings.get().updateFeedUrl,
    ask: askFeed,
    clock,
    memory: store.updateMemory,
    notices: store.notices,
    log: (line, details) => log.warn(line, details),
  });
  const info: Omit<AppInfo, 'notices' | 'update'> = {
    version: ports.version,
    shell: ports.shell,
    dataFolder,
    logFile: log.path,
    secretStorage:
      ports.vault.kind === 'keychain' ? { kind: 'keychain' } : { kind: 'session-only', because: ports.vault.because },
    demo: ports.demo.options,
    sleep: keepAwake.kind === 'can' ? { kind: 'held' } : keepAwake,
  };
  const user = { home: ports.homeFolder, name: userInfo().username, environment: process.env };
  const importHost = createImportHost({ configFile: join(ports.homeFolder, '.ssh', 'config'), user });
  const handlers: Handlers = {
    ...appHandlers(store, info, updates, (settings) => events.publish('settings.changed', settings)),
    ...regionHandlers(regions, () => events.sequence(), importHost),
    ...operationHandlers((id) => {
      const region = regions.get(id);
      return assertPresent(operations.get(region.profile.id), 'an open region has its operations').calls;
    }),
    ...demoHandlers(regions, demo),
    ...trustHandlers(
      store.knownHosts,
      (id) => demo.knownHosts(id),
      secrets,
      (id, answers) => pool.answer(id, answers),
      () => store.regions.list(),
    ),
  };
  const dispatcher = createDispatcher(handlers, {
    onInternalError: ({ id, call, error }) => log.error(`error ${id} in ${call}`, { error }),
  });
  log.info('started', { version: ports.version, shell: ports.shell });
  return Promise.resolve({
    dispatcher,
    events,
    runningOperations: () =>
      [...operations].reduce(
        // Of a demo nothing is left behind: it ends with the program.
        (sum, [id, acting]) => sum + (demo.isRunning(id) ? 0 : acting.running().length),
        0,
      ),
    async handOver() {
      await Promise.all([...operations.values()].map((acting) => acting.close()));
    },
    expectPage: () => lastRegion.openSoon(),
    logError: (error) => log.error('an error that no caller hears of', { error }),
    async close() {
      for (const stop of stopPower) stop();
      lastRegion.close();
      updates.close();
      await regions.closeAll();
      awake.close();
      pool.close();
      stopWatchingForCrashes();
      log.info('ended');
      log.close();
      store.close();
      lock.release();
    },
  });
}
