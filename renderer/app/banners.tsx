import type { ReactElement } from 'react';
import { useState } from 'react';
import type { RegionView } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { dismissNotice } from '../state/app-actions.ts';
import { useClock } from '../state/clock.ts';
import { resetDemo } from '../state/demo-actions.ts';
import { openDialog } from '../state/dialogs.ts';
import { currentView, useRegions } from '../state/regions.ts';
import { problemFrom, retryRegion } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { formatAge, sentence } from '../ui/format.ts';
import { catchFocus } from '../ui/page-focus.ts';
import { offlineWords, suspicionOf } from './offline-words.ts';
import type { OfflineWords } from './offline-words.ts';
import { BrakeBanner, IdentityBanner } from './safety-banners.tsx';
import type { Route } from './route.ts';

/** What holds for the whole region or the whole laptop, above every page. */
export function Banners({ route }: { readonly route: Route }): ReactElement {
  const { page } = route;
  const view = useRegions(currentView);
  const link = useRegions((state) => state.link);
  const listProblem = useRegions((state) => state.problem);
  const notices = useSettings((state) => state.notices);
  return (
    <>
      {link.kind === 'refused' ? (
        <Banner level="danger" title={link.problem.message}>
          {link.problem.advice}
        </Banner>
      ) : null}
      {link.kind === 'lost' ? (
        <Banner level="warning" icon="offline" title="Rackside itself does not answer this page.">
          It connects again by itself. What you see is from before. If Rackside was ended, start it again, and open the
          address that it prints.
        </Banner>
      ) : null}
      {listProblem && link.kind !== 'refused' ? (
        <ProblemBanner title="The regions were not read." problem={listProblem} />
      ) : null}
      {/* The settings have them as a list of their own. */}
      {(page === 'settings' ? [] : notices).map((notice) => (
        <Banner
          key={notice.id}
          level={notice.level}
          title={notice.message}
          actions={
            <Button
              variant="plain"
              icon="close"
              aria-label="Dismiss"
              onClick={() => {
                // A notice that could not be dismissed stays where it is seen.
                dismissNotice(notice.id).catch(() => undefined);
              }}
            />
          }
        >
          {notice.advice}
        </Banner>
      ))}
      {view ? <RegionBanners view={view} /> : null}
      {view?.brake ? <BrakeBanner view={view} brake={view.brake} /> : null}
      {route.page === 'node' ? <IdentityBanner nodeId={route.nodeId} /> : null}
    </>
  );
}

function RegionBanners({ view }: { readonly view: RegionView }): ReactElement {
  const { connection, readOnlyBecause, warnings, isLaptopSuspect } = view;
  const now = useClock((state) => state.now);
  const words = connection.kind === 'offline' ? offlineWords(view, connection, now) : null;
  return (
    <>
      {connection.kind === 'offline' && words ? (
        <OfflineBanner view={view} connection={connection} words={words} now={now} />
      ) : null}
      {readOnlyBecause === null || connection.kind !== 'live' ? null : (
        <Banner level="info" icon="lock" title="This region is read-only.">
          {sentence(`${readOnlyBecause.slice(0, 1).toUpperCase()}${readOnlyBecause.slice(1)}`)}
        </Banner>
      )}
      {isLaptopSuspect && !words ? <Banner level="warning" icon="offline" title={suspicionOf(view)} /> : null}
      {warnings.map((warning) => (
        <Banner key={warning} level="warning" title={warning} />
      ))}
    </>
  );
}

function OfflineBanner(props: {
  readonly view: RegionView;
  readonly connection: Extract<RegionView['connection'], { kind: 'offline' }>;
  readonly words: OfflineWords;
  readonly now: number;
}): ReactElement {
  const { view, connection, words, now } = props;
  const [failure, setFailure] = useState<Problem | null>(null);
  const next = connection.nextTryAt;
  return (
    <Banner
      level="warning"
      icon={view.isLaptopSuspect ? 'offline' : 'warning'}
      title={words.title}
      aside={next === null ? undefined : next > now ? `next try in ${formatAge(next - now)}` : 'trying now'}
      actions={
        <>
          <Button
            icon="retry"
            onClick={() => {
              setFailure(null);
              retryRegion(view.id).catch((error: unknown) => {
                setFailure(problemFrom(error));
              });
            }}
          >
            Try now
          </Button>
          {connection.problem.code === 'demo-ended' ? (
            <Button
              onClick={() => {
                setFailure(null);
                resetDemo().then(catchFocus, (error: unknown) => {
                  setFailure(problemFrom(error));
                });
              }}
            >
              Reset the demo region
            </Button>
          ) : null}
          {view.questions.some(({ about }) => about === 'region') ? (
            <Button
              icon="key"
              onClick={() => {
                openDialog({ kind: 'region-questions', regionId: view.id });
              }}
            >
              Answer…
            </Button>
          ) : null}
          <DetailsButton title={words.title} problem={failure ?? connection.problem} />
        </>
      }
    >
      {failure?.message ?? words.text}
    </Banner>
  );
}

function ProblemBanner({ title, problem }: { readonly title: string; readonly problem: Problem }): ReactElement {
  return (
    <Banner level="danger" title={title} actions={<DetailsButton title={title} problem={problem} />}>
      {problem.message}
    </Banner>
  );
}

function DetailsButton({ title, problem }: { readonly title: string; readonly problem: Problem }): ReactElement {
  return (
    <Button
      variant="link"
      onClick={() => {
        openDialog({ kind: 'problem', title, problem });
      }}
    >
      Details
    </Button>
  );
}
