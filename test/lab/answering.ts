import { waitFor } from './lab-api.ts';
import type { Laptop } from './use-lab.ts';
import { snapshotOf } from './rackside.ts';

/** The control node that answers for the region now. */
export function answering(laptop: Laptop): Promise<string> {
  return waitFor('a control node answers', () => viaOf(laptop), 30_000);
}

/** Takes the power from the control node that answers, and waits until another one does. */
export async function killAnswering(laptop: Laptop): Promise<string> {
  const killed = await answering(laptop);
  await laptop.lab.fault(killed, 'kill');
  await waitFor(
    'another control node answers',
    async () => {
      const via = await viaOf(laptop);
      return via !== undefined && via !== killed;
    },
    90_000,
  );
  return killed;
}

async function viaOf({ app, region }: Laptop): Promise<string | undefined> {
  const { connection } = (await snapshotOf(app, region)).region;
  return connection.kind === 'live' ? connection.via : undefined;
}
