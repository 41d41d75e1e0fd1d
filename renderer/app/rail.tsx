import type { ReactElement } from 'react';
import { Icon } from '../ui/icon.tsx';
import { railPages } from './pages.tsx';
import type { Route } from './route.ts';

/** The pages that exist, icon above word. */
export function Rail({ route }: { readonly route: Route }): ReactElement {
  const current = route.page === 'node' ? 'nodes' : route.page;
  return (
    <nav className="rk-nav" aria-label="Pages">
      {railPages.map(({ page, label, icon }) => (
        <a key={page} href={`#/${page}`} aria-current={page === current ? 'page' : undefined}>
          <Icon name={icon} size={18} />
          <span>{label}</span>
        </a>
      ))}
    </nav>
  );
}
