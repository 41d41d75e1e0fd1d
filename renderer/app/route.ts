import { useSyncExternalStore } from 'react';
import { nodeId, operationId } from '#shared/model/ids.ts';
import type { NodeId, OperationId } from '#shared/model/ids.ts';

/** Where the app is. The address carries it, so that back, forward and reload work. */
export type Route =
  | { readonly page: 'nodes' }
  | { readonly page: 'node'; readonly nodeId: NodeId }
  | { readonly page: 'operations' }
  | { readonly page: 'operation'; readonly operationId: OperationId }
  | { readonly page: 'regions' }
  | { readonly page: 'settings' };

/** Reads an address' hash: `#/nodes`, `#/nodes/ID`, `#/operations`, `#/operations/ID`, `#/regions`, `#/settings`; anything else is the list of nodes. */
export function readRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'regions' || page === 'settings') return { page };
  const of = decoded(id);
  if (page === 'operations') {
    return of === null ? { page } : { page: 'operation', operationId: operationId(of) };
  }
  return page === 'nodes' && of !== null ? { page: 'node', nodeId: nodeId(of) } : { page: 'nodes' };
}

function decoded(part: string | undefined): string | null {
  try {
    return part === undefined || part === '' ? null : decodeURIComponent(part);
  } catch {
    return null;
  }
}

const follow = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => {
    window.removeEventListener('hashchange', listener);
  };
};

/** The present route; painted anew when the address changes. */
export function useRoute(): Route {
  return readRoute(useSyncExternalStore(follow, () => location.hash));
}
