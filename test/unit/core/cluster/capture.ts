import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { understand } from '../../../../electron/core/cluster/pacemaker/read/read-cluster.ts';
import type { CommandResult } from '../../../../electron/core/ssh/transport.ts';
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

export const nonce = 'rackside-0123456789abcdef';

export interface Outputs {
  readonly crmMon?: string;
  readonly crmMonExit?: number;
  readonly cib?: string;
  readonly quorum?: string;
  readonly corosync?: string;
  readonly uname?: string;
}

/** What the read command would have printed, made of captured outputs. */
export function resultOf(outputs: Outputs): CommandResult {
  const section = (name: string, text: string, exit = 0): string =>
    `${nonce} begin ${name}\n${text}\n${nonce} end ${name} ${exit}\n`;
  const stdout = [
    section('crm_mon', outputs.crmMon ?? '', outputs.crmMonExit ?? 0),
    section('cib', outputs.cib ?? ''),
    section('quorum', outputs.quorum ?? '', outputs.quorum === undefined ? 127 : 0),
    section('corosync', outputs.corosync ?? ''),
    section('uname', `${outputs.uname ?? 'lab-c1'}\n`),
  ].join('');
  return { exitStatus: 0, stdout, stderr: '', durationMs: 50 };
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
  const outcome = understand(resultOf(outputs), nonce, readAt);
  if (outcome.kind !== 'answer') throw new Error(`no answer: ${JSON.stringify(outcome)}`);
  return outcome.answer;
}
