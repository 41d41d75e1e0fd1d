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

/** A tool's answer as a section: what it printed and its exit status. */
export function toolSection(name: string, said: Partial<Answer>): AnswerSection {
  return { name, text: said.stdout ?? '', error: said.stderr ?? '', status: said.status ?? 0 };
}

/** A text with a line break at its end, as a section without complaint. */
export function printed(name: string, text: string): AnswerSection {
  return { name, text: `${text}\n`, status: 0 };
}
