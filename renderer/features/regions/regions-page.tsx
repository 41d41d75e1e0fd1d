import type { ReactElement } from 'react';
import { openDialog } from '../../state/dialogs.ts';
import { useRegions } from '../../state/regions.ts';
import { Button } from '../../ui/button.tsx';
import { formatPlural } from '../../ui/format.ts';
import { RegionLine } from './region-line.tsx';

/** The regions this laptop knows: which is which, how each stands, and what can be done with it here. */
export function RegionsPage(): ReactElement {
  const profiles = useRegions((state) => state.profiles);
  const problem = useRegions((state) => state.problem);
  return (
    <>
      <div className="rk-ph">
        <h1>Regions</h1>
        <span className="rk-dim">{profiles ? formatPlural(profiles.length, 'region') : ''}</span>
        <span className="rk-flex" />
        <Button
          variant="primary"
          icon="plus"
          onClick={() => {
            openDialog({ kind: 'region-form', regionId: null });
          }}
        >
          Add region…
        </Button>
      </div>
      <div className="rk-pg" role="region" aria-label="Regions" tabIndex={0}>
        {profiles ? (
          <table className="rk-qt rk-qt--page">
            <thead>
              <tr>
                <th>Region</th>
                <th>Connection</th>
                <th>Control nodes</th>
                <th>Login</th>
                <th>Versions</th>
                <th>Read-only</th>
                <th>
                  <span className="rk-sr">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {profiles.map((profile) => (
                <RegionLine key={profile.id} profile={profile} />
              ))}
            </tbody>
          </table>
        ) : problem ? null : (
          <p className="rk-reading" role="status">
            Reading the list of regions
          </p>
        )}
      </div>
    </>
  );
}
