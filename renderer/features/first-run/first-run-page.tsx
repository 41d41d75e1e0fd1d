import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { Problem } from '#shared/problems.ts';
import { openDialog } from '../../state/dialogs.ts';
import { problemFrom } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { Button } from '../../ui/button.tsx';
import { BrandMark, Icon } from '../../ui/icon.tsx';
import { isPlainKey } from '../../ui/keyboard.ts';
import { ProblemView } from '../../ui/problem-view.tsx';
import { doorsOf } from './doors.ts';
import type { Door } from './doors.ts';

/** What is shown while this laptop knows no region. Enter opens the first door. */
export function FirstRunPage(): ReactElement {
  const demo = useSettings((state) => state.info?.demo);
  const hasKeys = useSettings((state) => state.settings?.singleKeyShortcuts ?? true);
  const doors = useMemo(() => doorsOf(demo), [demo]);
  const { enter, isEntering, problem } = useEntering();
  useDoorKeys(doors, hasKeys, enter);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!document.querySelector('dialog[open]')) first.current?.focus();
  }, []);
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
          {doors.map((door, index) => (
            <li key={door.title} className="rk-door">
              <Icon name={door.icon} size={24} />
              <h2>{door.title}</h2>
              <p>{door.text}</p>
              <ul>
                {door.points.map((point) => (
                  <li key={point}>
                    <Icon name="check" size={12} /> {point}
                  </li>
                ))}
              </ul>
              <Button
                {...(index === 0 ? { ref: first } : {})}
                variant={index === 0 ? 'primary' : 'secondary'}
                unavailableBecause={isEntering ? 'It is being opened.' : undefined}
                onClick={() => {
                  enter(door);
                }}
              >
                {door.title}
              </Button>
            </li>
          ))}
        </ul>
        {problem ? <ProblemView problem={problem} /> : null}
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
          <span>
            {hasKeys ? `${doors.map((_, index) => String(index + 1)).join(', ')} choose a door. ` : ''}No account, no
            telemetry.
          </span>
        </div>
      </div>
    </div>
  );
}

/** Opens a door once, and keeps what it says where it stays shut. */
function useEntering(): {
  readonly enter: (door: Door) => void;
  readonly isEntering: boolean;
  readonly problem: Problem | null;
} {
  const [isEntering, setEntering] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isUnderWay = useRef(false);
  const enter = useCallback((door: Door): void => {
    const open = async (): Promise<void> => {
      try {
        await door.open();
      } catch (error) {
        setProblem(problemFrom(error));
      }
      isUnderWay.current = false;
      setEntering(false);
    };
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setProblem(null);
    setEntering(true);
    void open();
  }, []);
  return { enter, isEntering, problem };
}

/** 1, 2, 3 choose a door. */
function useDoorKeys(doors: readonly Door[], isOn: boolean, enter: (door: Door) => void): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const door = isPlainKey(event) ? doors[Number(event.key) - 1] : undefined;
      if (!door) return;
      event.preventDefault();
      enter(door);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [doors, isOn, enter]);
}
