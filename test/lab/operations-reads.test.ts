import { afterAll, beforeAll, expect, test } from 'vitest';
import { domainPlacesCommand, parseDomainPlaces } from '../../electron/core/cluster/libvirt/read/domain-places.ts';
import {
  activeDomainsCommand,
  jobsCommand,
  parseActiveDomains,
  parseJobs,
} from '../../electron/core/cluster/libvirt/read/jobs.ts';
import { moveProgress } from '../../electron/core/cluster/libvirt/read/move-progress.ts';
import type { JobRead } from '../../electron/core/cluster/libvirt/read/move-progress.ts';
import {
  parseReachableTargets,
  reachableTargetsCommand,
} from '../../electron/core/cluster/libvirt/read/reachable-targets.ts';
import { readConfiguration } from '../../electron/core/cluster/pacemaker/read/configuration.ts';
import { readFencing } from '../../electron/core/cluster/pacemaker/read/fencing.ts';
import { simulate } from '../../electron/core/cluster/pacemaker/read/simulate.ts';
import type { CibEdit } from '../../electron/core/cluster/pacemaker/read/simulate-command.ts';
import { readTransition } from '../../electron/core/cluster/pacemaker/read/transition.ts';
import { runSections } from '../../electron/core/ssh/sections.ts';
import type { SectionChannel } from '../../electron/core/ssh/sections.ts';
import { createSshPool } from '../../electron/core/ssh/ssh-pool.ts';
import type { RemoteCommand, SshPool } from '../../electron/core/ssh/transport.ts';
import { memoryKnownHosts, memorySecrets } from '../helpers/ssh-pool.ts';
import { waitFor } from './lab-api.ts';
import { useLab } from './use-lab.ts';

// What operations read before they judge or write, held against what the nodes themselves say or then do.
const resource = 'rread';
const domain = 'rread-domain';
const used = useLab([{ name: resource, domain, memoryMiB: 32, node: 'c2', memory: 'rewritten' }]);
let pool: SshPool;
const options = { deadlineMs: 30_000 };

beforeAll(() => {
  const knownHosts = memoryKnownHosts();
  for (const { address, hostKeys } of used.lab.nodes) {
    for (const line of hostKeys) {
      const [type = '', keyBase64 = ''] = line.split(' ');
      knownHosts.trust(address, 22, { type, keyBase64 });
    }
  }
  pool = createSshPool({
    secrets: memorySecrets({ 'sudo-password': used.lab.logins.tech.password }),
    knownHosts,
    knownHostsFiles: [],
  });
});

afterAll(() => pool.close());

/** The product's own way to a node. */
function channelTo(node: string, user: 'root' | 'tech' = 'root'): SectionChannel {
  const target = {
    host: used.lab.node(node).address,
    port: 22,
    user,
    methods: [{ kind: 'private-key' as const, keyFile: used.lab.keyFile }],
    jumps: [],
    secretScope: 'lab',
  };
  return {
    run: async (command, more) => {
      const connection = await pool.acquire(target, options);
      try {
        return await connection.run(command, more);
      } finally {
        connection.release();
      }
    },
  };
}

const ask = (node: string, command: RemoteCommand) => runSections(channelTo(node), command, options);

async function placesOf(nodes: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const places = parseDomainPlaces(await ask('c2', domainPlacesCommand(domain, 'c2', nodes)), nodes);
  return Object.fromEntries([...places].map(([node, place]) => [node, place.kind]));
}

test('the configuration is the CIB’s own, by a control and by a Worker, as root and as a member of the cluster’s group', async () => {
  const own = await used.lab.node('c3').mustExec('cibadmin -Q');
  const ownConstraints = own.slice(own.indexOf('<constraints'), own.indexOf('</constraints>'));
  const ownIds = [...ownConstraints.matchAll(/<rsc_[a-z]+ id="([^"]+)"/gu)].map(([, id]) => id);
  expect(ownIds.length).toBeGreaterThan(0);
  for (const [node, user] of [
    ['c1', 'root'],
    ['c1', 'tech'],
    ['w1', 'root'],
  ] as const) {
    const configuration = await readConfiguration(channelTo(node, user), { ...options, now: () => 1000 });
    expect(configuration).toMatchObject({ readAt: 1000, isQuorate: true, placementStrategy: 'utilization' });
    expect(own).toContain(` epoch="${String(configuration.version.split('.')[0])}" `);
    expect(configuration.constraints.map(({ id }) => id)).toEqual(ownIds);
    expect(configuration.vms.find((vm) => vm.resource === resource)).toMatchObject({
      topLevel: resource,
      memoryMib: 32,
      allowMigrate: 'true',
      isManaged: null,
    });
    expect(configuration.fencingDevices).toEqual([
      { resource: 'power', agent: 'fence_lab', hostList: null, hostCheck: 'dynamic-list' },
    ]);
  }
});

test('fencing works for a control and for a Worker, as the fencer itself lists them; a stranger is not listed', async () => {
  expect(await used.lab.node('c1').mustExec('stonith_admin --list c2; stonith_admin --list w1')).toMatch(
    /power[^]*power/u,
  );
  const works = { device: 'power', monitor: 'ok', lists: 'yes', because: '' };
  expect(await readFencing(channelTo('c1', 'tech'), 'c2', options)).toEqual([works]);
  expect(await readFencing(channelTo('c1'), 'w1', options)).toEqual([works]);
  expect(await readFencing(channelTo('c1'), 'x9', options)).toMatchObject([{ monitor: 'ok', lists: 'no' }]);
});

test('what the simulations say of a pin, and of its end, is what Pacemaker then does; meanwhile it is not at rest', async () => {
  const pin: CibEdit = { kind: 'pin', resource, node: 'c3' };
  const control = used.lab.node('c1');
  const actionsOn = async (edits: readonly CibEdit[]) => {
    const { byName } = await simulate(
      channelTo('c1', 'tech'),
      [
        { name: 'it', edits },
        { name: 'now', edits: [] },
      ],
      options,
    );
    expect(byName.get('now')).toEqual({ kind: 'simulated', actions: [], fenced: [] });
    const told = byName.get('it');
    const actions = told?.kind === 'simulated' ? told.actions : [];
    return actions.map(
      ({ action, resource: of, source, target }) => `${action} ${of} ${source ?? '-'} ${target ?? '-'}`,
    );
  };
  const rest = () => readTransition(channelTo('c2', 'tech'), options);
  const comesToRest = async () => {
    const seen = new Set<string>();
    await waitFor(
      'the cluster is at rest again',
      async () => {
        const { kind } = await rest();
        seen.add(kind);
        return kind === 'idle' && seen.has('busy');
      },
      60_000,
      50,
    );
  };

  expect(await actionsOn([pin])).toEqual([`migrate ${resource} c2 c3`]);
  expect(await rest()).toMatchObject({ kind: 'idle' });
  await control.mustExec(
    `cibadmin --create -o constraints -X '<rsc_location id="rackside-move-${resource}" rsc="${resource}" node="c3" score="INFINITY"/>'`,
  );
  await comesToRest();
  expect(await placesOf(['c1', 'c2', 'c3', 'w1'])).toEqual({ c1: 'absent', c2: 'absent', c3: 'active', w1: 'absent' });

  const back: CibEdit = { kind: 'delete', what: 'constraint', id: `rackside-move-${resource}` };
  expect(await actionsOn([back])).toEqual([`migrate ${resource} c3 c2`]);
  await control.mustExec(`cibadmin --delete -o constraints -X '<rsc_location id="rackside-move-${resource}"/>'`);
  await comesToRest();
  expect(await placesOf(['c2', 'c3'])).toEqual({ c2: 'active', c3: 'absent' });
  expect(await control.mustExec('ls /tmp')).not.toContain('tmp.');
});

test('a move is followed in bytes as libvirt counts them, is found on both its nodes, and is stalled when memory is written as fast', async () => {
  const source = used.lab.node('c2');
  const moving = source.exec(
    `virsh -c qemu:///system migrate-setspeed ${domain} 8; virsh -c qemu:///system migrate --live ${domain} qemu+ssh://c3/system`,
    { timeoutMs: 60_000 },
  );
  const reads: JobRead[] = [];
  const read = async () => {
    const job = parseJobs(await ask('c2', jobsCommand([domain])), [domain]).get(domain);
    if (job?.kind === 'moving-out' && job.progress.totalBytes > 0)
      reads.push({ readAt: Date.now(), progress: job.progress });
    return job;
  };
  await waitFor('it moves', async () => (await read(), reads.length > 0), 20_000);
  const raw = await source.mustExec(`virsh -c qemu:///system domjobinfo --rawstats ${domain}`);
  const first = reads[0]?.progress;
  expect(raw).toContain(`data_total: ${String(first?.totalBytes)}\n`);
  expect(Number(/^time_elapsed: (\d+)$/mu.exec(raw)?.[1])).toBeGreaterThanOrEqual(first?.elapsedMs ?? Infinity);

  const jobOn = async (node: string) => {
    const told = parseActiveDomains(await ask(node, activeDomainsCommand));
    return told.kind === 'value' ? told.value.find((one) => one.domain === domain)?.job.kind : told.because;
  };
  expect([await jobOn('c2'), await jobOn('c3'), await jobOn('c1')]).toEqual(['moving-out', 'moving-in', undefined]);
  expect(await used.lab.node('c3').mustExec(`virsh -c qemu:///system domstate ${domain}`)).toContain('paused');

  // After the first pass it is slowed down, so that the guest writes faster than that however busy this machine is.
  const speed = `virsh -c qemu:///system migrate-setspeed ${domain}`;
  await waitFor(
    'the first pass is over',
    async () => (await read(), (reads.at(-1)?.progress.iteration ?? 0) > 1),
    30_000,
  );
  await source.mustExec(`${speed} 1`);
  await waitFor(
    'it is seen to be stalled',
    async () => {
      await read();
      const [one, ...more] = reads;
      return one !== undefined && moveProgress([one, ...more]).isStalled;
    },
    30_000,
  );
  await source.mustExec(`virsh -c qemu:///system domjobabort ${domain}`);
  expect((await moving).stderr).toContain('canceled by client');
  expect(await read()).toEqual({ kind: 'none' });
  expect(await placesOf(['c2', 'c3'])).toEqual({ c2: 'active', c3: 'absent' });
});

test('targets are reached from the source as a move reaches them; where nobody is, ssh’s words say so', async () => {
  const nowhere = `${used.lab.node('c1').address.split('.').slice(0, 3).join('.')}.250`;
  const targets = ['c1', 'c3', 'w1', nowhere];
  const told = parseReachableTargets(await ask('c2', reachableTargetsCommand(targets)), targets);
  expect(await used.lab.node('c2').mustExec('virsh -c qemu+ssh://w1/system uri')).toContain('qemu+ssh://w1/system');
  expect(targets.slice(0, 3).map((target) => told.get(target))).toEqual(['yes', 'yes', 'yes']);
  expect(told.get(nowhere)).toEqual({ no: expect.stringContaining('No route to host') as string });
});
