import type { ReactElement } from 'react';
import { Banners } from './banners.tsx';
import { renderRoute } from './pages.tsx';
import { Rail } from './rail.tsx';
import { useRoute } from './route.ts';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** The window: 44 top bar, 68 rail, main panel, 24 status bar. Only what is inside the main panel scrolls. */
export function Frame(): ReactElement {
  const route = useRoute();
  return (
    <div className="rk-win">
      <TopBar />
      <div className="rk-body">
        <Rail route={route} />
        <main className="rk-main">
          <Banners />
          {renderRoute(route)}
        </main>
      </div>
      <StatusBar />
    </div>
  );
}
