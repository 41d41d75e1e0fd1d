import type { ReactElement } from 'react';
import type { AppInfo } from '#shared/contract/app.ts';
import { NodeDetailPage } from '../features/node-detail/node-detail-page.tsx';
import { NodesPage } from '../features/nodes/nodes-page.tsx';
import { OperationPage, type OperationPageProps } from '../features/operations/operation-page.tsx';
import { OperationsPage } from '../features/operations/operations-page.tsx';
import { RegionsPage } from '../features/regions/regions-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { useSettings } from '../state/settings.ts';
import type { IconName } from '../ui/icon.tsx';
import { OfCurrentRegion } from './of-current-region.tsx';
import type { Route } from './route.ts';

/** A page of the rail. A page that is not built is not in this list, and so nowhere in the app. */
export interface RailPage {
  readonly page: Exclude<Route['page'], 'node' | 'operation'>;
  readonly label: string;
  readonly icon: IconName;
  /** After G. */
  readonly key: string;
  readonly render: () => ReactElement;
}

export const railPages: readonly RailPage[] = [
  { page: 'nodes', label: 'Nodes', icon: 'nodes', key: 'n', render: () => <NodesPage /> },
  { page: 'operations', label: 'Operations', icon: 'operations', key: 'o', render: () => <OperationsPage /> },
  { page: 'regions', label: 'Regions', icon: 'globe', key: 'r', render: () => <RegionsPage /> },
  { page: 'settings', label: 'Settings', icon: 'gear', key: 's', render: () => <SettingsPage /> },
];

/** The page of a route; the list of nodes where the route's page is not built. */
export function renderRoute(route: Route): ReactElement {
  const page = pageOf(route);
  // What these two show is of this laptop, or says itself which region it is of.
  return route.page === 'regions' || route.page === 'settings' ? page : <OfCurrentRegion>{page}</OfCurrentRegion>;
}

function pageOf(route: Route): ReactElement {
  if (route.page === 'node') return <NodeDetailPage key={route.nodeId} nodeId={route.nodeId} />;
  if (route.page === 'operation') return <OperationRoute key={route.operationId} operationId={route.operationId} />;
  return railPages.find(({ page }) => page === route.page)?.render() ?? <NodesPage />;
}

/** The operation's page with what the app says of the computer's sleep. */
function OperationRoute({ operationId }: Pick<OperationPageProps, 'operationId'>): ReactElement {
  const sleep = useSettings((state) => state.info?.sleep);
  return (
    <OperationPage operationId={operationId} {...(sleep === undefined ? {} : { sleepWords: sleepWords(sleep) })} />
  );
}

function sleepWords(sleep: AppInfo['sleep']): string {
  return sleep.kind === 'held'
    ? 'This computer is kept from falling asleep by itself meanwhile; a closed lid may still send it to sleep.'
    : `${sleep.because} If it falls asleep, what is begun stays recorded in the cluster.`;
}
