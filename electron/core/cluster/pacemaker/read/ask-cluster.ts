import { fail, ProblemError, problemOf } from '#shared/problems.ts';
import type { Problem } from '#shared/problems.ts';
import type { SectionedOutput } from '../../../ssh/sections.ts';
import { stillShown } from '../../../ssh/sudo.ts';

/** What a question to the cluster came to. `because` is the cluster's own words. */
export type Asked<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  /** The login is neither root nor in the group haclient. */
  | { readonly kind: 'no-privilege'; readonly because: string }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** Most bytes of an answer about the whole cluster: a thousand nodes with eight VMs each are 19 MB, and the demo region has up to five thousand. */
export const mostClusterBytes = 128 * 1024 * 1024;

/**
 * Asks as the login is; one without the cluster's group is tried again as root.
 *
 * @throws ProblemError of the question; `sudo-not-permitted` where even root is refused; whatever `ask` throws.
 */
export async function asLoginOrRoot<T>(ask: (privilege: 'none' | 'root') => Promise<Asked<T>>): Promise<T> {
  const unprivileged = await ask('none');
  const asked =
    unprivileged.kind === 'no-privilege'
      ? await ask('root').catch((error: unknown) => {
          throw withoutRoot(error, unprivileged.because);
        })
      : unprivileged;
  if (asked.kind === 'answer') return asked.answer;
  return fail(
    asked.kind === 'problem'
      ? asked.problem
      : {
          code: 'sudo-not-permitted',
          message: `The cluster refuses this login even as root: ${asked.because}.`,
          advice: 'Add the user to the group haclient on the control nodes, or log in as root.',
        },
  );
}

const joinGroup = 'add the user to the group haclient on the control nodes, which reads the cluster without root';

/** Where sudo fails too, nothing of the cluster is shown, and its group is a way that needs no root. Other errors are left as they are. */
function withoutRoot(error: unknown, because: string): unknown {
  const refused = problemOf(error);
  if (refused === undefined || !refused.code.startsWith('sudo-')) return error;
  const message = refused.message.replace(
    stillShown,
    `The cluster tells this login nothing without root (${because}).`,
  );
  return new ProblemError({ ...refused, message, advice: `${refused.advice} Or ${joinGroup}.` });
}

/** The output as a problem's evidence, without the nonce of its marks, and not more of it than a person reads. */
export function outputEvidence(output: SectionedOutput, command: string): Problem['evidence'] & object {
  const start = (text: string): string => text.replaceAll(output.nonce, '#').slice(0, 8000);
  return { kind: 'output', command, stdout: start(output.stdout), stderr: start(output.stderr) };
}
