import { xpathText } from '../../cluster/writes/xml-text.ts';
import { readCluster, readConfigurationNow } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import { simulateNow } from '../simulate.ts';
import type { OperationContext, Step } from '../step.ts';
import { touchedVms } from './quiet-unstandby.ts';

/** XPath of a constraint, below `configuration`. */
export const leftoverPath = (id: string): string => `constraints/*[@id=${xpathText(id)}]`;

/** Constraints that name the node are dropped with it; where that would touch a VM that runs, the constraint stays and is told. */
export const leftoversStep: Step = {
  id: 'leftovers',
  title: 'Drop constraints that name it',
  isDone: async (context) => (await leftoversOf(context)).length === 0,
  async act(context) {
    for (const id of await leftoversOf(context)) {
      const simulated = await simulateNow(context, [{ kind: 'delete', what: 'constraint', id }]);
      if (simulated.kind === 'unknown')
        stepFailed(
          `What happens without the constraint ${id} could not be simulated: ${simulated.because}.`,
          'The node is out of the cluster. Continue when the cluster answers.',
        );
      const isQuiet = simulated.fenced.length === 0 && touchedVms(simulated, await readCluster(context)).length === 0;
      if (isQuiet) await context.write.delete('leftovers', leftoverPath(id));
    }
  },
  async verify(context) {
    const kept = await leftoversOf(context);
    return kept.length === 0 ? '' : `kept, because without them the cluster would move VMs: ${kept.join(', ')}`;
  },
};

async function leftoversOf(context: OperationContext): Promise<readonly string[]> {
  const { constraints } = await readConfigurationNow(context);
  return constraints.filter(({ nodes }) => nodes.includes(context.node)).map(({ id }) => id);
}
