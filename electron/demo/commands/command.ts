import { frameSections } from '../../core/ssh/sections.ts';
import type { DemoNode } from '../world/node.ts';
import type { World } from '../world/world.ts';

/** What a command printed, and how it ended. */
export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** A part of an answer, as `frameSections` takes it. */
export interface AnswerSection {
  readonly name: string;
  readonly text: string;
  readonly error?: string;
  readonly status?: number;
}

/** On which machine a command runs, and with what. */
export interface CommandCall {
  readonly world: World;
  readonly node: DemoNode;
  readonly args: readonly string[];
}

/** One known script. */
export type Command =
  | { readonly kind: 'answers'; readonly answer: (call: CommandCall) => Answer | Promise<Answer> }
  /** It goes on until its channel is closed; returns what ends it. */
  | { readonly kind: 'follows'; readonly follow: (call: CommandCall, write: (text: string) => void) => () => void };

/** A script of sections, whose first argument is the nonce; the handler gets the others. */
export function sectioned(
  answer: (call: CommandCall) => readonly AnswerSection[] | Promise<readonly AnswerSection[]>,
): Command {
  return {
    kind: 'answers',
    answer: async ({ args: [nonce = '', ...args], ...call }) => {
      const { stdout, stderr } = frameSections(await answer({ ...call, args }), nonce);
      return { stdout, stderr, status: 0 };
    },
  };
}

/** What virsh says where no libvirt runs. */
export const noSocket = {
  stdout: '',
  stderr:
    "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory\n",
  status: 1,
} as const satisfies Answer;

/** What Pacemaker's tools say of the CIB where no cluster runs. */
export const noCib = {
  stdout: '',
  stderr:
    'Could not connect to the CIB: Transport endpoint is not connected\nInit failed, could not perform requested operations\n',
  status: 102,
} as const satisfies Answer;

/** What those say that print XML; `errors` in their own words. */
export function notConnectedXml(request: string, errors: readonly string[]): Answer {
  const said = errors.map((error) => `      <error>${error}</error>\n`).join('');
  const stdout = `<pacemaker-result api-version="2.25" request="${request}">
  <status code="102" message="Not connected">
    <errors>
${said}    </errors>
  </status>
</pacemaker-result>
`;
  return { stdout, stderr: '', status: 102 };
}

/** `endGroupScript`: a command that was given up has ended with its channel here, so that there is no such process any more. */
export const answerEndGroup: Command = {
  kind: 'answers',
  answer: () => ({ stdout: '', stderr: '/bin/sh: 1: kill: No such process\n\n', status: 0 }),
};

/** A tool's answer as a section: what it printed and its exit status. */
export function toolSection(name: string, said: Partial<Answer>): AnswerSection {
  return { name, text: said.stdout ?? '', error: said.stderr ?? '', status: said.status ?? 0 };
}

/** A text with a line break at its end, as a section without complaint. */
export function printed(name: string, text: string): AnswerSection {
  return { name, text: `${text}\n`, status: 0 };
}
