import { describe, expect, it } from 'vitest';
import { planOf } from '../../../../../electron/core/lifecycle/preflight/plan.ts';
import { preflight } from '../../../../../electron/core/lifecycle/preflight/preflight.ts';
import { noChoices, type Tick } from '../../../../../shared/model/maintenance.ts';
import { known, unknown } from '../../../../../shared/model/reading.ts';
import {
  checkIn,
  colocation,
  domainOf,
  factsOf,
  heldBy,
  mib,
  never,
  noon,
  onHost,
  onNode,
  onVm,
  recorded,
  statusOf,
  withConstraint,
} from './facts-of.ts';

const choices = (change: Partial<typeof noChoices>) => ({ plan: { choices: { ...noChoices, ...change } } });
const rowsOf = (facts: ReturnType<typeof factsOf>) =>
  Object.fromEntries(
    preflight(facts).vms.map(({ resource, effect, target, needsTick }) => [resource, { effect, target, needsTick }]),
  );

describe('the plan', () => {
  it('sends each VM to the target whose used share is lowest afterwards, and shows the memory before and after', () => {
    const judged = preflight(factsOf());
    expect(judged.vms.map(({ resource, effect, target }) => ({ resource, effect, target }))).toEqual([
      { resource: 'vm1', effect: 'live-migrate', target: 'lab-c3' },
      { resource: 'vm2', effect: 'live-migrate', target: 'lab-c1' },
      { resource: 'vm3', effect: 'live-migrate', target: 'lab-w1' },
    ]);
    expect(judged.targets).toEqual([
      { node: 'lab-c1', totalBytes: 128 * mib, beforeBytes: 0, afterBytes: 48 * mib },
      { node: 'lab-c3', totalBytes: 128 * mib, beforeBytes: 32 * mib, afterBytes: 64 * mib },
      { node: 'lab-w1', totalBytes: 128 * mib, beforeBytes: 32 * mib, afterBytes: 56 * mib },
    ]);
    expect(checkIn(factsOf(), 'memory-on-targets')).toMatchObject({ state: 'pass', figure: 'highest 50 %' });
    expect(checkIn(factsOf(), 'libvirt-answers')).toMatchObject({
      title: 'libvirt answers, source and 3 targets',
      figure: '4 of 4',
    });
    expect(judged.vms[0]?.alternatives).toEqual(['lab-c1', 'lab-w1']);
  });

  it('a Worker is emptied like a control, and a control takes its VMs', () => {
    const facts = factsOf({}, 'lab-w1');
    expect(rowsOf(facts)).toEqual({ vm5: { effect: 'live-migrate', target: 'lab-c1', needsTick: false } });
    expect(heldBy(facts)).toEqual([]);
    expect(checkIn(facts, 'quorum-after')).toMatchObject({ state: 'pass', figure: '3 of 3 votes' });
  });

  it('a target that was chosen is taken, and one that is none is refused by its reason', () => {
    expect(rowsOf(factsOf(choices({ targets: { vm1: 'lab-w1' } })))['vm1']?.target).toBe('lab-w1');
    const facts = factsOf({
      ...choices({ targets: { vm1: 'lab-w1' } }),
      answer: (answer) => ({ ...answer, records: { ...answer.records, maxOutOfService: 2 } }),
      nodes: onNode('lab-w1', (node) => ({ ...node, status: statusOf('fenced') })),
    });
    expect(heldBy(facts)).toEqual(['vms-that-restart']);
    expect(preflight(facts).vms[0]).toMatchObject({
      effect: 'cannot-move',
      because: 'it cannot go to lab-w1, which was chosen: it is Fenced',
    });
  });

  it('R9: a VM that cannot live-migrate restarts elsewhere only by its tick', () => {
    const configuration = onVm('vm1', { allowMigrate: null });
    const unticked = preflight(factsOf({ configuration }));
    expect(unticked.vms[0]).toMatchObject({ effect: 'restart-elsewhere', target: 'lab-c3', needsTick: true });
    expect(unticked).toMatchObject({
      isReady: false,
      heldUpBy: 'OK becomes available when 1 restart is ticked.',
    });
    const ticked = preflight(
      factsOf({ configuration, ...choices({ ticked: [{ resource: 'vm1', effect: 'restart-elsewhere' }] }) }),
    );
    expect(ticked).toMatchObject({ isReady: true, heldUpBy: '' });
    expect(ticked.digest).toBe(unticked.digest);
  });

  it('R9: a VM that constraints bar from every other node would stop, by its tick', () => {
    const bans = ['lab-c1', 'lab-c3', 'lab-w1'].map((node) => never('vm1', node));
    const judged = preflight(factsOf({ configuration: withConstraint(...bans) }));
    expect(judged.vms[0]).toMatchObject({ effect: 'stop', target: null, needsTick: true });
    expect(judged.vms[0]?.because).toContain('constraint ban-vm1-lab-c1');
    expect(judged.heldUpBy).toBe('OK becomes available when 1 stop is ticked.');
    const withTick = (effect: Tick['effect']) =>
      preflight(
        factsOf({ configuration: withConstraint(...bans), ...choices({ ticked: [{ resource: 'vm1', effect }] }) }),
      );
    expect(withTick('restart-elsewhere').heldUpBy).toBe(judged.heldUpBy);
    expect(withTick('stop')).toMatchObject({ isReady: true, heldUpBy: '' });
  });

  it('R9: a passthrough VM has no tick, whatever else is true of it', () => {
    const domains = [domainOf('vm1', 32, { hostDevices: ['0000:3b:00.0'] }), domainOf('vm2', 48), domainOf('vm3', 24)];
    const facts = factsOf({
      nodes: onHost('lab-c2', { domains: known(domains, noon, 5000) }),
      configuration: onVm('vm1', { allowMigrate: null }),
      ...choices({ ticked: [{ resource: 'vm1', effect: 'restart-elsewhere' }] }),
    });
    expect(rowsOf(facts)['vm1']).toEqual({ effect: 'cannot-move', target: null, needsTick: false });
    expect(heldBy(facts)).toEqual(['passthrough-vms']);
  });

  it.each([
    ['a group', onVm('vm1', { isInGroup: true, topLevel: 'shop' }), 'it is a member of the group shop'],
    ['a clone', onVm('vm1', { isInClone: true, topLevel: 'many' }), 'it is an instance of the clone many'],
    ['tied to another VM', withConstraint(colocation('vm1', 'vm2', 'INFINITY')), 'it has to run where vm2 runs'],
  ])('a VM in, or by, %s cannot move, and the reason is told', (_what, configuration, because) => {
    const facts = factsOf({ configuration });
    expect(preflight(facts).vms[0]).toMatchObject({ effect: 'cannot-move', needsTick: false });
    expect(preflight(facts).vms[0]?.because).toContain(because);
    expect(heldBy(facts)).toEqual(['vms-that-restart']);
  });

  it('R31: what a dead source left of a move holds a VM up while nobody manages it, says until when, and no longer', () => {
    const configuration = onVm('vm1', { caredForUntil: noon + 150_000 });
    const unmanaged = factsOf({
      configuration,
      answer: (answer) => ({
        ...answer,
        resources: answer.resources.map((one) => (one.id === 'vm1' ? { ...one, isManaged: false } : one)),
      }),
    });
    expect(heldBy(unmanaged)).toEqual(['nothing-unmanaged']);
    expect(preflight(unmanaged).vms[0]?.because).toMatch(
      /left behind: continue or roll back .* by itself within 3 min/u,
    );
    expect(heldBy(factsOf({ configuration }))).toEqual([]);
    expect(rowsOf(factsOf({ configuration }))['vm1']?.effect).toBe('live-migrate');
  });

  it('a VM goes nowhere that a constraint of -INFINITY names, nor to a VM it must be kept apart from', () => {
    const banned = factsOf({ configuration: withConstraint(never('vm1', 'lab-c3')) });
    expect(rowsOf(banned)['vm1']?.target).toBe('lab-w1');
    // vm4 runs on lab-c3, vm5 on lab-w1: only lab-c1 is left.
    const apart = factsOf({
      configuration: withConstraint(colocation('vm1', 'vm4', '-INFINITY'), colocation('vm5', 'vm1', '-INFINITY')),
    });
    expect(rowsOf(apart)['vm1']?.target).toBe('lab-c1');
    const both = factsOf({ configuration: withConstraint(colocation('vm1', 'vm2', '-INFINITY')) });
    expect(rowsOf(both)['vm1']?.target).not.toBe(rowsOf(both)['vm2']?.target);
  });

  it('the GPU rule of the captured region pins its VM to its node', () => {
    const running = (answer: ReturnType<typeof factsOf>['answer']) => ({
      ...answer,
      resources: answer.resources.map((one) =>
        one.id === 'gpu1' ? { ...one, role: 'Started', nodes: ['lab-c3'] } : one,
      ),
    });
    const facts = factsOf({ answer: running }, 'lab-c3');
    expect(preflight(facts).vms.find(({ resource }) => resource === 'gpu1')).toMatchObject({
      effect: 'stop',
      because:
        'no other node may run it (constraint location-gpu1): it is shut down, and started when this node is back',
    });
  });

  it('a constraint that is more than our plan understands is told in words, and the scheduler decides', () => {
    const xml =
      '<rsc_location id="nights" rsc="vm1"><rule id="r" score="-INFINITY" boolean-op="and"><expression id="e" attribute="#uname" operation="eq" value="lab-c1"/><date_expression id="d" operation="gt" start="2026-01-01"/></rule></rsc_location>';
    const nights = {
      id: 'nights',
      kind: 'location',
      resources: ['vm1'],
      pattern: null,
      nodes: ['lab-c1'],
      score: null,
      xml,
    } as const;
    const facts = factsOf({ configuration: withConstraint(nights) });
    expect(checkIn(facts, 'scheduler-agrees')).toMatchObject({ state: 'warning', figure: '1 remark' });
    expect(checkIn(facts, 'scheduler-agrees').words).toContain('nights: a rule of more than one node name');
    expect(preflight(facts).isReady).toBe(true);
  });

  it('shut-off domains that the cluster does not manage harm nobody', () => {
    const domains = [
      domainOf('vm1', 32),
      domainOf('vm2', 48),
      domainOf('vm3', 24),
      domainOf('old', 8, { state: 'shut off' }),
    ];
    expect(heldBy(factsOf({ nodes: onHost('lab-c2', { domains: known(domains, noon, 5000) }) }))).toEqual([]);
  });

  it('R7: with "move only what can", blocked VMs stay, the others go, and only the pins are judged', () => {
    const configuration = onVm('vm1', { isInGroup: true, topLevel: 'shop' });
    const facts = factsOf({
      configuration,
      ...choices({ movesOnlyWhatCan: true }),
      facts: ({ simulated }) => ({
        simulated: { ...simulated, standby: { kind: 'unknown', because: 'nobody asked: it is not written' } },
      }),
    });
    expect(preflight(facts)).toMatchObject({ isReady: true, heldUpBy: '' });
    expect(checkIn(facts, 'vms-that-restart').state).toBe('warning');
    expect(Object.keys(planOf(facts).pins)).toEqual(['vm2', 'vm3']);
  });

  it('R7: where nothing at all can move, "move only what can" is not ready either', () => {
    const clones = (configuration: Parameters<ReturnType<typeof onVm>>[0]) => ({
      ...configuration,
      vms: configuration.vms.map((vm) => ({ ...vm, isInClone: true })),
    });
    const judged = preflight(factsOf({ configuration: clones, ...choices({ movesOnlyWhatCan: true }) }));
    expect(judged).toMatchObject({
      isReady: false,
      heldUpBy: 'Nothing can move now: every VM of this node would stay.',
    });
  });

  it('R4: nodes that are not Active, not online, in standby, unclean, frozen, not reached or in other hands are no targets', () => {
    const cases = [
      { nodes: onNode('lab-w1', (node) => ({ ...node, status: statusOf('activating') })) },
      { nodes: onNode('lab-w1', (node) => ({ ...node, frozenBecause: 'another machine answers' })) },
      { nodes: onNode('lab-w1', (node) => ({ ...node, status: { ...statusOf('active'), unknownSince: noon } })) },
      { nodes: onHost('lab-w1', { reachability: { kind: 'not-tried', because: 'not yet' } }) },
      { nodes: onHost('lab-w1', { libvirt: known('down' as const, noon, 5000) }) },
      ...(['isOnline', 'isStandby', 'isShuttingDown', 'isInPacemakerMaintenance', 'isStandbyOnFail'] as const).map(
        (flag) => ({
          answer: (answer: ReturnType<typeof factsOf>['answer']) => ({
            ...answer,
            nodes: answer.nodes.map((node) =>
              node.name === 'lab-w1' ? { ...node, [flag]: flag !== 'isOnline' } : node,
            ),
          }),
        }),
      ),
      { answer: recorded({ node: 'lab-w1', command: 'activate', id: 'other' }) },
    ];
    for (const changes of cases) {
      const targets = Object.values(planOf(factsOf(changes)).pins);
      expect(targets).toHaveLength(3);
      expect(targets).not.toContain('lab-w1');
    }
  });

  it('R8: a VM of unknown memory is not known to fit, which is another thing than too little memory', () => {
    const facts = factsOf({
      configuration: onVm('vm1', { memoryMib: null }),
      answer: (answer) => ({ ...answer, vms: answer.vms.map((vm) => ({ ...vm, memoryMib: null })) }),
      nodes: onHost('lab-c2', { domains: known([domainOf('vm2', 48), domainOf('vm3', 24)], noon, 5000) }),
    });
    // libvirt does not have it either: that is said, and memory is not blamed.
    expect(heldBy(facts)).toEqual(['vms-that-restart']);
    const unread = factsOf({
      nodes: (nodes) =>
        nodes.map((node) => (node.name === 'lab-c2' ? node : { ...node, vmMemoryTotalBytes: unknown('not set') })),
    });
    expect(checkIn(unread, 'memory-on-targets')).toMatchObject({ state: 'unknown' });
    expect(checkIn(unread, 'memory-on-targets').words).toContain(
      'the memory of lab-c1, lab-c3 and lab-w1 is not known',
    );
  });

  it('warns from 90 % of a target on, and still allows it', () => {
    const facts = factsOf({
      nodes: (nodes) =>
        nodes.map((node) =>
          node.name === 'lab-c1' ? { ...node, vmMemoryAllocatedBytes: known(74 * mib, noon, 5000) } : node,
        ),
      ...choices({ targets: { vm2: 'lab-c1' } }),
    });
    expect(checkIn(facts, 'memory-on-targets')).toMatchObject({
      state: 'warning',
      words: 'Enough for every VM, but lab-c1 would reach 96 % (limit 90 %). The move is allowed.',
    });
    expect(preflight(facts).isReady).toBe(true);
  });

  it('memory that another operation is going to bring to a target is not counted as free', () => {
    const facts = factsOf({
      answer: recorded({
        node: 'lab-w1',
        id: 'other',
        vms: [{ resource: 'vm5', target: 'lab-c1', effect: 'live-migrate', isDone: false }],
      }),
    });
    expect(planOf(facts).placement.memory.get('lab-c1')?.beforeBytes).toBe(32 * mib);
  });

  it('the digest changes with an effect, a target or a state, and not with a figure', () => {
    const digest = preflight(factsOf()).digest;
    const again = preflight(
      factsOf({
        nodes: (nodes) => nodes.map((node) => ({ ...node, vmMemoryTotalBytes: known(129 * mib, noon, 5000) })),
      }),
    );
    expect(again.digest).toBe(digest);
    expect(preflight(factsOf(choices({ targets: { vm1: 'lab-w1' } }))).digest).not.toBe(digest);
    expect(preflight(factsOf({ configuration: onVm('vm1', { allowMigrate: null }) })).digest).not.toBe(digest);
    expect(preflight({ ...factsOf(), fencing: [] }).digest).not.toBe(digest);
  });
});
