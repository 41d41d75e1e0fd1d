import type { DemoFault, DemoOptions, DemoProcess, DemoReady } from '#shared/model/demo.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { LoginSettings, RegionProfile } from '#shared/model/region.ts';
import { fail } from '#shared/problems.ts';
import { createSshPool } from '../ssh/ssh-pool.ts';
import type { SshClock } from '../ssh/timings.ts';
import type { SecretSource, SshPool } from '../ssh/transport.ts';
import { createDemoKnownHosts, type DemoKnownHosts } from './known-hosts.ts';
import { createLaptopClock } from './laptop-clock.ts';
import { createNap, type Nap } from './nap.ts';
import { refused, startWorld, type DemoWorld } from './world.ts';

/** What opening a demo region takes that any other region has already: a world, and a way in that is only its own. */
export interface BegunDemo {
  /** As the region itself says that it is reached. */
  readonly profile: RegionProfile;
  readonly pool: SshPool;
  /** The laptop's, for all that looks at this region: it stands still while the laptop sleeps. */
  readonly clock: SshClock;
  end(): Promise<void>;
}

/** The simulated regions that run; one at most where there is one demo region a data folder. */
export interface Demo {
  /** Starts a new world for this region. @throws ProblemError `demo-not-started`. */
  begin(profile: RegionProfile): Promise<BegunDemo>;
  /** @throws ProblemError `region-not-open`, `demo-ended`, `demo-fault-refused`. */
  inject(region: RegionId, fault: DemoFault): Promise<void>;
  /** What was let go wrong since the demo began, or since its last heal. */
  faults(region: RegionId): readonly DemoFault[];
  isRunning(region: RegionId): boolean;
  /** The known hosts of a demo that runs; `undefined` for any other region. */
  knownHosts(region: RegionId): DemoKnownHosts | undefined;
  suspend(): void;
  resume(): void;
}

interface Running {
  readonly world: DemoWorld;
  readonly pool: SshPool;
  readonly nap: Nap;
  readonly knownHosts: DemoKnownHosts;
  /** By what they say, so that the same one is kept once. */
  readonly faults: Map<string, DemoFault>;
}

export function createDemo(deps: {
  readonly startProcess: () => DemoProcess;
  readonly options: DemoOptions;
  readonly now: () => number;
  /** The laptop woke, for this region alone. */
  readonly onWoke: (region: RegionId) => void;
  readonly redact: (secret: string) => unknown;
  readonly log: (line: string) => void;
}): Demo {
  const running = new Map<RegionId, Running>();
  return {
    async begin(profile) {
      const world = await startWorld(deps.startProcess(), deps.options);
      const { ready } = world;
      deps.redact(ready.password);
      deps.log(`the demo region answers at 127.0.0.1:${String(ready.jump.port)}`);
      const knownHosts = createDemoKnownHosts(ready.hostKeys, deps.now);
      const clock = createLaptopClock();
      const own = createSshPool({
        clock,
        secrets: secretsOf(ready),
        knownHosts,
        // Neither the person's files nor the agent: nothing of a real region is within its reach.
        knownHostsFiles: [],
        log: deps.log,
      });
      const pool = whileItRuns(own, world);
      const nap = createNap({
        clock,
        suspend: () => pool.suspend(),
        resume() {
          pool.resume();
          deps.onWoke(profile.id);
        },
        setNetwork: (isUp) => world.setNetwork(isUp),
      });
      running.set(profile.id, { world, pool, nap, knownHosts, faults: new Map() });
      return {
        profile: reachedBy(profile, ready),
        pool,
        clock,
        async end() {
          running.delete(profile.id);
          nap.end();
          own.close();
          await world.close();
        },
      };
    },
    async inject(region, fault) {
      const found =
        running.get(region) ??
        fail({
          code: 'region-not-open',
          message: 'No demo region runs under this name.',
          advice: 'Open the demo region first.',
        });
      if (fault.kind === 'laptop-sleeps') {
        const ended = found.world.ended();
        if (ended !== undefined) fail(ended);
        const because = found.nap.begin(fault.seconds * 1000);
        if (because !== null) throw refused(because);
      } else {
        if (fault.kind === 'heal') found.nap.end();
        await found.world.inject(fault);
        if (fault.kind === 'heal') found.faults.clear();
        else found.faults.set(JSON.stringify(fault), fault);
      }
      deps.log(`fault in the demo region: ${JSON.stringify(fault)}`);
    },
    faults: (region) => [...(running.get(region)?.faults.values() ?? [])],
    isRunning: (region) => running.has(region),
    knownHosts: (region) => running.get(region)?.knownHosts,
    suspend() {
      for (const { pool } of running.values()) pool.suspend();
    },
    resume() {
      for (const { pool } of running.values()) pool.resume();
    },
  };
}

/** Its own password for its own login, in memory only. */
function secretsOf({ user, password }: DemoReady): SecretSource {
  return {
    get: (asked) => Promise.resolve(asked.kind !== 'passphrase' && asked.user === user ? password : undefined),
  };
}

function reachedBy(profile: RegionProfile, { user, seeds, jump }: DemoReady): RegionProfile {
  const login: LoginSettings = { user, port: 22, methods: [{ kind: 'password' }] };
  return {
    ...profile,
    seeds: seeds.map((host) => ({ host, port: 22 })),
    login,
    jumps: [{ host: jump.address, port: jump.port, login: { ...login, port: jump.port } }],
    nodeLogins: {},
  };
}

/** A simulation that is gone is said as such, not as a refused connection of a machine that never was. */
function whileItRuns(pool: SshPool, world: DemoWorld): SshPool {
  return {
    async acquire(target, options) {
      const end = world.ended();
      if (end !== undefined) fail(end);
      return pool.acquire(target, options);
    },
    answer: (id, answers) => pool.answer(id, answers),
    suspend: () => pool.suspend(),
    resume: () => pool.resume(),
    stats: () => pool.stats(),
    close: () => pool.close(),
  };
}
