import { onTestFinished } from 'vitest';
import { watchNode } from '../../../../electron/core/region/node-watch.ts';
import type { SshTarget } from '../../../../electron/core/ssh/transport.ts';
import type { Problem } from '../../../../shared/problems.ts';
import { simulatedClock } from '../../../helpers/simulated-clock.ts';
import { labOwn, scriptedPool, target, type Machine, type Question } from './scripted-pool.ts';

/** A watch of one node and everything it told, in words. */
export function watching(
  find: (to: SshTarget) => Machine | Problem | Promise<Machine | Problem>,
  options: {
    readonly routes?: readonly SshTarget[];
    readonly onSlow?: (id: string) => void;
    readonly isComingBack?: () => boolean;
  } = {},
) {
  const clock = simulatedClock();
  const pool = scriptedPool(find);
  const heard: string[] = [];
  const unreachable: Problem[] = [];
  const watch = watchNode({
    pool,
    clock,
    routes: () => options.routes ?? [target('c2')],
    fastIntervalMs: () => 5000,
    slowIntervalMs: () => 300_000,
    vitalIntervalMs: () => 10_000,
    isComingBack: () => options.isComingBack?.() ?? false,
    phaseMs: 0,
    sink: {
      onReached: (connection) => heard.push(`reached ${connection.target.host}`),
      onFast: (sample) => heard.push(`fast ${sample.kind}`),
      onSlow: (id, value) => {
        options.onSlow?.(id);
        heard.push(value.kind === 'value' ? `${id} value` : `${id} unknown: ${value.because}`);
      },
      onUnreachable: (one) => {
        unreachable.push(one);
        heard.push(`unreachable: ${one.code}`);
        return Promise.resolve();
      },
    },
  });
  onTestFinished(() => watch.close());
  clock.advance(0);
  return { clock, pool, heard, unreachable, watch };
}

/** A healthy machine, but for what `but` says of a question. */
export function machine(
  but: (question: Question) => ReturnType<Machine['answer']> | undefined = () => undefined,
): Machine {
  const healthy = labOwn('c2');
  return { answer: (question, command) => but(question) ?? healthy(question, command) };
}
