import { runSections, section, sectionOf, sectionScript, splitSections } from '../../../ssh/sections.ts';
import type { SectionChannel, SectionedOutput } from '../../../ssh/sections.ts';
import type { RemoteCommand } from '../../../ssh/transport.ts';
import { asLoginOrRoot } from './ask-cluster.ts';
import type { Asked } from './ask-cluster.ts';
import { attribute, childOf, descendantsOf, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Whether the cluster itself is doing something. */
export type Transition =
  /** The DC waits for something to do; whether it has something in mind only a simulation without edits tells. */
  | { readonly kind: 'idle'; readonly dc: string }
  /** In the DC's own words: `S_TRANSITION_ENGINE` (actions run), `S_POLICY_ENGINE` (it reckons), `S_ELECTION`, `S_INTEGRATION` … */
  | { readonly kind: 'busy'; readonly dc: string; readonly state: string }
  | { readonly kind: 'unknown'; readonly because: string };

/**
 * Asks the DC's controller what it does: no action of Pacemaker is under way where it says `S_IDLE`. Two calls of 25 ms on a control (0.2 s
 * each through a Worker), read-only, nothing is written to the log of the cluster. A running transition may take as long as its slowest action
 * (a migration: its timeout), and nothing else begins meanwhile, fencing included.
 *
 * crm_mon's `pending` tells less: between two actions of one transition nothing is pending, and an action that the DC has not sent yet is
 * not there either.
 *
 * @throws ProblemError `sudo-not-permitted`, and whatever the channel throws.
 */
export function readTransition(
  channel: SectionChannel,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal },
): Promise<Transition> {
  const options = { deadlineMs, ...(signal === undefined ? {} : { signal }) };
  return asLoginOrRoot(async (privilege) =>
    understandTransition(await runSections(channel, transitionCommand(privilege), options)),
  );
}

/** What the question is asked with. Read-only. */
export function transitionCommand(privilege: RemoteCommand['privilege']): RemoteCommand {
  return { script, privilege };
}

// A DC that is dead does not answer: crmadmin would wait for 30 s.
const script = sectionScript([
  'export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  section('dc', 'answer=$(timeout 10 crmadmin -D --timeout=5s --output-as=xml); rc=$?; echo "$answer"; (exit "$rc")'),
  'case $answer in *" node_name="*) dc=${answer#* node_name=\\"}; dc=${dc%%\\"*};; *) dc=;; esac',
  section('state', '[ -z "$dc" ] || timeout 10 crmadmin -S "$dc" --timeout=5s --output-as=xml'),
]);

/** What a run of the command means. Pure: the same bytes give the same answer. */
export function understandTransition(output: SectionedOutput): Asked<Transition> {
  const split = splitSections(output);
  if (split.kind === 'unknown') return { kind: 'answer', answer: split };
  const first = sectionOf(split.value, 'dc');
  const [root, answer] = [parseXml(first.text), parseXml(sectionOf(split.value, 'state').text)];
  if (first.status === 4) return { kind: 'no-privilege', because: wordsOf(root) || first.error };
  const dc = attribute(childOf(root, 'dc'), 'node_name');
  if (dc === '') return unknown(wordsOf(root) || first.error || 'the cluster is electing its coordinator');
  const controller = childOf(answer, 'crmd');
  const state = attribute(controller, 'state');
  if (attribute(controller, 'result') !== 'ok' || state === '') {
    return unknown(`the coordinator ${dc} did not say what it does: ${wordsOf(answer) || 'no answer'}`);
  }
  return { kind: 'answer', answer: state === 'S_IDLE' ? { kind: 'idle', dc } : { kind: 'busy', dc, state } };
}

function unknown(because: string): Asked<Transition> {
  return { kind: 'answer', answer: { kind: 'unknown', because } };
}

/** What crmadmin says in its own words where it fails. */
function wordsOf(root: XmlElement | undefined): string {
  const status = childOf(root, 'status');
  if (status === undefined || attribute(status, 'code') === '0') return '';
  return (descendantsOf(status, 'error').at(-1)?.text ?? attribute(status, 'message')).replace(/^error: /u, '');
}
