import { expect, test } from 'vitest';
import { randomOf } from '../../../electron/demo/random.ts';
import { makeFault } from '../../../electron/demo/world/faults.ts';
import { faultsOf } from '../../soak/faults.ts';
import { stillDemo, type StillDemo } from './still-demo.ts';

/** Lets time pass as in a process: what waits for a promise gets its turn. */
async function passing(demo: StillDemo, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    demo.pass(100);
    for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
  }
}

/** VMs that do not run exactly once, where the cluster has them, and members that are not what they were at the start. */
function wrongIn({ world }: StillDemo): readonly string[] {
  const places = new Map<string, string[]>();
  for (const { name, domains } of world.nodes.values())
    for (const { vm, state } of domains.values()) places.set(vm, [...(places.get(vm) ?? []), `${state} ${name}`]);
  const vms = [...world.vms.values()].flatMap(({ id, role, nodes }) => {
    const [run, believed] = [places.get(id)?.join(', ') ?? 'nowhere', `${role} ${nodes.join(', ')}`];
    return run === `running ${nodes[0] ?? ''}` && role === 'Started' ? [] : [`${id}: ${run}, ${believed}`];
  });
  const nodes = world.members().filter(({ laid, power, membership, services, network }) => {
    const isWhole = power === 'on' && membership === 'online' && services === 'running' && network === 'good';
    return laid.power === 'on' && !isWhole;
  });
  return [...vms, ...nodes.map(({ name, power, membership }) => `${name}: ${power}, ${membership}`)];
}

test('whatever went wrong, and however soon it is healed: every VM runs once, where the cluster has it, and every node is back', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const demo = stillDemo(12);
    const { world } = demo;
    // The one that joins at the start does so with the first look of an app.
    for (const node of world.members()) if (node.membership === 'pending') node.membership = 'online';
    const next = faultsOf(
      seed,
      world.members().map(({ name }) => name),
      [...world.vms.keys()],
    );
    const random = randomOf(seed, 'pauses');
    for (let heals = 0; heals < 2;) {
      const { fault } = next();
      if (fault.kind === 'heal') heals += 1;
      makeFault(world, fault, () => undefined);
      await passing(demo, random.between(0, 12_000));
    }
    await passing(demo, 240_000);
    expect([seed, ...wrongIn(demo)]).toEqual([seed]);
  }
}, 60_000);
