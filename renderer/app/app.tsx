import { useLayoutEffect } from 'react';
import type { ReactElement } from 'react';
import { useTheme } from '../state/theme.ts';
import { SlotProvider } from '../ui/slot.tsx';
import { TooltipHost } from '../ui/tooltip-host.tsx';
import { DialogHost } from './dialog-host.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Frame } from './frame.tsx';
import { useShortcuts } from './use-shortcuts.ts';

export function App(): ReactElement {
  const theme = useTheme();
  useLayoutEffect(() => {
    document.documentElement.classList.toggle('pf-v6-theme-dark', theme === 'dark');
    document.documentElement.style.colorScheme = theme;
  }, [theme]);
  useShortcuts();
  return (
    <ErrorBoundary>
      <SlotProvider>
        <Frame />
        <DialogHost />
      </SlotProvider>
      <TooltipHost />
    </ErrorBoundary>
  );
}
