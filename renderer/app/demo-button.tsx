import type { ReactElement } from 'react';
import { DemoPanel } from '../features/demo/demo-panel.tsx';
import { currentProfile, useRegions } from '../state/regions.ts';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/popover.tsx';

/** The label of a demo region beside its name; behind it what can be done in a demo alone. */
export function DemoButton(): ReactElement | null {
  const region = useRegions(currentProfile);
  if (region === undefined || region.demoLabel === null) return null;
  return (
    <Popover
      key={region.id}
      className="rk-demo"
      label="Faults and reset of the demo region"
      tip="Nothing here is real. Faults, reset"
      button={
        <>
          {region.demoLabel}
          <Icon name="down" size={12} />
        </>
      }
    >
      {(close) => <DemoPanel regionId={region.id} onLeave={close} />}
    </Popover>
  );
}
