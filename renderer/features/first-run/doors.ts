import { defaultDemoOptions, type DemoOptions } from '#shared/model/demo.ts';
import { exploreDemo } from '../../state/demo-actions.ts';
import { openDialog } from '../../state/dialogs.ts';
import { formatCount } from '../../ui/format.ts';
import type { IconName } from '../../ui/icon.tsx';

export interface Door {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly points: readonly string[];
  /** @throws ProblemError where it stays shut. */
  readonly open: () => void | Promise<void>;
}

/** The ways in that are built, the first one focused. The next one is an entry here. */
export function doorsOf({ nodes }: Pick<DemoOptions, 'nodes'> = defaultDemoOptions): readonly Door[] {
  return [
    {
      icon: 'box',
      title: 'Explore the demo region',
      text: `${formatCount(nodes)} simulated nodes with VMs, faults and migrations. Nothing real can break.`,
      points: ['Ready in a few seconds', 'Works without a network', 'Reset at any time'],
      open: exploreDemo,
    },
    {
      icon: 'plug',
      title: 'Connect to a region',
      text: 'A cluster that already runs Pacemaker and libvirt.',
      points: [
        'Address of one control node',
        'SSH user, key or agent; jump host if needed',
        'Reads only, until you act',
      ],
      open: () => {
        openDialog({ kind: 'region-form', regionId: null });
      },
    },
  ];
}
