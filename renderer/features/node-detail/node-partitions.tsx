import type { ReactElement } from 'react';
import type { Filesystem } from '#shared/model/hardware.ts';
import type { Reading } from '#shared/model/reading.ts';
import { notApplicable, sentence } from '../../ui/format.ts';
import { Usage } from './usage.tsx';
import { partitions } from './usages.ts';

export function NodePartitions(props: {
  readonly filesystems: Reading<readonly Filesystem[]>;
  readonly now: number;
}): ReactElement {
  const { filesystems, now } = props;
  return (
    <>
      <h2 className="rk-sect">
        Partitions <small>free space; the bar shows what is used</small>
      </h2>
      {filesystems.kind === 'known' ? (
        <div className="rk-uss">
          {partitions(filesystems.value).map((one) =>
            'usage' in one ? (
              <Usage key={one.label} label={one.label} reading={{ ...filesystems, value: one.usage }} now={now} />
            ) : (
              <div className="rk-us" key={one.label}>
                <span data-tip={one.label}>{one.label}</span>
                <span className="rk-why">lies on {one.livesOn}</span>
              </div>
            ),
          )}
        </div>
      ) : (
        <p className="rk-why">
          {filesystems.kind === 'none' ? notApplicable : sentence(`Not known, because ${filesystems.because}`)}
        </p>
      )}
    </>
  );
}
