import type { RegionId } from '#shared/model/ids.ts';
import { problemOf } from '#shared/problems.ts';
import { randomOf, type Random } from '../../electron/demo/random.ts';
import type { AppProcess } from '../helpers/app-process/app-process.ts';
import type { JudgedTable } from './table.ts';

/** What a person at the window does meanwhile, at random: looks at nodes, reads them anew, tries again, reloads the page. */
export function browsing(seed: number, app: AppProcess, regionId: RegionId, table: JudgedTable): () => Promise<void> {
  const random = randomOf(seed, 'browsing');
  return async () => {
    const rows = table.rows();
    const row = rows[random.between(0, Math.max(0, rows.length - 1))];
    if (row === undefined) return;
    try {
      await act(random, app, { regionId, nodeId: row.id }, table);
    } catch (error) {
      // A node that is gone or does not answer: said to the person, and no bug.
      if (problemOf(error) === undefined || problemOf(error)?.code === 'internal') throw error;
    }
  };
}

async function act(
  random: Random,
  app: AppProcess,
  on: { readonly regionId: RegionId; readonly nodeId: Parameters<typeof app.call<'nodes.detail'>>[1]['nodeId'] },
  table: JudgedTable,
): Promise<void> {
  const { regionId } = on;
  switch (random.between(0, 9)) {
    case 0:
      table.paint(await app.call('regions.snapshot', { regionId }));
      break;
    case 1:
      await app.call('regions.retry', { regionId });
      break;
    case 2:
    case 3:
      await app.call('nodes.refresh', on);
      break;
    default:
      await app.call('nodes.detail', on);
  }
}
