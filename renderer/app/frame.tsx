import type { ReactElement } from 'react';
import { Tour } from '../features/demo/tour.tsx';
import { FirstRunPage } from '../features/first-run/first-run-page.tsx';
import { useRegions } from '../state/regions.ts';
import { Banners } from './banners.tsx';
import { renderRoute } from './pages.tsx';
import { Rail } from './rail.tsx';
import { useRoute } from './route.ts';
import type { Route } from './route.ts';
import { StatusBar } from './status-bar.tsx';
import { ToastHost } from './toast-host.tsx';
import { TopBar } from './top-bar.tsx';
import { usePageFocus } from './use-page-focus.ts';

/** The window: 44 top bar, 68 rail, main panel, 24 status bar. Only what is inside the main panel scrolls. */
export function Frame(): ReactElement {
  const route = useRoute();
  const hasNoRegion = useRegions((state) => state.profiles?.length === 0);
  const isFirstRun = hasNoRegion && route.page !== 'settings';
  usePageFocus(isFirstRun ? null : pageName(route));
  if (isFirstRun) {
    return (
      <div className="rk-first">
        <Banners route={route} />
        <main>
          <FirstRunPage />
        </main>
      </div>
    );
  }
  return (
    <div className="rk-win">
      {/* First in the order of Tab, wherever it stands. */}
      <Tour isNodesPage={route.page === 'nodes'} />
      <TopBar />
      <div className="rk-body">
        <Rail route={route} />
        <main className="rk-main">
          <Banners route={route} />
          {renderRoute(route)}
        </main>
      </div>
      <StatusBar />
      <ToastHost />
    </div>
  );
}

/** A new name is a new page: it takes the focus. */
function pageName(route: Route): string {
  if (route.page === 'node') return `node ${route.nodeId}`;
  return route.page === 'operation' ? `operation ${route.operationId}` : route.page;
}
