import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { openDialog } from '../../state/dialogs.ts';
import { useSettings } from '../../state/settings.ts';
import { Button } from '../../ui/button.tsx';
import { BrandMark, Icon } from '../../ui/icon.tsx';
import { isPlainKey } from '../../ui/keyboard.ts';
import type { IconName } from '../../ui/icon.tsx';

interface Door {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly points: readonly string[];
  readonly open: () => void;
}

/** The ways in that are built. The next one is a line here. */
const doors: readonly Door[] = [
  {
    icon: 'plug',
    title: 'Connect to a region',
    text: 'A cluster that already runs Pacemaker and libvirt.',
    points: ['Address of one control node', 'SSH user, key or agent; jump host if needed', 'Reads only, until you act'],
    open: () => {
      openDialog({ kind: 'region-form', regionId: null });
    },
  },
];

/** What is shown while this laptop knows no region. */
export function FirstRunPage(): ReactElement {
  useDoorKeys();
  return (
    <div className="rk-doors">
      <div>
        <div className="rk-brand">
          <BrandMark /> Rackside
        </div>
        <h1>Where do you want to start?</h1>
        <p className="rk-doors__lead">
          Rackside manages the servers of a region over SSH. It installs nothing on them, and works from its last copy
          when the network does not.
        </p>
        <ul className="rk-doors__list">
          {doors.map(({ icon, title, text, points, open }, index) => (
            <li key={title} className="rk-door">
              <Icon name={icon} size={24} />
              <h2>{title}</h2>
              <p>{text}</p>
              <ul>
                {points.map((point) => (
                  <li key={point}>
                    <Icon name="check" size={12} /> {point}
                  </li>
                ))}
              </ul>
              <Button variant={index === 0 ? 'primary' : 'secondary'} onClick={open}>
                {title}
              </Button>
            </li>
          ))}
        </ul>
        <div className="rk-doors__foot">
          <Button
            variant="link"
            onClick={() => {
              openDialog({ kind: 'shortcuts' });
            }}
          >
            Keyboard shortcuts <kbd>?</kbd>
          </Button>
          <a href="#/settings">Settings</a>
          <span className="rk-flex" />
          <span>No account, no telemetry.</span>
        </div>
      </div>
    </div>
  );
}

/** 1, 2, 3 choose a door. */
function useDoorKeys(): void {
  const isOn = useSettings((state) => state.settings?.singleKeyShortcuts ?? true);
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const door = isPlainKey(event) ? doors[Number(event.key) - 1] : undefined;
      if (!door) return;
      event.preventDefault();
      door.open();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [isOn]);
}
