import type { ReactElement } from 'react';
import type { Settings } from '#shared/contract/app.ts';
import { NumberSetting } from './number-setting.tsx';

const gibibyte = 2 ** 30;

/** How often nodes are read, and what of a host's memory VMs may not use. */
export function Pace({ settings }: { readonly settings: Settings }): ReactElement {
  return (
    <>
      <section className="rk-form" aria-label="How often nodes are read">
        <h2 className="rk-sect">
          How often nodes are read <small>a value is old after two of its intervals</small>
        </h2>
        <div className="rk-set__three">
          <NumberSetting
            name="fastIntervalMs"
            label="Load, every"
            unit="s"
            factor={1000}
            value={settings.fastIntervalMs}
          />
          <NumberSetting
            name="clusterIntervalMs"
            label="The cluster, every"
            unit="s"
            factor={1000}
            value={settings.clusterIntervalMs}
          />
          <NumberSetting
            name="slowIntervalMs"
            label="Hardware, every"
            unit="s"
            factor={1000}
            value={settings.slowIntervalMs}
          />
        </div>
        <p className="rk-f__hint">The cluster is also read whenever its log says that something changed.</p>
      </section>
      <section className="rk-form" aria-label="Memory kept for the host">
        <h2 className="rk-sect">
          Memory kept for the host <small>the larger of the two</small>
        </h2>
        <div className="rk-set__three">
          <NumberSetting
            name="hostReserveBytes"
            label="At least"
            unit="GiB"
            factor={gibibyte}
            value={settings.hostReserveBytes}
          />
          <NumberSetting
            name="hostReservePercent"
            label="Share of memory"
            unit="%"
            factor={1}
            value={settings.hostReservePercent}
          />
        </div>
        <p className="rk-f__hint">It counts for nodes whose capacity the cluster does not set.</p>
      </section>
    </>
  );
}
