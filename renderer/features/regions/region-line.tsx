import type { ReactElement, ReactNode } from 'react';
import type { RegionProfile, RegionView } from '#shared/model/region.ts';
import { useClock } from '../../state/clock.ts';
import { openDialog } from '../../state/dialogs.ts';
import { useRegions } from '../../state/regions.ts';
import { showRegion } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { formatPlural } from '../../ui/format.ts';
import { RegionName } from '../../ui/region-name.tsx';
import { connectionWords } from './connection-words.ts';
import { addressText } from './form/draft.ts';

/** One region in the list. */
export function RegionLine({ profile }: { readonly profile: RegionProfile }): ReactElement {
  const view = useRegions((state) => state.views[profile.id]);
  const isCurrent = useRegions((state) => state.currentId === profile.id);
  const now = useClock((state) => state.now);
  const { id, name } = profile;
  const { word, more } = connectionWords(view?.connection, now);
  const seeds = profile.seeds.map((seed) => addressText(seed, 22)).join(', ');
  const versions = versionsText(view);
  const questions = view?.questions.length ?? 0;
  return (
    <tr aria-current={isCurrent || undefined}>
      <th scope="row">
        <span className="rk-region__name">
          <RegionName region={profile} />
          {isCurrent ? <span className="rk-dim">shown</span> : null}
        </span>
      </th>
      <Cut text={`${word} ${more}`}>
        <b className="rk-medium">{word}</b> <span className="rk-dim">{more}</span>
      </Cut>
      <Cut text={seeds}>{seeds}</Cut>
      <Cut text={loginText(profile)}>{loginText(profile)}</Cut>
      <Cut text={versions}>{versions}</Cut>
      <Cut text={view?.readOnlyBecause ?? ''}>{view ? (view.readOnlyBecause ?? 'No') : 'Not known'}</Cut>
      <td className="rk-qt__do">
        {questions > 0 ? (
          <Button
            variant="link"
            onClick={() => {
              openDialog({ kind: 'region-questions', regionId: id });
            }}
          >
            {formatPlural(questions, 'question')}
          </Button>
        ) : null}
        <Button
          variant="link"
          aria-label={`Open ${name}`}
          onClick={() => {
            location.hash = '#/nodes';
            if (!isCurrent) void showRegion(id);
          }}
        >
          Open
        </Button>
        <Button
          variant="link"
          aria-label={`Limits of ${name}…`}
          unavailableBecause={view ? undefined : `Open ${name} first: its limits are kept in its cluster.`}
          onClick={() => {
            openDialog({ kind: 'region-limits', regionId: id });
          }}
        >
          Limits…
        </Button>
        <Button
          variant="link"
          aria-label={`Edit ${name}…`}
          unavailableBecause={
            profile.demoLabel === null
              ? undefined
              : 'The demo region describes itself: it is reached as its simulation says.'
          }
          onClick={() => {
            openDialog({ kind: 'region-form', regionId: id });
          }}
        >
          Edit…
        </Button>
        <Button
          variant="link"
          aria-label={`Remove ${name}…`}
          onClick={() => {
            openDialog({ kind: 'region-remove', regionId: id });
          }}
        >
          Remove…
        </Button>
      </td>
    </tr>
  );
}

/** A cell that is cut where it is too long, and whole on hover. */
function Cut({ text, children }: { readonly text: string; readonly children: ReactNode }): ReactElement {
  return (
    <td className="rk-qt__cut" data-tip={text === '' ? undefined : text}>
      {children}
    </td>
  );
}

/** `Pacemaker 2.1.5, pcs 0.11.5, libvirt 9.0.0`. */
function versionsText(view: RegionView | undefined): string {
  if (!view?.versions) return 'Not known';
  const { pacemaker, pcs, libvirt } = view.versions;
  return [`Pacemaker ${pacemaker}`, pcs === null ? '' : `pcs ${pcs}`, libvirt === null ? '' : `libvirt ${libvirt}`]
    .filter(Boolean)
    .join(', ');
}

/** `rackadm, 2 jump hosts`. */
function loginText({ login, jumps, nodeLogins }: RegionProfile): string {
  const others = Object.keys(nodeLogins).length;
  return [
    login.user,
    jumps.length === 0 ? '' : formatPlural(jumps.length, 'jump host'),
    others === 0 ? '' : `${formatPlural(others, 'node')} with another login`,
  ]
    .filter(Boolean)
    .join(', ');
}
