import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { DemoFault } from '#shared/model/demo.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { readVms } from '../../state/demo-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from './choice.tsx';
import { vmFault } from './fault-words.ts';

/** Lets the next migration fail of one of the VMs that run on the chosen node. */
export function VmFault(props: {
  readonly regionId: RegionId;
  readonly node: NodeRow | undefined;
  /** Why nothing can be asked for now. */
  readonly busy: string | undefined;
  readonly onInject: (words: string, fault: DemoFault) => void;
}): ReactElement {
  const { regionId, node, busy, onInject } = props;
  const [read, setRead] = useState<{ readonly of: string; readonly vms: readonly string[] }>({ of: '', vms: [] });
  const [chosen, setChosen] = useState('');
  const memory = node?.vmMemoryAllocatedBytes.kind === 'known' ? node.vmMemoryAllocatedBytes.value : null;
  useEffect(() => {
    if (node === undefined) return undefined;
    const controller = new AbortController();
    void readVms(regionId, node.id, controller.signal).then((vms) => {
      if (!controller.signal.aborted) setRead({ of: node.id, vms });
    });
    return () => {
      controller.abort();
    };
    // VMs that come or go change the memory that they have there.
    // oxlint-disable-next-line react/exhaustive-deps -- the row is a new object with every value that was read.
  }, [regionId, node?.id, memory]);

  const vms = read.of === node?.id ? read.vms : [];
  const vm = vms.includes(chosen) ? chosen : (vms[0] ?? '');
  const noVm = vm === '' ? `No VM is known to run on ${node?.name ?? 'it'}.` : undefined;
  return (
    <Choice
      label="VM that runs there"
      value={vm}
      options={vms.map((name) => ({ value: name, words: name }))}
      onChoose={setChosen}
      after={
        <Button
          unavailableBecause={busy ?? noVm}
          onClick={() => {
            onInject(`${vmFault.verb}, ${vm}`, { kind: vmFault.kind, vm });
          }}
        >
          {vmFault.verb}
        </Button>
      }
    />
  );
}
