// `npm run docs`: prints docs/lifecycle.md from the table in shared/lifecycle, which the interface and the core decide by.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { nodeCommands } from '../shared/lifecycle/commands.ts';
import type { NodeCommand } from '../shared/lifecycle/commands.ts';
import { guardRules, guardTitles } from '../shared/lifecycle/guards.ts';
import { nodeStatuses, statusLabels } from '../shared/lifecycle/statuses.ts';
import type { NodeStatus } from '../shared/lifecycle/statuses.ts';
import { memberStatuses, observedChanges, statusClasses, transitions } from '../shared/lifecycle/transitions.ts';
import type { Confirmation } from '../shared/lifecycle/transitions.ts';

const confirmations: Readonly<Record<Confirmation, string>> = {
  none: 'none',
  confirm: 'a dialog with its checks',
  'typed-name': 'a dialog; the node’s name is typed',
  timer: 'ticks, the node’s name typed, the safety timer',
};
const places = {
  menu: 'menu and toolbar',
  'node-menu': 'menu',
  'maintenance-dialog': 'maintenance dialog, stuck operation',
  'detail-page': 'detail page',
} as const;

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const linesOf = (lines: readonly string[]): string => lines.map((line) => `* ${line}`).join('\n');

function statusTable(): string {
  const classOf = (status: NodeStatus): string => {
    const found = statusClasses[status];
    return found.kind === 'transitional' ? `transitional, to ${statusLabels[found.target]}` : found.kind;
  };
  return tableOf(
    ['status', 'class', 'member'],
    nodeStatuses.map((status) => [statusLabels[status], classOf(status), memberStatuses.has(status) ? 'yes' : 'no']),
  );
}

function matrix(): string {
  const cell = (command: NodeCommand, status: NodeStatus): string =>
    transitions[command].from.has(status) ? (transitions[command].isBuilt ? 'yes' : '(yes)') : '';
  return tableOf(
    ['command', ...nodeStatuses.map((status) => statusLabels[status])],
    nodeCommands.map((command) => [
      `**${transitions[command].label}**`,
      ...nodeStatuses.map((status) => cell(command, status)),
    ]),
  );
}

function commandTable(): string {
  return tableOf(
    ['command', 'what it does', 'confirmed by', 'offered in', 'several nodes', 'rules beside the status'],
    nodeCommands.map((command) => {
      const { label, effect, confirmation, place, isForMany, guards, isBuilt } = transitions[command];
      const rules = guardRules.filter((rule) => guards.includes(rule)).map((rule) => `\`${rule}\``);
      const offered = isBuilt ? places[place] : 'not built';
      const many = isForMany ? 'yes' : 'one at a time';
      return [`**${label}**`, effect, confirmations[confirmation], offered, many, rules.join(', ') || 'none'];
    }),
  );
}

/** Names without blanks and hyphens, which the diagram's language keeps for itself. */
const diagramName = (status: NodeStatus): string => status.replaceAll('-', '_');

function diagram(): string {
  const names = nodeStatuses.map((status) => `  state "${statusLabels[status]}" as ${diagramName(status)}`);
  const edges = nodeCommands.flatMap((command) => {
    const { from, leadsTo, label } = transitions[command];
    if (leadsTo === null) return [];
    return nodeStatuses
      .filter((status) => from.has(status) && status !== leadsTo)
      .map(
        (status) => `  ${diagramName(status)} --> ${leadsTo === 'deleted' ? '[*]' : diagramName(leadsTo)} : ${label}`,
      );
  });
  const byItself = nodeStatuses.flatMap((status) => {
    const found = statusClasses[status];
    return found.kind === 'transitional' ? [`  ${diagramName(status)} --> ${diagramName(found.target)}`] : [];
  });
  const observed = observedChanges.map(
    ({ from, to, when }) => `  ${diagramName(from)} --> ${diagramName(to)} : (${when})`,
  );
  return ['```mermaid', 'stateDiagram-v2', ...names, ...edges, ...byItself, ...observed, '```'].join('\n');
}

/** The whole page. */
export function lifecycleDocs(): string {
  return `# What can be done with a node, and when

Printed from \`shared/lifecycle\` by \`npm run docs\`; do not edit it here. A unit test compares the two. The interface and the core decide by the same
table and the same function, \`decide()\`; the core asks it again with what it has read fresh. When a node has which status is in
[status.md](status.md); R-numbers are the rules of [safety.md](safety.md).

## Statuses

${statusTable()}

## Commands by status

*yes*: available, if its rules hold too. *(yes)*: specified and not built, so it is nowhere in the interface. Empty: shown, disabled, and says why and
what would make it available.

${matrix()}

## Commands

${commandTable()}

What is on the node and on the others (VMs, memory, quorum after it, fencing, data pools) is judged by the preflight in the command's dialog.

## Rules beside the status

A refusal tells the first that does not hold, in this order; the status is asked after \`more-than-one-node\`.

${linesOf(guardRules.map((rule) => `\`${rule}\`: ${guardTitles[rule]}`))}

## Diagram

A word is a command, a word in brackets is what the cluster does by itself; a line without a word is where a transitional status leads.

${diagram()}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(new URL('../docs/lifecycle.md', import.meta.url), lifecycleDocs());
}
