import { beginMonitor, bootDomain, endDomain, migrateDomain } from './domains.ts';
import { fence, join } from './node-life.ts';
import { isSilent, type DemoNode, type DemoVm } from './node.ts';
import { planOf } from './plan.ts';
import type { ScheduledAction } from './schedule.ts';
import type { MigrationEnd } from './migration.ts';
import type { DemoQuorum, DemoService, World } from './world.ts';

/** The cluster reacts after this long. */
const reactionMs = 300;
/** A fencing that failed is tried again after this long. */
const retryMs = 6_000;
/** Actions at once in the whole cluster, and migrations at once off one node. */
const mostActions = 16;
const mostMigrations = 2;
const vmActionMs = 1_500;
const connectionMs = 700;
/** The cluster waits no longer for a migration: the timeout of `migrate_to`. */
const migrationMs = 60_000;
/** A resource that has moved is on both nodes for so long, until its source is cleared. */
const bothMs = 500;

/** What Pacemaker's controller does: it compares what is with what should be, and acts, until nothing is left to do. */
export class Engine {
  readonly #world: World;
  /** Resources something is done with, with where they are going. */
  readonly #busy = new Map<string, string | null>();
  readonly #fencing = new Set<string>();
  #isWaiting = false;
  #isClosed = false;

  constructor(world: World) {
    this.#world = world;
    world.onChange(() => this.poke());
  }

  /** `S_TRANSITION_ENGINE` or `S_IDLE`. */
  get isIdle(): boolean {
    return this.#busy.size === 0 && this.#fencing.size === 0;
  }

  get busy(): ReadonlyMap<string, string | null> {
    return this.#busy;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Looks soon whether there is something to do. */
  poke(): void {
    if (this.#isWaiting || this.#isClosed) return;
    this.#isWaiting = true;
    this.#world.clock.after(reactionMs, () => {
      this.#isWaiting = false;
      this.#step();
    });
  }

  #step(): void {
    const world = this.#world;
    const quorum = world.quorum();
    world.cib.setQuorum(quorum.isQuorate, world.dc()?.id ?? '');
    if (world.dc() === undefined || (!quorum.isQuorate && !this.#hasNoticed(quorum))) return;
    const { actions, fenced } = planOf(world, this.#busy);
    for (const name of fenced) this.#fence(name);
    const leaving = new Map<string, number>();
    for (const action of actions) {
      if (this.#busy.size >= mostActions) break;
      const from = action.source ?? '';
      if (action.action === 'migrate' && world.vms.has(action.resource)) {
        const count = leaving.get(from) ?? this.#migrationsOff(from);
        if (count >= mostMigrations) continue;
        leaving.set(from, count + 1);
      }
      this.#begin(action);
    }
    this.#openConnections();
  }

  /** The loss of the quorum: controls that have just gone are called members for a while. */
  #hasNoticed({ needed }: DemoQuorum): boolean {
    return this.#world.controls().filter(({ membership }) => membership === 'online').length < needed;
  }

  #migrationsOff(node: string): number {
    return [...(this.#world.nodes.get(node)?.domains.values() ?? [])].filter(({ job }) => job !== null).length;
  }

  #fence(name: string): void {
    const node = this.#world.nodes.get(name);
    if (node === undefined || this.#fencing.has(name)) return;
    this.#fencing.add(name);
    void fence(this.#world, node, 'reboot', 'pacemaker-controld.1742').then((isDone) => {
      this.#world.clock.after(isDone ? 0 : retryMs, () => {
        this.#fencing.delete(name);
        this.poke();
      });
    });
  }

  /** A worker whose connection is open and that is not a member yet becomes one. */
  #openConnections(): void {
    for (const { id, kind, role } of this.#world.services.values()) {
      const node = this.#world.nodes.get(id);
      if (kind !== 'connection' || role !== 'Started' || node?.membership !== 'offline') continue;
      if (!isSilent(node) && node.services === 'running') join(this.#world, node);
    }
  }

  #begin(action: ScheduledAction): void {
    const { vms, services } = this.#world;
    this.#busy.set(action.resource, action.target);
    const vm = vms.get(action.resource);
    const service = services.get(action.resource);
    if (vm !== undefined) this.#act(vm, action);
    else if (service !== undefined) this.#actOnService(service, action);
  }

  #over(resource: string, line: string): void {
    this.#busy.delete(resource);
    this.#world.changed(`(log_op_output) notice: Result of ${line} for ${resource}`);
  }

  #act(vm: DemoVm, { action, source, target }: ScheduledAction): void {
    const world = this.#world;
    const from = world.nodes.get(source ?? '');
    const to = world.nodes.get(target ?? '');
    if (action === 'migrate' && from !== undefined && to !== undefined) {
      const job = migrateDomain(world, vm, from, to, null, ({ kind }) => {
        inTime();
        this.#migrated(vm, from, to, kind);
      });
      vm.role = 'Migrating';
      const inTime =
        typeof job === 'string'
          ? world.clock.after(vmActionMs, () => this.#stop(vm, from))
          : world.clock.after(migrationMs, () => job.abort());
      return world.changed(`(log_op_output) notice: Requesting local execution of migrate_to for ${vm.id}`);
    }
    if (source !== null) return this.#stop(vm, from);
    if (to !== undefined) {
      vm.role = 'Starting';
      vm.nodes = [to.name];
      world.clock.after(vmActionMs, () => {
        const isUp = !isSilent(to) && to.libvirt === 'running' && vm.nodes.includes(to.name);
        if (isUp) bootDomain(to, vm);
        vm.role = isUp ? 'Started' : 'Stopped';
        if (!isUp) vm.nodes = [];
        if (isUp) beginMonitor(world, vm, () => this.#over(vm.id, 'start (ok)'));
        else this.#over(vm.id, 'start (error)');
      });
    }
    return world.changed(`(log_op_output) notice: Requesting local execution of ${action} for ${vm.id}`);
  }

  /** What should run is started anew wherever it belongs, once it is over. */
  #stop(vm: DemoVm, from: DemoNode | undefined): void {
    const world = this.#world;
    vm.role = 'Stopping';
    world.clock.after(vmActionMs, () => {
      if (from !== undefined) endDomain(world, from, vm.id, 'operation failed: domain is no longer running');
      vm.nodes = [];
      vm.role = 'Stopped';
      this.#over(vm.id, 'stop (ok)');
    });
    return world.changed(`(log_op_output) notice: Requesting local execution of stop for ${vm.id}`);
  }

  /**
   * Once it has arrived the cluster has it on both nodes, the target first, until its source is cleared (`timelines/quiet-standby-3vm`).
   * One that failed, or was not there in time, it restarts (`moves/timeline-e2a1`).
   */
  #migrated(vm: DemoVm, from: DemoNode, to: DemoNode, kind: MigrationEnd['kind']): void {
    const world = this.#world;
    const line = `migrate_from (${kind})`;
    // A node that was lost meanwhile has been taken from its nodes.
    const isKnown = vm.nodes.includes(from.name);
    if (isKnown && kind !== 'moved' && !isSilent(from)) return this.#stop(vm, from);
    if (!isKnown || kind !== 'moved') {
      if (isKnown) vm.role = 'Started';
      return this.#over(vm.id, line);
    }
    vm.nodes = [to.name, from.name];
    world.clock.after(bothMs, () => {
      const isThere = vm.nodes.includes(to.name);
      vm.nodes = isThere ? [to.name] : [];
      vm.role = isThere ? 'Started' : 'Stopped';
      if (isThere) beginMonitor(world, vm, () => this.#over(vm.id, line));
      else this.#over(vm.id, line);
    });
    return world.changed(`(log_op_output) notice: Requesting local execution of stop for ${vm.id}`);
  }

  #actOnService(service: DemoService, { action, source, target }: ScheduledAction): void {
    const world = this.#world;
    if (source === null) service.role = 'Starting';
    else if (target === null) service.role = 'Stopping';
    if (source === null && target !== null) service.nodes = [target];
    // A connection moves as a VM does: it is open on both for a while.
    if (action === 'migrate' && source !== null && target !== null) {
      service.nodes = [target, source];
      world.clock.after(connectionMs - bothMs, () => {
        service.role = 'Migrating';
        world.changed(`(log_op_output) notice: Requesting local execution of migrate_from for ${service.id}`);
      });
    }
    world.clock.after(connectionMs, () => {
      service.nodes = target === null ? [] : [target];
      service.role = target === null ? 'Stopped' : 'Started';
      const worker = target === null ? world.nodes.get(service.id) : undefined;
      if (worker !== undefined && worker.membership !== 'unclean') worker.membership = 'offline';
      this.#over(service.id, target === null ? 'stop (ok)' : 'start (ok)');
    });
    world.changed(`(log_op_output) notice: Requesting local execution of an action for ${service.id}`);
  }
}
