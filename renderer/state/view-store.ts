import type { RegionId } from '#shared/model/ids.ts';
import type { Client } from '../api/client.ts';
import { useRegions } from './regions.ts';
import { filterText, layoutText, readFilter, readLayout, useView } from './view.ts';

/** View settings live in the core's database, so that both shells and every port share them. */
const layoutKey = 'nodes';
const filterKey = (regionId: RegionId): string => `nodes/${regionId}`;
const writeDelayMs = 300;

/** What the core has of each key, so that reading a view does not write it back. */
const kept = new Map<string, string>();

/** Reads how the nodes were looked at last. Without an answer the default view is shown: it is no reason to show nothing. */
export async function restoreView(client: Client): Promise<void> {
  const text = await client.call('views.get', { key: layoutKey }).catch(() => null);
  useView.setState(readLayout(text));
  kept.set(layoutKey, layoutText(useView.getState()));
}

/** Reads the filters that were left on in a region. */
export async function restoreRegionView(client: Client, regionId: RegionId): Promise<void> {
  const text = await client.call('views.get', { key: filterKey(regionId) }).catch(() => null);
  if (useRegions.getState().currentId !== regionId) return;
  const filter = readFilter(text);
  kept.set(filterKey(regionId), filterText({ filter }));
  useView.setState({ filter });
}

/** Writes what changed, a moment after the last change; the returned function writes what is left and stops. */
export function keepView(client: Client): () => void {
  const unwritten = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    for (const [key, value] of unwritten) {
      kept.set(key, value);
      // A view that could not be kept is the default one next time; that is no reason to disturb anybody now.
      client.call('views.set', { key, value }).catch(() => kept.delete(key));
    }
    unwritten.clear();
  };
  const note = (key: string, value: string): void => {
    if (kept.get(key) === value) unwritten.delete(key);
    else unwritten.set(key, value);
  };
  const stop = useView.subscribe((state, before) => {
    const { currentId } = useRegions.getState();
    if (state.sort !== before.sort || state.hiddenColumns !== before.hiddenColumns) note(layoutKey, layoutText(state));
    if (state.filter !== before.filter && currentId !== null) note(filterKey(currentId), filterText(state));
    if (unwritten.size === 0) return;
    clearTimeout(timer);
    timer = setTimeout(write, writeDelayMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
    write();
  };
}
