import type { ReactElement } from 'react';
import { FirstRunPage } from '../features/first-run/first-run-page.tsx';
import { useRegions } from '../state/regions.ts';
import { Banners } from './banners.tsx';
import { renderRoute } from './pages.tsx';
import { Rail } from './rail.tsx';
import { useRoute } from './route.ts';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { usePageFocus } from './use-page-focus.ts';

/** The window: 44 top bar, 68 rail, main panel, 24 status bar. Only what is inside the main panel scrolls. */
export function Frame(): ReactElement {
  const route = useRoute();
  usePageFocus(route.page === 'node' ? `node ${route.nodeId}` : route.page);
  const hasNoRegion = useRegions((state) => state.profiles?.length === 0);
  if (hasNoRegion && route.page !== 'settings') {
    return (
      <div className="rk-first">
        <Banners page={route.page} />
        <main>
          <FirstRunPage />
        </main>
      </div>
    );
  }
  return (
    <div className="rk-win">
      <TopBar />
      <div className="rk-body">
        <Rail route={route} />
        <main className="rk-main">
          <Banners page={route.page} />
          {renderRoute(route)}
        </main>
      </div>
      <StatusBar />
    </div>
  );
}
