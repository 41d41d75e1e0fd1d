import { simulateCommand, type CibEdit } from '../../../electron/core/cluster/pacemaker/read/simulate-command.ts';
import { understandSimulations } from '../../../electron/core/cluster/pacemaker/read/simulate.ts';
import type { SectionedOutput } from '../../../electron/core/ssh/sections.ts';
import { stage, stopped, vmOn, type Case } from './cases.ts';
import type { StillDemo } from './still-demo.ts';

type Edits = (vm: string) => readonly CibEdit[];

/** Several simulations in one script, and what is understood of them. */
function simulations(...all: readonly Edits[]): Case['ask'] {
  return (demo: StillDemo) => {
    const vm = vmOn(demo, stage.source);
    const requests = all.map((edits, index) => ({ name: String(index), edits: edits(vm) }));
    return {
      command: simulateCommand(requests, 'none'),
      parse: (output: SectionedOutput) => understandSimulations(output, requests, 'none'),
    };
  };
}

const on = (capture: string, ask: Case['ask'], before?: Case['before']): Case => ({
  capture: `simulate-answers/${capture}`,
  node: stage.control,
  ask,
  hasText: false,
  ...(before === undefined ? {} : { before }),
});
const standbyOf = (node: string, value: 'on' | null): CibEdit => ({ kind: 'standby', node, value });
const meta = (
  resource: string,
  name: 'target-role' | 'allow-migrate' | 'is-managed',
  value: string | null,
): CibEdit => ({
  kind: 'meta',
  resource,
  name,
  value,
});

export const simulateCases: readonly Case[] = [
  on(
    'nothing',
    simulations(() => []),
  ),
  on(
    'standby',
    simulations(() => [standbyOf(stage.source, 'on')]),
  ),
  on(
    'standby-of-unknown',
    simulations(() => [standbyOf('nobody', 'on')]),
  ),
  on(
    'no-standby-of-none',
    simulations(() => [standbyOf(stage.source, null)]),
  ),
  on(
    'meta',
    simulations((vm) => [meta(vm, 'target-role', 'Stopped')]),
  ),
  on(
    'meta-of-unknown',
    simulations(() => [meta('nosuch', 'target-role', 'Stopped')]),
  ),
  on(
    'no-meta-there-is',
    simulations((vm) => [meta(vm, 'allow-migrate', null)]),
  ),
  on(
    'no-meta-of-none',
    simulations((vm) => [meta(vm, 'is-managed', null)]),
  ),
  on(
    'delete-nothing',
    simulations(() => [{ kind: 'delete', what: 'constraint', id: 'nosuch' }]),
  ),
  on(
    'several',
    simulations(
      (vm) => [{ kind: 'pin', resource: vm, node: stage.target }],
      () => [standbyOf('nobody', 'on')],
      () => [],
    ),
  ),
  on(
    'not-connected',
    simulations(() => []),
    stopped(stage.control),
  ),
];
