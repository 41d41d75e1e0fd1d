import type { EventEnvelope } from '#shared/contract/contract.ts';
import type { RegionId } from '#shared/model/ids.ts';
import { lastRegionKey, type RegionProfile } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { problemOf } from '#shared/problems.ts';
import type { Client } from '../api/client.ts';
import { createSequencer } from '../api/sequencer.ts';
import type { Sequencer } from '../api/sequencer.ts';
import { useDialogs } from './dialogs.ts';
import { beginNodes, failNodes, putChanges, putSnapshot, putTrends } from './nodes.ts';
import { tellOfOperation } from './operation-news.ts';
import { putOperation, putPhase, putTranscript, readOperations } from './operations.ts';
import { putRegionView, useRegions } from './regions.ts';
import { putNotice, useSettings } from './settings.ts';
import { keepToastsOf } from './toasts.ts';
import { keepView, restoreRegionView, restoreView } from './view-store.ts';
import { leaveRegionView } from './view.ts';

/** What a failure is called in the interface; a foreign error is a bug and says so instead of staying silent. */
export function problemFrom(error: unknown): Problem {
  return (
    problemOf(error) ?? {
      code: 'internal',
      message: `This page made a mistake of its own: ${error instanceof Error ? error.message : String(error)}.`,
      advice: 'Reload the page. If it comes back, report it with these words.',
    }
  );
}

interface Session {
  readonly client: Client;
  readonly sequencer: Sequencer;
}

let session: Session | null = null;

/** The client of the running session; the actions of the state call through it. */
export function activeClient(): Client {
  if (!session) throw new Error('No session: startSession was not called');
  return session.client;
}

/** Reads what the app knows, opens the region that was shown last, and follows the core's events until it is stopped. */
export function startSession(client: Client): () => void {
  const sequencer = createSequencer(applyEvent, () => void resync('snapshot'));
  session = { client, sequencer };
  const stops = [
    client.subscribe((event) => {
      sequencer.event(event);
    }),
    client.onLink((link) => {
      useRegions.setState({ link });
      if (link.kind !== 'connected') return;
      // The core may have been started anew meanwhile, so everything is asked again.
      sequencer.restart();
      void readApp();
      void readRegions().then(() => resync('open'));
    }),
    keepView(client),
  ];
  void restoreView(client)
    .then(() => Promise.all([readApp(), readRegions()]))
    .then(() => openLastRegion());
  return () => {
    for (const stop of stops) stop();
    session = null;
  };
}

/** Shows a region: what the cache knows at once, then what is observed. */
export async function showRegion(regionId: RegionId): Promise<void> {
  leaveRegionView();
  useRegions.setState({ currentId: regionId });
  beginNodes(regionId, Date.now());
  void activeClient()
    .call('views.set', { key: lastRegionKey, value: regionId })
    .catch(() => undefined);
  await restoreRegionView(activeClient(), regionId);
  await resync('open');
}

/** Reads the list of regions again. */
export async function readRegions(): Promise<void> {
  try {
    putProfiles(await activeClient().call('regions.list', {}));
  } catch (error) {
    useRegions.setState({ problem: problemFrom(error) });
  }
}

/** Tries the region and every node that waits for an answer again, now. @throws ProblemError */
export async function retryRegion(regionId: RegionId): Promise<void> {
  await activeClient().call('regions.retry', { regionId });
}

/** Asks for the shown region as a whole, after which the events continue it. */
export async function resync(how: 'open' | 'snapshot'): Promise<void> {
  const regionId = useRegions.getState().currentId;
  if (!session || regionId === null) return;
  const { client, sequencer } = session;
  sequencer.snapshotAsked();
  try {
    const snapshot = await client.call(how === 'open' ? 'regions.open' : 'regions.snapshot', { regionId });
    if (useRegions.getState().currentId === regionId) {
      putRegionView(snapshot.region);
      putSnapshot(snapshot);
    }
    sequencer.snapshotApplied(snapshot.sequence);
    // Events were missed, so this was, too.
    void resyncOperations(regionId);
  } catch (error) {
    sequencer.snapshotFailed();
    const problem = problemFrom(error);
    if (how === 'snapshot' && problem.code === 'region-not-open') {
      await resync('open');
      return;
    }
    // A link that broke is said once, above, and mends itself.
    if (problem.code === 'connection-lost') return;
    failNodes(regionId, problem);
    // This laptop's own journal needs no cluster.
    void resyncOperations(regionId);
  }
}

/** Reads the operations of a region as a whole; what was known of them stays where that fails. */
export async function resyncOperations(regionId: RegionId): Promise<void> {
  try {
    await readOperations(activeClient(), regionId);
  } catch (error) {
    putPhase(regionId, { kind: 'failed', problem: problemFrom(error) });
  }
}

async function openLastRegion(): Promise<void> {
  const { profiles } = useRegions.getState();
  if (!profiles || profiles.length === 0) return;
  const last = await activeClient()
    .call('views.get', { key: lastRegionKey })
    .catch(() => null);
  const region = profiles.find(({ id }) => id === last) ?? profiles[0];
  if (region) await showRegion(region.id);
}

async function readApp(): Promise<void> {
  const client = activeClient();
  const [settings, info] = await Promise.allSettled([client.call('settings.get', {}), client.call('app.info', {})]);
  if (settings.status === 'fulfilled') useSettings.setState({ settings: settings.value });
  if (info.status === 'fulfilled') useSettings.setState({ info: info.value, notices: info.value.notices });
}

function putProfiles(profiles: readonly RegionProfile[]): void {
  const { currentId, profiles: before } = useRegions.getState();
  useRegions.setState({ profiles, problem: null });
  keepToastsOf(profiles.map(({ id }) => id));
  const [first] = profiles;
  // Another window has added it. Whoever adds one here shows it too, once its secrets were given.
  const isAdding = useDialogs.getState().open?.kind === 'region-form';
  if (before?.length === 0 && first && !isAdding) void showRegion(first.id);
  const isGone = currentId !== null && !profiles.some(({ id }) => id === currentId);
  if (!isGone) return;
  const wasDemo = (before?.find(({ id }) => id === currentId)?.demoLabel ?? null) !== null;
  // A demo that was reset is followed by the new one, and never by a real region in its place.
  const next = (wasDemo ? profiles.find(({ demoLabel }) => demoLabel !== null) : undefined) ?? profiles[0];
  if (next) void showRegion(next.id);
  else useRegions.setState({ currentId: null });
}

function applyEvent(event: EventEnvelope): void {
  switch (event.name) {
    case 'regions.changed':
      putProfiles(event.payload);
      break;
    case 'region.changed':
      putRegionView(event.payload.region);
      putChanges(event.payload.regionId, event.payload.changed, event.payload.removed);
      break;
    case 'region.trends':
      putTrends(event.payload.regionId, event.payload.trends);
      break;
    case 'operation.changed':
      tellOfOperation(event.payload);
      putOperation(event.payload);
      break;
    case 'operation.transcript':
      putTranscript(event.payload.operationId, event.payload.entries);
      break;
    case 'app.notice':
      putNotice(event.payload);
      break;
    case 'settings.changed':
      useSettings.setState({ settings: event.payload });
      break;
  }
}
