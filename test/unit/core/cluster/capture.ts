import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { understand } from '../../../../electron/core/cluster/pacemaker/read/read-cluster.ts';
import { frameSections, type SectionedOutput } from '../../../../electron/core/ssh/sections.ts';
import type { ClusterAnswer } from '../../../../shared/model/cluster.ts';

const captures = fileURLToPath(new URL('../../../fixtures/captures/', import.meta.url));

/** A captured output, byte for byte; empty where the command was not there. */
export function capture(path: string): string {
  const file = join(captures, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The captures of a folder, by name, in order. */
export function capturesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(join(captures, folder))
    .filter((name) => pattern.test(name))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

export interface Outputs {
  readonly crmMon?: string;
  readonly crmMonExit?: number;
  readonly cib?: string;
  readonly quorum?: string;
  readonly corosync?: string;
  readonly uname?: string;
}

/** What the read command would have printed, made of captured outputs. */
export function framed(outputs: Outputs): SectionedOutput {
  return frameSections([
    { name: 'crm_mon', text: outputs.crmMon ?? '', status: outputs.crmMonExit ?? 0 },
    { name: 'cib', text: outputs.cib ?? '', status: 0 },
    { name: 'quorum', text: outputs.quorum ?? '', status: outputs.quorum === undefined ? 127 : 0 },
    { name: 'corosync', text: outputs.corosync ?? '', status: 0 },
    { name: 'uname', text: `${outputs.uname ?? 'lab-c1'}\n`, status: 0 },
  ]);
}

/** The answer that a captured state (`healthy/lab-c1`) would have given. */
export function answerOf(state: string, readAt = 1000): ClusterAnswer {
  const quorum = capture(`${state}/quorumtool.txt`);
  return answered(
    {
      crmMon: capture(`${state}/crm_mon.xml`),
      cib: capture(`${state}/cib.xml`),
      corosync: capture(`${state}/corosync.conf`),
      uname: state.split('/')[1] ?? '',
      ...(quorum === '' ? {} : { quorum }),
    },
    readAt,
  );
}

/** The answer of these outputs; throws where they tell none. */
export function answered(outputs: Outputs, readAt = 1000): ClusterAnswer {
  const outcome = understand(framed(outputs), readAt);
  if (outcome.kind !== 'answer') throw new Error(`no answer: ${JSON.stringify(outcome)}`);
  return outcome.answer;
}
