import type { ReactElement } from 'react';
import { countOpen, useOperations } from '../state/operations.ts';
import { useRegions } from '../state/regions.ts';
import { formatPlural } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { railPages } from './pages.tsx';
import type { Route } from './route.ts';

/** The rail's page that a page belongs to. */
const parents: Partial<Record<Route['page'], Route['page']>> = { node: 'nodes', operation: 'operations' };

/** The pages that exist, icon above word. */
export function Rail({ route }: { readonly route: Route }): ReactElement {
  const current = parents[route.page] ?? route.page;
  return (
    <nav className="rk-nav" aria-label="Pages">
      {railPages.map(({ page, label, icon }) => (
        <a key={page} href={`#/${page}`} aria-current={page === current ? 'page' : undefined}>
          <Icon name={icon} size={18} />
          <span>{label}</span>
          {page === 'operations' ? <OpenOperations /> : null}
        </a>
      ))}
    </nav>
  );
}

/** How many operations of the region run or need a person. */
function OpenOperations(): ReactElement | null {
  const regionId = useRegions((state) => state.currentId);
  const byId = useOperations((state) => state.byId);
  const { open, waiting } = countOpen(byId, regionId);
  if (open === 0) return null;
  const words = `${String(open)} open${waiting === 0 ? '' : `, ${formatPlural(waiting, 'needs', 'need')} a person`}`;
  return (
    <>
      <em className={waiting > 0 ? 'rk-nav__wait' : undefined} aria-hidden="true">
        {open > 99 ? '99+' : open}
      </em>
      <span className="rk-sr">{words}</span>
    </>
  );
}
