import { nodesText, resourcesText } from '../render/crm-mon.ts';
import { nothingThere, type Cib, type CibResult } from '../world/cib.ts';
import type { Engine } from '../world/engine.ts';
import { planOf } from '../world/plan.ts';
import type { Schedule } from '../world/schedule.ts';
import { settingsOf } from '../world/settings.ts';
import { attributeOf, quoted } from '../world/xml-tree.ts';
import type { World } from '../world/world.ts';
import { noCib, sectioned, toolSection, type AnswerSection, type Command } from './command.ts';

/** How many words follow each word of `simulateCommand`. */
const wordCounts: Readonly<Record<string, number>> = {
  merge: 1,
  delete: 1,
  standby: 2,
  'no-standby': 1,
  meta: 3,
  'no-meta': 2,
};

/** `simulateCommand`: edits on copies of the configuration, and what the scheduler would do then. */
export function simulateAnswer(engine: Engine): Command {
  return sectioned(({ world, node, args }) => {
    if (!world.answersFor(node))
      return [
        toolSection('cib', noCib),
        ...requestsIn(args).map((_, index) => toolSection(String(index + 1), { status: noCib.status })),
      ];
    const sections: AnswerSection[] = [toolSection('cib', { stdout: `${world.cib.startTag}>\n` })];
    const requests = requestsIn(args);
    // Read before anything is tried: what is kept of it must be what is true.
    const settings = world.settings();
    requests.forEach((edits, index) => {
      const name = String(index + 1);
      const section = world.cib.trial(() => {
        const failed = edits.map((edit) => editCopy(world.cib, edit)).find(({ status }) => status !== 0);
        if (failed !== undefined) return toolSection(name, { stderr: failed.error, status: failed.status });
        const plan = planOf(world, engine.busy, edits.length === 0 ? settings : settingsOf(world.cib));
        return toolSection(name, { stdout: simulationText(world, plan) });
      });
      sections.push(section);
    });
    return sections;
  });
}

type Edit = readonly [word: string, ...words: string[]];

function requestsIn(args: readonly string[]): readonly (readonly Edit[])[] {
  const requests: Edit[][] = [];
  for (let at = 0; at < args.length;) {
    const word = args[at] ?? '';
    const count = word === 'simulate' ? 0 : (wordCounts[word] ?? 0);
    if (word === 'simulate') requests.push([]);
    else requests.at(-1)?.push([word, ...args.slice(at + 1, at + 1 + count)]);
    at += 1 + count;
  }
  return requests;
}

function editCopy(cib: Cib, [word, first = '', second = '', third = '']: Edit): CibResult {
  switch (word) {
    case 'merge':
      return cib.modify('/cib/configuration', first);
    case 'delete':
      return cib.delete(first);
    case 'standby':
    case 'no-standby': {
      const node = cib.section('nodes').find((one) => attributeOf(one, 'uname') === first);
      if (node === undefined)
        return { status: nothingThere, error: `crm_attribute: Could not map name=${first} to a UUID\n` };
      const id = quoted(attributeOf(node, 'id'));
      const path = `/cib/configuration/nodes/node[@id="${id}"]`;
      if (word === 'no-standby') return cib.delete(`${path}/instance_attributes/nvpair[@name="standby"]`);
      const pair = `<nvpair id="nodes-${id}-standby" name="standby" value="${quoted(second)}"/>`;
      return cib.modify(
        path,
        `<node id="${id}"><instance_attributes id="nodes-${id}">${pair}</instance_attributes></node>`,
      );
    }
    case 'meta':
    case 'no-meta': {
      const path = `/cib/configuration/resources//primitive[@id="${first}"]`;
      if (cib.query(path).length === 0)
        return { status: nothingThere, error: 'Error performing operation: No such object\n' };
      const options = cib.query(`${path}/meta_attributes/nvpair[@name="${second}"]`);
      if (word === 'no-meta') return cib.delete(`${path}/meta_attributes/nvpair[@name="${second}"]`);
      const [option] = options;
      const id = option === undefined ? `${first}-meta_attributes-${second}` : attributeOf(option, 'id');
      const pair = `<nvpair id="${quoted(id)}" name="${second}" value="${quoted(third)}"/>`;
      if (option !== undefined) return cib.replace(`${path}/meta_attributes/nvpair[@name="${second}"]`, pair);
      return cib.modify(
        path,
        `<primitive id="${first}"><meta_attributes id="${first}-meta_attributes">${pair}</meta_attributes></primitive>`,
      );
    }
    default:
      return { status: 64, error: '' };
  }
}

/** `crm_simulate -S -Q --output-as=xml`: how it stands now, what is done, how, and how it stands then. */
function simulationText(world: World, { actions, fenced }: Schedule): string {
  const lines = [
    ...fenced.map(
      (name) =>
        `    <node_action task="Fence (reboot)" node="${name}" reason="peer is no longer part of the cluster"/>\n`,
    ),
    ...actions.map(({ action, resource, source, target }) => {
      const start = `    <rsc_action action="${action}" resource="${resource}"`;
      if (action === 'start') return `${start} node="${target}"/>\n`;
      if (action === 'stop') return `${start} node="${source}" reason="node availability"/>\n`;
      return `${start} source="${source}" dest="${target}"/>\n`;
    }),
  ];
  const placement = new Map(actions.map(({ resource, target }) => [resource, target]));
  return `<pacemaker-result api-version="2.25" request="crm_simulate -x /tmp/tmp.demo/copy -S -Q --output-as=xml">
  <cluster_status>
${nodesText(world)}${resourcesText(world)}  </cluster_status>
${lines.length === 0 ? '  <actions/>\n' : `  <actions>\n${lines.join('')}  </actions>\n`}${transitionText(world, actions)}  <revised_cluster_status>
${nodesText(world, placement)}${resourcesText(world, placement)}  </revised_cluster_status>
  <status code="0" message="OK"/>
</pacemaker-result>
`;
}

const monitorMs = 10_000;

/** The `<transition>`: the operations of each action. With `placement-strategy=utilization` each node's load is a step of its own. */
function transitionText(world: World, actions: Schedule['actions']): string {
  const pseudo = (task: string): string => `    <pseudo_action task="${task}"/>\n`;
  const steps = actions.flatMap(({ action, resource, source, target }) => {
    const op = (name: string, node: string | null, more = ''): string =>
      `    <rsc_action resource="${resource}" op="${name}" node="${node ?? ''}"${more}/>\n`;
    const monitor = op('monitor', target, ` interval="${monitorMs}"`);
    switch (action) {
      case 'migrate':
        return [
          op('migrate_to', source),
          op('migrate_from', target),
          op('stop', source),
          pseudo(`${resource}_start_0`),
          monitor,
        ];
      case 'move':
        return [op('stop', source), op('start', target), monitor];
      case 'start':
        return [op('start', target), monitor];
      case 'stop':
        return [op('stop', source)];
    }
  });
  const loads = world.members().map(({ name }) => pseudo(`load_stopped_${name}`));
  return `  <transition>\n${loads.join('')}${steps.join('')}  </transition>\n`;
}
