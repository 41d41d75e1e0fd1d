import { useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings, UpdateState } from '#shared/contract/app.ts';
import { changeSettings, checkForUpdate } from '../../state/app-actions.ts';
import { useClock } from '../../state/clock.ts';
import { problemFrom } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatExactTime, formatTime } from '../../ui/format.ts';

/** Where newer versions are announced. Nothing is downloaded or installed from there. */
export function Updates(props: { readonly settings: Settings; readonly update: UpdateState }): ReactElement {
  const { updateFeedUrl } = props.settings;
  const now = useClock((state) => state.now);
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | undefined>(undefined);
  const [isChecking, setChecking] = useState(false);
  const shown = typed ?? updateFeedUrl;
  const run = async (): Promise<void> => {
    setChecking(true);
    try {
      if (typed !== null) await changeSettings({ updateFeedUrl: typed.trim() });
      setTyped(null);
      await checkForUpdate();
      setError(undefined);
    } catch (caught) {
      setError(problemFrom(caught).message);
    } finally {
      setChecking(false);
    }
  };
  return (
    <section className="rk-form" aria-label="Updates">
      <h2 className="rk-sect">
        Updates <small>announced, never installed by themselves</small>
      </h2>
      <TextField
        label="Address of the update feed"
        inputMode="url"
        placeholder="https://"
        isMono
        value={shown}
        error={error}
        hint="The folder that has the new versions. It is asked once a day; empty, nobody is asked."
        after={
          <Button
            unavailableBecause={shown.trim() === '' ? 'Enter the address of the update feed first.' : undefined}
            onClick={() => void run()}
          >
            Check now
          </Button>
        }
        onText={(text) => {
          setTyped(text);
          setError(undefined);
        }}
        onBlur={() => {
          if (typed !== null) void run();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void run();
        }}
      />
      <p role="status" className="rk-f__hint">
        {isChecking ? 'Asking…' : <Said update={props.update} now={now} />}
      </p>
    </section>
  );
}

/** The last answer in words. A feed that is silent is no alarm: nothing that a technician does depends on it. */
function Said({ update, now }: { readonly update: UpdateState; readonly now: number }): ReactElement | null {
  switch (update.kind) {
    case 'off':
      return null;
    case 'not-asked':
      return <>It was not asked yet.</>;
    case 'newest':
      return (
        <>
          This is the newest version, as of <Asked at={update.askedAt} now={now} />.
        </>
      );
    case 'available':
      return (
        <>
          <b>Version {update.version} is available</b>, as of <Asked at={update.askedAt} now={now} />.
        </>
      );
    case 'unanswered':
      return (
        <>
          Not known, as of <Asked at={update.askedAt} now={now} />: {update.because}
        </>
      );
  }
}

function Asked({ at, now }: { readonly at: number; readonly now: number }): ReactElement {
  return <span data-tip={formatExactTime(at, now)}>{formatTime(at, now)}</span>;
}
