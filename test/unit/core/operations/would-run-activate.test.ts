import { expect, test } from 'vitest';
import { emptyNodeRecord } from '#shared/model/cluster.ts';
import { activationPreflight } from '../../../../electron/core/lifecycle/preflight/activation.ts';
import { activate } from '../../../../electron/core/operations/commands/activate.ts';
import { activationWouldRun } from '../../../../electron/core/operations/prepare/would-run-return.ts';
import { recordedVms } from '../../../../electron/core/operations/recorded-home.ts';
import { activationOf, noon, onVm, type Changes } from '../lifecycle/preflight/facts-of.ts';
import { commandsOf, exited, sentBy } from './sent-by.ts';
import { stepWorld } from './step-world.ts';

const node = 'lab-c1';
const rules = [
  `<rsc_location id="rackside-hold-${node}" rsc="x" node="${node}" score="-INFINITY"/>`,
  '<rsc_location id="rackside-move-vm1" rsc="vm1" node="lab-c2" score="INFINITY"/>',
  '<rsc_location id="rackside-move-vm2" rsc="vm2" node="lab-c2" score="INFINITY"/>',
];

/** In standby; vm1 and vm2 were moved to lab-c2 and are pinned there, and vm2 does not move live any more. */
const serviced: Changes = {
  answer: (answer) => {
    const maintenance = { by: 'anna', reason: 'DIMM', at: noon, isStopped: false, movedVms: ['vm1', 'vm2'] };
    return {
      ...answer,
      nodes: answer.nodes.map((one) => (one.name === node ? { ...one, isStandby: true } : one)),
      members: answer.members.map((one) => (one.name === node ? { ...one, standby: 'forever' } : one)),
      records: { ...answer.records, nodes: { [node]: { ...emptyNodeRecord, maintenance } } },
    };
  },
  configuration: (configuration) => ({
    ...onVm('vm2', { allowMigrate: null })(configuration),
    constraints: rules.map((xml) => ({
      id: /id="([^"]*)"/u.exec(xml)?.[1] ?? '',
      kind: 'location',
      resources: [],
      pattern: null,
      nodes: [],
      score: null,
      xml,
    })),
  }),
};

/** One Activate, planned and run; the looks at its health and status are no command. */
async function activated(bringsVmsHome: boolean) {
  const facts = activationOf(serviced, node);
  const judged = activationPreflight(facts);
  const world = stepWorld(node);
  world.answer = facts.answer;
  world.cib = world.cib.replace('<constraints>', `<constraints>${rules.join('')}`);
  const choices = { ...world.record.choices, bringsVmsHome };
  world.record = { ...world.record, choices, vms: recordedVms(facts, judged.home, bringsVmsHome) };
  world.unit = () => ({
    properties: exited,
    journal: `{"rackside":"end","vm":"vm","on":"${node}","managed":true,"move_rc":0,"rc":0,"s":9,"why":""}`,
  });
  const looks = new Set(['services', 'healthy', 'active']);
  const steps = (record: typeof world.record) => activate.steps(record).filter(({ id }) => !looks.has(id));
  return { planned: activationWouldRun(judged, facts), sent: await sentBy(world, { ...activate, steps }) };
}

test('what would run of an Activate whose VMs stay has no way home, and drops every pin', async () => {
  const { planned, sent } = await activated(false);
  expect(commandsOf(planned.wouldRun)).toEqual(sent);
  expect(planned.wouldRun.map(({ step }) => step)).toEqual([
    'unstandby',
    'drop-traces',
    'drop-traces',
    'drop-pins',
    'drop-pins',
  ]);
});

test('of one that brings its VMs home it has the move of each that can, and drops the pin of one that stays', async () => {
  const { planned, sent } = await activated(true);
  expect(commandsOf(planned.wouldRunHome)).toEqual(sent);
  expect(planned.wouldRunHome.map(({ step }) => step)).toEqual([
    'unstandby',
    'drop-traces',
    'drop-traces',
    'home',
    'home',
    'home',
    'drop-pins',
  ]);
});

test('of one whose services were stopped it says first that they are no longer, then starts them', () => {
  const stopped: Changes = {
    ...serviced,
    answer: (answer) => {
      const { records, nodes, ...rest } = serviced.answer?.(answer) ?? answer;
      const maintenance = records.nodes[node]?.maintenance ?? null;
      return {
        ...rest,
        nodes: nodes.map((one) => (one.name === node ? { ...one, isOnline: false } : one)),
        records: {
          ...records,
          nodes: {
            [node]: { ...emptyNodeRecord, maintenance: maintenance && { ...maintenance, isStopped: true } },
          },
        },
      };
    },
  };
  const facts = activationOf(stopped, node);
  const { wouldRun } = activationWouldRun(activationPreflight(facts), facts);
  expect(wouldRun.map(({ step, host }) => `${step} ${host}`).slice(0, 3)).toEqual([
    'services control node',
    `services ${node}`,
    'unstandby control node',
  ]);
});
