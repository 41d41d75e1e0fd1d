import type { OperationId } from '#shared/model/ids.ts';
import type { Operation, OperationDirection } from '#shared/model/operation.ts';
import { fail } from '#shared/problems.ts';

/** What is just being begun or taken up: the same wish twice is one, the opposite of it is refused meanwhile and never lost. */
export interface Wishes {
  /** @throws ProblemError `not-available` while the opposite is being done; what `work` throws. */
  once(id: OperationId, wish: OperationDirection, work: () => Promise<Operation>): Promise<Operation>;
  has(id: OperationId): boolean;
  /** When what is being done for the operation has been done, or was refused. */
  settled(id: OperationId): Promise<void>;
  /** When all of it has. */
  allSettled(): Promise<unknown>;
}

export function createWishes(): Wishes {
  const underWay = new Map<OperationId, { readonly wish: OperationDirection; readonly work: Promise<Operation> }>();
  return {
    async once(id, wish, work) {
      const running = underWay.get(id);
      if (running !== undefined) return running.wish === wish ? running.work : refuse(running.wish);
      const begun = work().finally(() => underWay.delete(id));
      underWay.set(id, { wish, work: begun });
      return begun;
    },
    has: (id) => underWay.has(id),
    settled: async (id) => {
      await underWay.get(id)?.work.catch(() => {});
    },
    allSettled: () => Promise.allSettled([...underWay.values()].map(({ work }) => work)),
  };
}

const refuse = (wish: OperationDirection): never =>
  fail({
    code: 'not-available',
    message: wish === 'on' ? 'It is just being continued.' : 'It is just being rolled back.',
    advice: 'Look at its page: it says what can be done with it then.',
  });
