import type { Disk } from '#shared/model/hardware.ts';
import type { Section } from '../ssh/sections.ts';
import type { ProbeOutput } from './probe.ts';
import { firstWords, reasonOf } from './reasons.ts';
import { numberOf, parseJson, recordOf, recordsOf, textOf } from './untrusted.ts';

type Health = Pick<Disk, 'health' | 'healthReason'>;

/** Bits of smartctl's exit status (smartctl(8), EXIT STATUS). */
const deviceNotAsked = 0b10;
const deviceFailing = 0b1000;

/** The disk's own verdict, as `smartctl -j -H` hands it on; the same field for ATA, SCSI and NVMe. */
export function smartHealth(section: Section | undefined, output: ProbeOutput): Health {
  if (section === undefined) return unknownHealth('smartctl was not asked about it');
  const answer = recordOf(parseJson(section.text));
  const smartctl = recordOf(answer?.['smartctl']);
  if (answer === null || smartctl === null) return unknownHealth(reasonOf(section, 'smartctl', output));

  const passed = recordOf(answer['smart_status'])?.['passed'];
  const exitStatus = numberOf(smartctl['exit_status']) ?? 0;
  if (passed === false || (exitStatus & deviceFailing) !== 0) {
    return { health: 'failing', healthReason: 'SMART: the disk says that it fails or is about to fail' };
  }
  if (passed === true) return { health: 'passed', healthReason: null };

  const message = textOf(recordsOf(smartctl['messages'])[0]?.['string']);
  if (message !== null) {
    const isRights = output.withoutRootBecause !== undefined && /permission denied/i.test(message);
    return unknownHealth(isRights ? output.withoutRootBecause : `smartctl says “${firstWords(message)}”`);
  }
  if ((exitStatus & deviceNotAsked) !== 0) return unknownHealth('the disk sleeps (standby), and was not woken');
  return unknownHealth('the disk has no SMART health');
}

function unknownHealth(healthReason: string): Health {
  return { health: 'unknown', healthReason };
}
