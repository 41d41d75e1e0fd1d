import type { AppInfo, AppNotice } from '#shared/contract/app.ts';
import type { TrustedKey } from '#shared/contract/trust.ts';
import type { RegionView } from '#shared/model/region.ts';
import type { Problem, ProblemEvidence } from '#shared/problems.ts';
import { frankfurtNodes } from './frankfurt.ts';
import type { Scenario } from './bridge.ts';
import { frankfurt, info, liveView, snapshot, zurich } from './region.ts';
import { scenario } from './scenarios.ts';

type Question = Omit<RegionView['questions'][number], 'askedAt'>;
type HostKey = Extract<ProblemEvidence, { kind: 'host-key' }>;

const console25519 = 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub';

/** Forty-three characters of a fingerprint that differ with the number. */
export const fingerprint = (number: number): string =>
  `SHA256:${'Jm3kQ0b7YtH5uYw1zq8mRk2c6pV0d9eX4nL7sA1V9sQ'.slice(number)}${'q4Ww1cJ0tZ8mVd2yRk7hUe5xPb3nLs9oTf6aGi0KjYc'.slice(0, number)}`;

function hostKey(number: number, more: Partial<HostKey> = {}): HostKey {
  return {
    kind: 'host-key',
    host: `10.42.1.${String(number)}`,
    shown: { type: 'ssh-ed25519', fingerprint: fingerprint(number) },
    shownKeyBase64: `AAAAC3NzaC1lZDI1NTE5AAAAI${String(number).padStart(4, '0')}`,
    known: [],
    knownFrom: [],
    consoleCommand: console25519,
    ...more,
  };
}

/** An unknown key; the trusted control node sees the same one where it was asked. */
export function unknownKey(name: string, number: number, isSeenInside: boolean): Question {
  const evidence = hostKey(number);
  const problem: Problem = {
    code: 'host-key-unknown',
    message: `${evidence.host} is not known to this laptop. It showed the ssh-ed25519 key ${evidence.shown.fingerprint}.`,
    advice: 'Compare the fingerprint with what the command prints at the machine’s own console, then trust it.',
    evidence: isSeenInside ? { ...evidence, trustedView: { via: 'fra2-ctl-1', keys: [evidence.shown] } } : evidence,
  };
  return { about: name, problem };
}

/** A node whose key is another one than before; the old one stands in these places. */
export function changedKey(name: string, number: number, places: readonly string[]): Question {
  const evidence = hostKey(number, {
    known: places.map((_place, index) => ({ type: 'ssh-ed25519', fingerprint: fingerprint(30 + index) })),
    knownFrom: places,
  });
  return {
    about: name,
    problem: {
      code: 'host-key-changed',
      message: `${evidence.host} showed another ssh-ed25519 key than the one known for it (${places.join(', ')}). Nothing was sent to it.`,
      advice:
        'Either the machine was installed again, or another machine answers at its address. Compare the fingerprint at its own console before you replace the old key.',
      evidence,
    },
  };
}

/** A node that shows this laptop another key than it shows the control node. */
export function differingKey(name: string, number: number): Question {
  const evidence = hostKey(number, {
    trustedView: { via: 'fra2-ctl-1', keys: [{ type: 'ssh-ed25519', fingerprint: fingerprint(20) }] },
  });
  return {
    about: name,
    problem: {
      code: 'host-key-differs-from-trusted-node',
      message: `${evidence.host} shows this laptop another ssh-ed25519 key than it shows fra2-ctl-1: somebody may stand between the laptop and the node.`,
      advice: `Compare both with what “${console25519}” prints at the machine’s own console. Until they agree, this node is not logged in to.`,
      evidence,
    },
  };
}

export function passwordAsked(name: string, more: { readonly scope?: string; readonly host?: string } = {}): Question {
  const host = more.host ?? '10.42.1.6';
  return {
    about: name,
    problem: {
      code: 'secret-needed',
      message: `${host} asks for the password of rackadm, which is not known here.`,
      advice: 'Enter the password, or choose another way to log in.',
      evidence: { kind: 'secret', secret: 'password', scope: more.scope ?? 'fra2', user: 'rackadm', host },
    },
  };
}

/** The same of sudo, by a node that lets the user in. */
export function sudoPasswordAsked(name: string): Question {
  const { about, problem } = passwordAsked(name);
  const evidence = {
    kind: 'secret',
    secret: 'sudo-password',
    scope: 'fra2',
    user: 'rackadm',
    host: '10.42.1.6',
  } as const;
  return { about, problem: { ...problem, code: 'sudo-password-needed', evidence } };
}

export const passphraseAsked: Question = {
  about: 'region',
  problem: {
    code: 'passphrase-needed',
    message: 'The private key /home/tech/.ssh/id_ed25519 is protected by a passphrase, which is not known here.',
    advice: 'Enter its passphrase, or use an agent that already holds the key.',
    evidence: {
      kind: 'secret',
      secret: 'passphrase',
      scope: 'fra2',
      user: 'rackadm',
      host: '10.42.0.11',
      keyFile: '/home/tech/.ssh/id_ed25519',
    },
  },
};

export const conversation = (expiresAt: number): Question => ({
  about: 'fra2-r01-n05',
  problem: {
    code: 'answers-needed',
    message: '10.42.1.5 asks rackadm a question before it lets anybody in.',
    advice: 'Answer it; the login waits for it for a short time.',
    evidence: {
      kind: 'conversation',
      conversationId: 'talk-1',
      host: '10.42.1.5',
      instructions: 'Enter the number your token shows.\nTwo wrong ones lock the account.',
      prompts: [
        { prompt: 'Token number: ', isEchoed: true },
        { prompt: 'PIN: ', isEchoed: false },
      ],
      expiresAt,
    },
  },
});

export const keychain: AppInfo = { ...info, secretStorage: { kind: 'keychain' } };

/** The live region with these questions. */
export function asking(now: number, questions: readonly Question[], more: Partial<Scenario> = {}): Scenario {
  const view = {
    ...liveView(frankfurt, now),
    questions: questions.map((question) => ({ ...question, askedAt: now - 60_000 })),
  };
  return scenario([snapshot(view, frankfurtNodes(now), now), snapshot(liveView(zurich, now), [], now)], {
    profiles: [frankfurt, zurich],
    ...more,
  });
}

export const notice = (now: number): AppNotice => ({
  id: 'journal-lost',
  level: 'warning',
  message: 'The cache of Frankfurt 2 was damaged and is read anew.',
  advice: 'Nothing of the cluster is lost. The damaged file is kept beside it.',
  at: now - 3_600_000,
});

export const trustedKeys = (now: number): readonly TrustedKey[] =>
  [11, 12, 13].map((number) => ({
    host: `10.42.0.${String(number)}`,
    type: 'ssh-ed25519',
    keyBase64: `AAAA${String(number)}`,
    fingerprint: fingerprint(number),
    addedAt: now - number * 3_600_000,
  }));
