import { createContext, use, useMemo, useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { createPortal } from 'react-dom';

interface Slot {
  readonly element: HTMLElement | null;
  readonly setElement: (element: HTMLElement | null) => void;
}

const SlotContext = createContext<Slot>({ element: null, setElement: () => undefined });

/** Lets a page write into a place of the frame around it (the status bar) without either importing the other. */
export function SlotProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const slot = useMemo(() => ({ element, setElement }), [element]);
  return <SlotContext value={slot}>{children}</SlotContext>;
}

/** The place itself. */
export function SlotPlace({ className }: { readonly className: string }): ReactElement {
  const { setElement } = use(SlotContext);
  return <div ref={setElement} className={className} />;
}

/** What the page writes there. */
export function SlotContent({ children }: { readonly children: ReactNode }): ReactElement | null {
  const { element } = use(SlotContext);
  return element ? createPortal(children, element) : null;
}
