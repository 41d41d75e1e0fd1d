import { provenOff } from '../../core/cluster/writes/move-unit.ts';
import { beginMonitor, migrateDomain } from './domains.ts';
import type { Engine } from './engine.ts';
import type { MigrationEnd, MigrationJob } from './migration.ts';
import { isSilent, type DemoNode, type DemoUnit } from './node.ts';
import { planOf } from './plan.ts';
import { settingsOf } from './settings.ts';
import { endUnit } from './unit-life.ts';
import type { World } from './world.ts';

/** The arguments of the move script (`core/cluster/writes/move-script.ts`), by its own letters' meaning. */
export interface MoveOrder {
  readonly resource: string;
  readonly domain: string;
  readonly source: string;
  readonly target: string;
  readonly mark: string;
  readonly value: string;
  /** 0: no bound. */
  readonly mibPerSecond: number;
  readonly moveSeconds: number;
  readonly handBackSeconds: number;
  /** UTC seconds. */
  readonly unmanagedUntil: number;
  /** `<configuration>` that takes the VM out of the cluster's care and pins it; empty: it is out already, or is only handed back. */
  readonly unmanaging: string;
}

const outOfTime = "error: operation failed: job 'migration out' failed: Unable to write to socket: Bad file descriptor";
const lookMs = 500;
const refreshMs = 1_300;
/** How often both sides say that it is not there before it is taken for lost. */
const looksUntilLost = 5;
/** How long the unit tries to take the VM out of the cluster's care. */
const letGoMs = 30_000;

/** Does what the move script does, step by step, in the simulated region. Its unit lives on `node`. */
export function runMoveUnit(world: World, engine: Engine, node: DemoNode, unit: DemoUnit, order: MoveOrder): void {
  const { resource, source, target, mark, value } = order;
  const startedAt = world.clock.now();
  const guard = `crm_config//nvpair[@id='${mark}-v' and @value='${value}']`;
  const guarded = `/cib[@have-quorum='1']/configuration[${guard}]`;
  const care = `resources//primitive[@id='${resource}']/meta_attributes[@id='rackside-care-${resource}']`;
  let [migrateStatus, message, place] = [-1, '', '?'];
  let deadline = 0;
  let seen = { state: '', times: 0 };
  const fencedAtStart = fencedAt();
  let job: MigrationJob | undefined;
  let isCancelled = false;
  let isTimeOver = false;
  unit.stop = () => {
    isCancelled = true;
    job?.abort();
  };

  const isAlive = (): boolean => !isSilent(node) && node.units.size > 0 && unit.state === 'running';
  const say = (kind: 'moved' | 'end', isManaged: boolean, result: number, why: string): void => {
    const seconds = Math.floor((world.clock.now() - startedAt) / 1000);
    const words = why.replaceAll(/[^A-Za-z0-9 .,:=@/()_-]/gu, ' ').slice(0, 300);
    unit.journal.push(
      `{"rackside":"${kind}","vm":"${resource}","on":"${place}","managed":${isManaged},"move_rc":${migrateStatus},"rc":${result},"s":${seconds},"why":"${words}"}`,
    );
  };
  const end = (isManaged: boolean, result: number, why: string): void => {
    say('end', isManaged, result, why);
    endUnit(unit, result);
  };
  const next = (ms: number, step: () => void): void => {
    world.clock.after(ms, () => {
      if (isAlive()) step();
    });
  };

  next(100, begin);

  function begin(): void {
    if (world.cib.query(guarded).length === 0) return end(false, 4, 'not ours');
    const [vm, from, to] = [world.vms.get(resource), world.nodes.get(source), world.nodes.get(target)];
    if (order.moveSeconds === 0 || vm === undefined || from === undefined || to === undefined) return migrated();
    const left = order.unmanagedUntil - Math.floor(world.clock.now() / 1000);
    if (left < order.moveSeconds + order.handBackSeconds + 60)
      message = 'it was not begun, because it could outlast the unmanaging';
    else if (isCancelled) message = 'cancelled before it began';
    else if ((startedOn() ?? source) !== source) message = 'the cluster has it on another node';
    else if (!isUnmanaged()) {
      // The unit takes it out of the cluster's care itself, so that nobody is without care before what gives it back runs (R31).
      const isWritten =
        startedOn() === source &&
        world.answersFor(node) &&
        world.cib.modify(`${guarded}[resources/primitive[@id='${resource}']]`, order.unmanaging).status === 0;
      if (!isWritten && world.clock.now() - startedAt < letGoMs / world.clock.speed) return next(1_000, begin);
      if (!isWritten) message = 'the cluster did not let go of it: something else was under way with it';
    }
    if (message !== '') {
      migrateStatus = -2;
      return migrated();
    }
    const limit = world.clock.after(order.moveSeconds * 1000, () => {
      isTimeOver = true;
      job?.abort();
    });
    const begun = migrateDomain(world, vm, from, to, order.mibPerSecond || null, (how) => {
      limit();
      told(how);
      if (isAlive()) migrated();
    });
    if (typeof begun !== 'string') {
      job = begun;
      return;
    }
    limit();
    migrateStatus = 1;
    message = begun;
    migrated();
  }

  function told(how: MigrationEnd): void {
    migrateStatus = how.kind === 'moved' ? 0 : 1;
    // virsh was ended by systemd, by its time limit, or told by libvirt that somebody else has ended the job.
    if (how.kind === 'aborted' && isCancelled) [migrateStatus, message] = [143, 'Terminated'];
    else if (how.kind === 'aborted' && isTimeOver) [migrateStatus, message] = [124, outOfTime];
    else if (how.kind === 'aborted') message = "error: operation aborted: job 'migration out' canceled by client";
    if (how.kind === 'failed') message = `error: ${how.because}`;
  }

  function migrated(): void {
    deadline = world.clock.now() + (order.handBackSeconds * 1000) / world.clock.speed;
    say('moved', false, -1, message);
    look();
  }

  /** Where it runs, by both sides' own word. */
  function look(): void {
    const [onSource, onTarget] = [stateOn(source), stateOn(target)];
    const state = `${onSource}.${onTarget}`;
    seen = { state, times: state === seen.state ? seen.times + 1 : 1 };
    const isGone = onTarget === 'none' ? seen.times > looksUntilLost : onTarget === '?' && fencedAt() !== fencedAtStart;
    if (onSource === 'none' && onTarget === 'run') place = target;
    else if (onSource === 'run' && (onTarget === 'none' || onTarget === '?')) place = source;
    else if (world.clock.now() > deadline) return end(false, 2, `source ${onSource} target ${onTarget}: ${message}`);
    else if (onSource === 'none' && isGone) return isUnmanaged() ? lost() : handedBack();
    else return next(2_000, look);
    if (isUnmanaged()) return bind();
    // It never was out of the cluster's care: only the mark is left to go.
    return handedBack();
  }

  /** When the target was fenced last; the history has the newest first. */
  function fencedAt(): number | null {
    return world.fencing.find((entry) => entry.target === target && entry.status === 'success')?.completedAt ?? null;
  }

  /** It runs nowhere: the cluster looks everywhere, and is given it back so. */
  function lost(): void {
    place = '-';
    const pin = `constraints/rsc_location[@id='rackside-move-${resource}']`;
    if (!world.answersFor(node) || world.cib.query(guarded).length === 0) return retry(lost, 1_000);
    world.cib.delete(`${guarded}/${pin}`);
    return refresh((found) => {
      if (found !== undefined && isUnmanaged()) {
        place = found;
        return bind();
      }
      world.cib.delete(`${guarded}/${care}`);
      return next(1_000, startedAgain);
    });
  }

  /** The one node that the cluster has it started on. */
  function startedOn(): string | undefined {
    const vm = world.vms.get(resource);
    return vm?.role === 'Started' && vm.nodes.length === 1 ? vm.nodes[0] : undefined;
  }

  function startedAgain(): void {
    const on = startedOn();
    if (on === undefined) return retry(startedAgain, 1_000);
    place = on;
    world.cib.modify(guarded, pinTo(on));
    world.cib.delete(`${guarded}/crm_config/cluster_property_set[@id='${mark}']`);
    return end(true, 6, message);
  }

  function stateOn(name: string): 'run' | 'paused' | 'none' | '?' {
    if (name === provenOff) return 'none';
    const at = world.nodes.get(name);
    if (at === undefined || isSilent(at) || at.libvirt !== 'running') return '?';
    const domain = at.domains.get(order.domain);
    return domain === undefined ? 'none' : domain.state === 'running' ? 'run' : 'paused';
  }

  /** Binds it to where it runs, and has the cluster look. */
  function bind(): void {
    if (world.cib.query(`/cib/configuration/${guard}`).length === 0) return end(false, 4, 'guard lost');
    if (!world.answersFor(node) || world.cib.modify(guarded, pinTo(place)).status !== 0) return retry(bind, 1_000);
    return refresh(() => next(lookMs, handBack));
  }

  /**
   * `crm_resource --refresh`: the cluster forgets where it is, looks everywhere and has it where it runs, whatever becomes of the unit
   * meanwhile. Until then it calls it Stopped (captures `moves/timeline-e-drain`, `timeline-acc2`).
   */
  function refresh(then: (found: string | undefined) => void): void {
    believe(undefined);
    world.clock.after(refreshMs, () => {
      const found = world.members().find(({ domains }) => domains.get(order.domain)?.state === 'running')?.name;
      believe(found);
      if (isAlive()) then(found);
    });
  }

  function believe(on: string | undefined): void {
    const vm = world.vms.get(resource);
    if (vm === undefined) return;
    vm.nodes = on === undefined ? [] : [on];
    vm.role = on === undefined ? 'Stopped' : 'Started';
    world.changed(`(log_op_output) notice: Result of probe operation for ${resource}: ${on ?? 'not running'}`);
  }

  /** Gives it back once the cluster would leave it where it is. */
  function handBack(): void {
    const { actions } = world.cib.trial(() => {
      world.cib.delete(`/cib/configuration/${care}`);
      return planOf(world, engine.busy, settingsOf(world.cib));
    });
    if (stateOn(place) !== 'run') {
      place = '?';
      return next(2_000, look);
    }
    const isQuiet = !actions.some((action) => action.resource === resource);
    if (!isQuiet || !world.answersFor(node)) return retry(handBack, lookMs);
    world.cib.delete(`${guarded}/${care}`);
    const vm = world.vms.get(resource);
    if (vm !== undefined) beginMonitor(world, vm);
    return next(lookMs, handedBack);
  }

  function handedBack(): void {
    world.cib.delete(`${guarded}/crm_config/cluster_property_set[@id='${mark}']`);
    end(true, place === target ? 0 : place === source || place === '?' ? 1 : 6, message);
  }

  function pinTo(name: string): string {
    return `<configuration><constraints><rsc_location id="rackside-move-${resource}" rsc="${resource}" node="${name}" score="INFINITY"/></constraints></configuration>`;
  }

  function isUnmanaged(): boolean {
    return world.cib.query(`${guarded}/${care}`).length > 0;
  }

  function retry(step: () => void, ms: number): void {
    if (world.clock.now() > deadline) end(false, 3, 'not settled');
    else next(ms, step);
  }
}
