import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { currentView, useRegions } from '../../state/regions.ts';
import { endTour, offerTour, showTourStep, useTour } from '../../state/tour.ts';
import { Button } from '../../ui/button.tsx';
import { focusPage } from '../../ui/page-focus.ts';
import { placeClearOf, type Place } from './tour-place.ts';

interface Step {
  /** What it is about: the first element of this selector, if it is there. */
  readonly at: string;
  /** It is on the page of nodes alone. */
  readonly isOfNodes?: true;
  readonly title: string;
  readonly text: string;
}

const steps: readonly Step[] = [
  {
    at: '.rk-demo',
    title: 'A region to try things on',
    text: 'Nothing in it is real, and nothing real can break. Behind this label are faults to let happen, and the reset.',
  },
  {
    at: '.rk-fresh',
    title: 'Live or old',
    text: 'This says for the whole window how fresh it is. A value that is old carries its age wherever it stands.',
  },
  {
    at: '[role="grid"] [data-row]',
    isOfNodes: true,
    title: 'What needs you stands first',
    text: 'Nodes are sorted by attention. The reason stands after the status, whole on hover and on focus.',
  },
  {
    at: '.rk-act',
    isOfNodes: true,
    title: 'Taking a node out of service',
    text: 'Select a node, then Maintenance. You see each VM’s way before anything moves. What is not available says why.',
  },
  {
    at: '.rk-nav a[href="#/operations"]',
    title: 'What runs, and what ran',
    text: 'An operation goes on when you leave its page. It is found again here, with every command that it sent.',
  },
];

/**
 * Five steps beside what they are about, each while that is on the page. It takes neither the focus nor a click from the page, is
 * reached first by Tab, left by Escape, and shown once.
 */
export function Tour(props: { readonly isNodesPage: boolean }): ReactElement | null {
  const { isNodesPage } = props;
  const isReady = useRegions((state) => {
    const view = currentView(state);
    return view !== undefined && view.demoLabel !== null && view.connection.kind === 'live';
  });
  const index = useTour((state) => state.step);
  useEffect(() => {
    if (isReady) void offerTour();
  }, [isReady]);
  const step = index === null || !isReady ? undefined : steps[index];
  const place = usePlace(step?.at);
  if (index === null || step === undefined || (step.isOfNodes && !isNodesPage)) return null;
  const isLast = index === steps.length - 1;
  const count = `${String(index + 1)} of ${String(steps.length)}`;
  return (
    <section
      className="rk-tour"
      style={place}
      aria-label={`Tour, step ${count}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Of the page's own Escape nothing is left.
        event.stopPropagation();
        leave();
      }}
    >
      <div aria-live="polite">
        <h2>{step.title}</h2>
        <p>{step.text}</p>
      </div>
      <div className="rk-tour__do">
        <span className="rk-dim">{count}</span>
        <span className="rk-flex" />
        {isLast ? null : (
          <Button variant="link" onClick={leave}>
            Skip the tour
          </Button>
        )}
        <Button
          onClick={() => {
            if (isLast) return leave();
            if (steps[index + 1]?.isOfNodes && !isNodesPage) location.hash = '#/nodes';
            showTourStep(index + 1);
          }}
        >
          {isLast ? 'Done' : 'Next'}
        </Button>
      </div>
    </section>
  );
}

/** The keyboard was on a button of it, and goes on in the page. */
function leave(): void {
  endTour();
  focusPage();
}

/** What a step leaves in sight: a panel that is open lies above it, and beneath it would be how a node stands. */
const keptClear = '.rk-pop, .rk-nh';

/** Beside the element, where it is now: banners come and go above it, and the window changes its size. */
function usePlace(at: string | undefined): Place {
  const [place, setPlace] = useState<Place>({ right: 16, bottom: 40 });
  useEffect(() => {
    if (at === undefined) return undefined;
    const measure = (): void => {
      const box = document.querySelector(at)?.getBoundingClientRect();
      const open = [...document.querySelectorAll(keptClear)].map((element) => element.getBoundingClientRect());
      setPlace((before) => {
        const now = placeClearOf(box, open, { width: innerWidth, height: innerHeight });
        return JSON.stringify(now) === JSON.stringify(before) ? before : now;
      });
    };
    measure();
    const timer = setInterval(measure, 250);
    return () => {
      clearInterval(timer);
    };
  }, [at]);
  return place;
}
