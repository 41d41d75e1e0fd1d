import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ReactElement } from 'react';
import { hideTip, onTip, showTip, shownTip } from './tip.ts';

const hoverDelayMs = 120;
const lookedAfterMs = 300;

/**
 * The one tooltip of the page. Elements with `data-tip` get theirs by delegation (lines parted by a line break); tables compute
 * theirs only when it is asked for and call `showTip`. It never takes the pointer and holds nothing needed to decide.
 */
export function TooltipHost(): ReactElement | null {
  const tip = useSyncExternalStore(onTip, shownTip);
  useDelegatedTips();
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    if (!tip || !element.current) return;
    const { width, height } = element.current.getBoundingClientRect();
    const left = Math.max(4, Math.min(tip.anchor.left, window.innerWidth - width - 4));
    const below = tip.anchor.bottom + 4;
    const top = below + height > window.innerHeight - 4 ? tip.anchor.top - height - 4 : below;
    setPlace({ left, top: Math.max(4, top) });
  }, [tip]);
  useEffect(() => {
    if (!tip) return undefined;
    // An element that is taken away under the pointer sends no event.
    const timer = setInterval(() => {
      if (!tip.isThere()) hideTip();
    }, lookedAfterMs);
    return () => {
      clearInterval(timer);
    };
  }, [tip]);
  return (
    <>
      {/* What belongs to the focus is spoken from here; the picture of it is for the eyes. */}
      <div className="rk-sr rk-sr--page" role="status">
        {tip?.isForFocus ? [tip.title, ...tip.lines].filter(Boolean).join('. ') : ''}
      </div>
      {tip ? (
        <div ref={element} id="rk-tip" className="rk-tip" aria-hidden="true" style={place}>
          {tip.title === undefined ? null : <b>{tip.title}</b>}
          {tip.lines.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </div>
      ) : null}
    </>
  );
}

function useDelegatedTips(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tipOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
    const show = (anchor: HTMLElement, isForFocus: boolean): void => {
      const text = anchor.dataset['tip'];
      if (text) showTip(anchor, { lines: text.split('\n') }, isForFocus);
    };
    const over = (event: PointerEvent): void => {
      clearTimeout(timer);
      const anchor = tipOf(event.target);
      if (anchor)
        timer = setTimeout(() => {
          show(anchor, false);
        }, hoverDelayMs);
    };
    const out = (event: PointerEvent): void => {
      const anchor = tipOf(event.target);
      if (!anchor || (event.relatedTarget instanceof Node && anchor.contains(event.relatedTarget))) return;
      clearTimeout(timer);
      hideTip();
    };
    const focus = (event: FocusEvent): void => {
      const anchor = tipOf(event.target);
      if (anchor?.matches(':focus-visible')) show(anchor, true);
      else hideTip();
    };
    const hide = (): void => {
      clearTimeout(timer);
      hideTip();
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide();
    };
    document.addEventListener('pointerover', over);
    document.addEventListener('pointerout', out);
    document.addEventListener('focusin', focus);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('keydown', key, true);
    window.addEventListener('resize', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('pointerout', out);
      document.removeEventListener('focusin', focus);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('keydown', key, true);
      window.removeEventListener('resize', hide);
    };
  }, []);
}
