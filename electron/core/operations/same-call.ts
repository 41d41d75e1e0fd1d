import type { OperationId } from '#shared/model/ids.ts';
import { commandWords, type Operation } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';
import type { Request } from './begin.ts';

type Call = Pick<Request, 'operationId' | 'nodeId' | 'command' | 'vm'>;

const advice = 'Nothing was begun. Give each operation an id of its own.';

/** The same call again is the same operation (R3); the id of another operation is a mistake of the caller's, who would take that one for what was asked. */
export function requireSameCall(before: Operation, { nodeId, command, vm }: Omit<Call, 'operationId'>): void {
  const isSameVm = vm === undefined || before.vms.some(({ resource }) => resource === vm);
  if (before.nodeId === nodeId && before.command === command && isSameVm) return;
  const [first] = before.command === 'shut-down-vm' ? before.vms : [];
  fail({
    code: 'invalid-input',
    message: `This operation’s id is that of ${commandWords[before.command]} of ${first === undefined ? '' : `${first.domain} on `}${before.nodeName}.`,
    advice,
  });
}

/**
 * The operations of a row of calls that was made before, each as it stands; `undefined`: none of them is known.
 * @throws ProblemError `invalid-input` where it is neither a new row nor the same again: none of it may go by unnoticed.
 */
export function knownRow(
  row: readonly Call[],
  known: (id: OperationId) => Operation | undefined,
): readonly Operation[] | undefined {
  if (new Set(row.map(({ operationId }) => operationId)).size < row.length)
    fail({ code: 'invalid-input', message: 'Two of these operations have the same id.', advice });
  const before = row.flatMap((call) => {
    const operation = known(call.operationId);
    if (operation !== undefined) requireSameCall(operation, call);
    return operation ?? [];
  });
  if (before.length === 0) return undefined;
  if (before.length === row.length) return before;
  return fail({
    code: 'invalid-input',
    message: `Of these operations some were begun before: ${before.map(({ nodeName }) => nodeName).join(', ')}.`,
    advice: 'Nothing was begun. Ask for the others as a row of their own.',
  });
}
