import type { ReactElement } from 'react';
import { NodeDetailPage } from '../features/node-detail/node-detail-page.tsx';
import { NodesPage } from '../features/nodes/nodes-page.tsx';
import { OperationPage } from '../features/operations/operation-page.tsx';
import { OperationsPage } from '../features/operations/operations-page.tsx';
import { RegionsPage } from '../features/regions/regions-page.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import type { IconName } from '../ui/icon.tsx';
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
  if (route.page === 'node') return <NodeDetailPage key={route.nodeId} nodeId={route.nodeId} />;
  if (route.page === 'operation') return <OperationPage key={route.operationId} operationId={route.operationId} />;
  return railPages.find(({ page }) => page === route.page)?.render() ?? <NodesPage />;
}
