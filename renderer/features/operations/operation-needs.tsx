import type { ReactElement, ReactNode } from 'react';
import type { Operation, OperationVm } from '#shared/model/operation.ts';
import { useClock } from '../../state/clock.ts';
import { endedSentence } from '../../state/operation-words.ts';
import { formatAge, formatMib, formatReason, formatTime } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { isStalled } from './figures.ts';
import { named } from './words.ts';

/** What a person has to know before they look at the rows: how it ended, why it stopped, and what stalls. */
export function OperationNeeds({ operation }: { readonly operation: Operation }): ReactElement | null {
  const now = useClock((state) => state.now);
  const { state, vms, owner, nodeName } = operation;
  const stalled = vms.filter((vm) => isStalled(operation, vm, now));
  // What the problem tells of already is not said twice.
  const told = state.kind === 'failed' ? state.problem.message : '';
  const failed = state.kind === 'ended' ? [] : vms.filter((vm) => vm.state === 'failed' && !told.includes(vm.domain));
  const isReturn = operation.command === 'activate';
  const needs: ReactNode[] = [];

  if (state.kind === 'ended') {
    const isWhole = state.outcome === 'succeeded';
    needs.push(
      <Need key="ended" level={isWhole ? 'success' : 'info'} title={endedSentence(operation, state.outcome)}>
        Ended at {formatTime(state.at, now)}.{' '}
        {state.left.length === 0 ? (
          'Nothing is left of it.'
        ) : (
          <>
            What is left as it is:
            <ul className="rk-need__left">
              {state.left.map((line) => (
                <li key={line}>{formatReason(line, now)}</li>
              ))}
            </ul>
          </>
        )}
      </Need>,
    );
  }
  if (state.kind === 'failed') {
    needs.push(
      <div key="failed" className="rk-need rk-need--problem">
        <ProblemView problem={state.problem} title={`It stopped at ${formatTime(state.at, now)}, and waits for you`} />
      </div>,
    );
  }
  if (state.kind === 'unattended') {
    needs.push(
      <Need
        key="unattended"
        level="warning"
        title={`Nobody drives it since ${formatTime(state.since, now)}, ${formatAge(now - state.since)} ago`}
      >
        {owner} drove it last. Nothing of it goes on by itself but the move of a VM that was under way: that arrives or
        stays, and is handed back to the cluster. Every other VM runs where it is. Continue goes on from what a fresh
        read finds; Roll back… undoes what can be undone.
      </Need>,
    );
  }
  if (state.kind === 'queued') {
    needs.push(
      <Need key="queued" level="info" title={`It waits for its turn, after ${state.behind}`}>
        Nothing of it has begun. It is begun when {state.behind} is {isReturn ? 'Active again' : 'in maintenance'}. What
        is true then is judged anew: where {isReturn ? 'anything' : 'the region’s limit, or anything else,'} does not
        allow it any more, it ends without having begun. Closing Rackside forgets it.
      </Need>,
    );
  }
  if (state.kind === 'elsewhere') {
    needs.push(
      <Need key="elsewhere" level="info" title={`${state.owner} drives it`}>
        This page shows what is recorded in the cluster. Whoever drives it can cancel it, or hand it over.
      </Need>,
    );
  }
  if (state.kind === 'cancelling') {
    needs.push(
      <Need key="cancelling" level="info" title={`It is being cancelled, for ${formatAge(now - state.since)}`}>
        Moves under way stop within 15 s; then {nodeName} is read again.
      </Need>,
    );
  }
  if (state.kind === 'rolling-back') {
    needs.push(
      <Need key="rolling-back" level="info" title={`It is being rolled back, for ${formatAge(now - state.since)}`}>
        What can be undone is undone; then {nodeName} is read again.
      </Need>,
    );
  }
  for (const vm of stalled) needs.push(<Stalled key={vm.resource} vm={vm} />);
  if (failed.length > 0) {
    needs.push(
      <Need key="vms" level="warning" title={`${named(failed.map(({ domain }) => domain))} did not go as planned`}>
        {failed
          .map(({ domain, detail }) => (detail === '' ? domain : `${domain}: ${formatReason(detail, now)}`))
          .join('. ')}
      </Need>,
    );
  }
  return needs.length === 0 ? null : <div className="rk-op__needs">{needs}</div>;
}

function Stalled({ vm }: { readonly vm: OperationVm }): ReactElement {
  const { progress } = vm;
  const dirty = progress?.dirtyBytesPerSecond ?? null;
  const rate = progress?.bytesPerSecond ?? null;
  const figures = [
    dirty === null ? '' : `${formatMib(dirty)} MiB/s dirty`,
    rate === null ? '' : `${formatMib(rate)} MiB/s moved`,
  ].filter(Boolean);
  return (
    <Need level="warning" title={`${vm.domain} writes memory faster than it moves`}>
      {figures.length === 0 ? '' : `${figures.join(', ')}. `}It keeps running here; other VMs go on. It ends when the VM
      writes less, when its time is over (two minutes, and what its memory takes at 32 MiB/s), or when you cancel.
    </Need>
  );
}

const icons = { info: 'info', success: 'ok', warning: 'warning' } as const satisfies Record<string, IconName>;

function Need(props: {
  readonly level: keyof typeof icons;
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className={`rk-need rk-need--${props.level}`}>
      <Icon name={icons[props.level]} size={16} />
      <div>
        <p className="rk-need__title">{props.title}</p>
        <div className="rk-need__text">{props.children}</div>
      </div>
    </div>
  );
}
