import { useSyncExternalStore } from 'react';
import { nodeId } from '#shared/model/ids.ts';
import type { NodeId } from '#shared/model/ids.ts';

/** Where the app is. The address carries it, so that back, forward and reload work. */
export type Route =
  | { readonly page: 'nodes' }
  | { readonly page: 'node'; readonly nodeId: NodeId }
  | { readonly page: 'regions' }
  | { readonly page: 'settings' };

/** Reads an address' hash: `#/nodes`, `#/nodes/ID`, `#/regions`, `#/settings`; anything else is the list of nodes. */
export function readRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'regions' || page === 'settings') return { page };
  if (page === 'nodes' && id !== undefined && id !== '') {
    try {
      return { page: 'node', nodeId: nodeId(decodeURIComponent(id)) };
    } catch {
      return { page: 'nodes' };
    }
  }
  return { page: 'nodes' };
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
