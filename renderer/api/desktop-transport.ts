import type { Bridge } from '#shared/contract/contract.ts';
import { ProblemError } from '#shared/problems.ts';
import type { Transport } from './transport.ts';

/** The desktop shell's bridge, which lives as long as the window does: its link is never lost while the page runs. */
export function desktopTransport(bridge: Bridge): Transport {
  return {
    invoke: async (message) => {
      try {
        return await bridge.invoke(message);
      } catch (error) {
        throw new ProblemError(
          {
            code: 'connection-lost',
            message: 'The main process of Rackside did not answer.',
            advice: 'Try again. If it goes on, restart Rackside: nothing that runs on a node is lost by that.',
          },
          { cause: error },
        );
      }
    },
    subscribe: (listener) => bridge.subscribe(listener),
    onLink: () => () => undefined,
    close: () => undefined,
  };
}
