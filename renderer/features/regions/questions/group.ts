import type { RegionView } from '#shared/model/region.ts';
import type { Problem, ProblemEvidence } from '#shared/problems.ts';

type Question = RegionView['questions'][number];
export type HostKeyEvidence = Extract<ProblemEvidence, { kind: 'host-key' }>;
export type SecretEvidence = Extract<ProblemEvidence, { kind: 'secret' }>;
export type ConversationEvidence = Extract<ProblemEvidence, { kind: 'conversation' }>;

/** One unknown key, and the names of those that showed it. */
export interface KeyToConfirm {
  readonly id: string;
  readonly names: readonly string[];
  readonly evidence: HostKeyEvidence;
}

/** One secret that is asked for, by however many machines. */
export interface SecretAsked {
  readonly id: string;
  readonly names: readonly string[];
  readonly evidence: SecretEvidence;
  readonly problem: Problem;
}

export interface ConversationAsked {
  readonly id: string;
  readonly name: string;
  readonly evidence: ConversationEvidence;
  readonly problem: Problem;
}

/** Something that only a person can mend, outside of a question that is answered here. */
export interface Refusal {
  readonly id: string;
  readonly names: readonly string[];
  readonly problem: Problem;
}

/** A region's questions, sorted by how they are answered: each is answered once, whoever asked it. */
export interface Questions {
  readonly keys: readonly KeyToConfirm[];
  readonly secrets: readonly SecretAsked[];
  readonly conversations: readonly ConversationAsked[];
  readonly refusals: readonly Refusal[];
  readonly count: number;
}

/** What a question is answered by: the same for everybody who asks for the same. */
export function questionId({ problem }: Pick<Question, 'problem'>): string {
  const { evidence } = problem;
  if (problem.code === 'host-key-unknown' && evidence?.kind === 'host-key')
    return `${evidence.host} ${evidence.shownKeyBase64}`;
  if (evidence?.kind === 'secret') {
    return evidence.secret === 'passphrase'
      ? `passphrase ${evidence.keyFile ?? ''}`
      : `${evidence.secret} ${evidence.scope} ${evidence.user}`;
  }
  return evidence?.kind === 'conversation' ? evidence.conversationId : `${problem.code} ${problem.message}`;
}

/** How a question names who asks it. */
const nameOf = (about: string, region: string): string => (about === 'region' ? region : about);

export function groupQuestions(questions: readonly Omit<Question, 'askedAt'>[], region: string): Questions {
  const keys = new Map<string, KeyToConfirm>();
  const secrets = new Map<string, SecretAsked>();
  const conversations = new Map<string, ConversationAsked>();
  const refusals = new Map<string, Refusal>();
  for (const { about, problem } of questions) {
    const { evidence } = problem;
    const name = nameOf(about, region);
    const id = questionId({ problem });
    if (problem.code === 'host-key-unknown' && evidence?.kind === 'host-key') {
      const before = keys.get(id);
      keys.set(id, {
        id,
        names: joined(before?.names, name),
        // The one that a trusted node looked at as well says more.
        evidence: evidence.trustedView ? evidence : (before?.evidence ?? evidence),
      });
    } else if (evidence?.kind === 'secret') {
      secrets.set(id, { id, names: joined(secrets.get(id)?.names, name), evidence, problem });
    } else if (evidence?.kind === 'conversation') {
      conversations.set(id, { id, name, evidence, problem });
    } else {
      refusals.set(id, { id, names: joined(refusals.get(id)?.names, name), problem });
    }
  }
  const groups = {
    keys: [...keys.values()],
    secrets: [...secrets.values()],
    conversations: [...conversations.values()],
    refusals: [...refusals.values()],
  };
  return { ...groups, count: keys.size + secrets.size + conversations.size + refusals.size };
}

const joined = (before: readonly string[] | undefined, name: string): readonly string[] =>
  before === undefined ? [name] : before.includes(name) ? before : [...before, name];

/** What a trusted control node sees beside what this laptop was shown: the same key, or it was not asked. */
export function trustedViewWords({ trustedView, shown }: HostKeyEvidence): {
  readonly kind: 'same' | 'not-asked';
  readonly words: string;
} {
  const isSame = trustedView?.keys.some(
    ({ type, fingerprint }) => type === shown.type && fingerprint === shown.fingerprint,
  );
  return isSame === true && trustedView
    ? { kind: 'same', words: `${trustedView.via} sees the same` }
    : { kind: 'not-asked', words: 'not asked' };
}

/** `c1`, `c1 and c2`, `c1, c2 and 5 more`. */
export function namesText(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' and ');
  if (names.length === 3) return `${names[0] ?? ''}, ${names[1] ?? ''} and ${names[2] ?? ''}`;
  return `${names.slice(0, 2).join(', ')} and ${String(names.length - 2)} more`;
}
