import { useState } from 'react';
import type { ReactElement, ReactNode } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import { AboutRegion } from './about-region.tsx';
import { useAsked } from './use-asked.ts';

/** What was typed, kept while the dialog is closed: Escape loses nothing. By what it was typed for. */
const drafts = new Map<string, string>();

/** A name counts as typed however its accents are composed; the core judges it once more. */
export const isSameName = (typed: string, name: string): boolean =>
  typed.trim().normalize('NFC') === name.trim().normalize('NFC');

/** A dialog whose verb needs a name typed. Enter in its field does nothing. */
export function TypedNameDialog(props: {
  readonly title: string;
  readonly regionId: RegionId;
  readonly about?: ReactNode;
  /** What has to be typed, and what it is the name of. */
  readonly name: string;
  readonly what: string;
  readonly verb: string;
  readonly draftKey: string;
  readonly onSend: (typed: string) => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const { title, regionId, about, name, what, verb, draftKey, onSend, onClose, children } = props;
  const [typed, setTyped] = useState(drafts.get(draftKey) ?? '');
  const { isAsking, problem, ask } = useAsked(() => {
    drafts.delete(draftKey);
    onClose();
  });
  const isTyped = isSameName(typed, name);
  const because = isAsking ? 'It is being asked for.' : isTyped ? undefined : `Type the ${what}’s name first.`;
  return (
    <Dialog
      title={title}
      width="small"
      about={
        <>
          {about}
          <AboutRegion regionId={regionId} />
        </>
      }
      note={isTyped ? undefined : `Available when the ${what}’s name is typed`}
      onClose={onClose}
      footer={
        <>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" unavailableBecause={because} onClick={() => void ask(() => onSend(typed.trim()))}>
            {verb}
          </Button>
        </>
      }
    >
      <div className="rk-form">
        {children}
        <TextField
          label={
            <>
              Type the {what}’s name to confirm: <span className="rk-mono">{name}</span>
            </>
          }
          isMono
          data-first=""
          value={typed}
          onText={(text) => {
            drafts.set(draftKey, text);
            setTyped(text);
          }}
        />
        {problem ? <ProblemView problem={problem} /> : null}
      </div>
    </Dialog>
  );
}
