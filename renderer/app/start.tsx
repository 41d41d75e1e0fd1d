import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectToShell } from '../api/connect.ts';
import { startClock } from '../state/clock.ts';
import { startSession } from '../state/session.ts';
import { installSprite } from '../ui/sprite.ts';
import { App } from './app.tsx';

/** Starts the page: the session with the core, the clock, and what is painted of them. */
export function startApp(page: Document): void {
  installSprite(page);
  startClock();
  const root = page.querySelector('#root');
  if (!root) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  const stop = startSession(connectToShell(window));
  // Writes what is left of the view settings; nothing else outlives the page.
  window.addEventListener('pagehide', stop);
}
