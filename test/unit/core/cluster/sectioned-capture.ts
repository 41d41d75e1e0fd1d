import type { SectionedOutput } from '../../../../electron/core/ssh/sections.ts';
import { capture } from './capture.ts';

/** A captured answer of a script of sections: stdout, stderr beside it in `.err`, and the nonce of that run as its own first mark has it. */
export function sectionedCapture(path: string): SectionedOutput {
  const stdout = capture(`operations/${path}.txt`);
  const nonce = /^\n([0-9a-f]{32}) begin /u.exec(stdout)?.[1];
  if (nonce === undefined) throw new Error(`${path} is no capture of a script of sections`);
  return { nonce, stdout, stderr: capture(`operations/${path}.txt.err`), exitStatus: 0 };
}
