import { useState } from 'react';
import type { ReactElement } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import { forgetKeys } from '../../../state/trust.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { TextField } from '../../../ui/field.tsx';
import type { HostKeyEvidence } from './group.ts';
import { ownStore } from './host-key-comparison.tsx';
import type { Answer } from './use-answer.ts';

/**
 * What to do once a person has found out that the new key is right: our own old key is forgotten by the host's typed name, the
 * user's files are theirs and are changed by their own command. The new key is then asked for like any unknown one.
 */
export function ForgetOwnKey({
  regionId,
  evidence,
  answer,
  id,
}: {
  readonly regionId: RegionId;
  readonly evidence: HostKeyEvidence;
  readonly answer: Answer;
  /** The refusal's. */
  readonly id: string;
}): ReactElement {
  const { host, knownFrom } = evidence;
  const [typed, setTyped] = useState('');
  const files = [...new Set(knownFrom.filter((place) => !ownStore(place)).map((place) => place.replace(/:\d+$/u, '')))];
  const isOurs = knownFrom.some(ownStore);
  const isNamed = typed.trim().toLowerCase() === host.toLowerCase();
  return (
    <div className="rk-q__steps">
      <p>
        <b>If the machine was installed again</b> and its console shows the new fingerprint, the old key has to go
        first. The new one is then shown to you as any unknown key is.
      </p>
      {files.map((file) => {
        const command = `ssh-keygen -R '${host}' -f '${file}'`;
        return (
          <p key={file} className="rk-copied">
            <span>
              The old key stands in {file}, which Rackside never writes. Remove it there: <code>{command}</code>
            </span>
            <CopyButton text={command} name="command" />
          </p>
        );
      })}
      {isOurs ? (
        <TextField
          label={
            <>
              To forget Rackside’s own key, type <code>{host}</code>
            </>
          }
          value={typed}
          onText={setTyped}
          after={
            <Button
              variant="danger"
              unavailableBecause={isNamed ? undefined : `Type ${host} first.`}
              onClick={() => void answer.answer(() => forgetKeys(host, regionId), [id])}
            >
              Forget the old key
            </Button>
          }
        />
      ) : null}
    </div>
  );
}
