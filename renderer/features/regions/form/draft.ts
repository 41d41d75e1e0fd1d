import type { ImportedHost, ImportedMachine } from '#shared/contract/regions.ts';
import { regionColours } from '#shared/model/region.ts';
import type { HostAndPort, LoginSettings, RegionColour, RegionProfile } from '#shared/model/region.ts';

/** A login as it is being typed. Secrets are beside the settings, because only the main process keeps them. */
export interface LoginDraft {
  readonly user: string;
  readonly usesAgent: boolean;
  readonly usesKey: boolean;
  readonly keyFiles: readonly string[];
  readonly usesPassword: boolean;
  readonly usesInteractive: boolean;
  readonly password: string;
  readonly sudoPassword: string;
}

export interface JumpDraft {
  readonly key: number;
  readonly address: string;
  readonly login: LoginDraft;
}

export interface NodeLoginDraft {
  readonly key: number;
  readonly name: string;
  readonly port: string;
  readonly login: LoginDraft;
}

/** The whole form, as text where a person types: what is not valid yet must not be lost either. */
export interface RegionDraft {
  readonly name: string;
  readonly colour: RegionColour;
  readonly seeds: readonly string[];
  readonly port: string;
  readonly login: LoginDraft;
  readonly jumps: readonly JumpDraft[];
  readonly nodeLogins: readonly NodeLoginDraft[];
  readonly isRemembered: boolean;
}

let lastKey = 0;
/** A key for a row that can be removed: its place in the list changes. */
export const newKey = (): number => {
  lastKey += 1;
  return lastKey;
};

export const emptyLogin: LoginDraft = {
  user: 'root',
  usesAgent: true,
  usesKey: false,
  keyFiles: [''],
  usesPassword: false,
  usesInteractive: false,
  password: '',
  sudoPassword: '',
};

/** An empty form, in the first colour that no other region wears. */
export function emptyDraft(others: readonly RegionProfile[]): RegionDraft {
  const worn = new Set(others.map(({ colour }) => colour));
  return {
    name: '',
    colour: regionColours.find((colour) => !worn.has(colour)) ?? regionColours[0],
    seeds: [''],
    port: '22',
    login: emptyLogin,
    jumps: [],
    nodeLogins: [],
    isRemembered: false,
  };
}

/** The form of a region that exists. Its secrets are not known here, and stay what they are where nothing is typed. */
export function draftOf(profile: RegionProfile): RegionDraft {
  const { port } = profile.login;
  return {
    name: profile.name,
    colour: profile.colour,
    seeds: profile.seeds.map((seed) => addressText(seed, port)),
    port: String(port),
    login: loginDraftOf(profile.login),
    jumps: profile.jumps.map((jump) => ({
      key: newKey(),
      address: addressText(jump, 22),
      login: loginDraftOf(jump.login),
    })),
    nodeLogins: Object.entries(profile.nodeLogins).map(([name, login]) => ({
      key: newKey(),
      name,
      port: String(login.port),
      login: loginDraftOf(login),
    })),
    isRemembered: false,
  };
}

function loginDraftOf({ user, methods }: LoginSettings): LoginDraft {
  const has = (kind: LoginSettings['methods'][number]['kind']): boolean =>
    methods.some((method) => method.kind === kind);
  const keyFiles = methods.flatMap((method) => (method.kind === 'private-key' ? [method.keyFile] : []));
  return {
    ...emptyLogin,
    user,
    usesAgent: has('agent'),
    usesKey: keyFiles.length > 0,
    keyFiles: keyFiles.length > 0 ? keyFiles : [''],
    usesPassword: has('password'),
    usesInteractive: has('keyboard-interactive'),
  };
}

/**
 * The draft with what `~/.ssh/config` says of a host put in; a name that was typed stays. What it does not say of a jump host is as in a
 * jump host that was just added: the target's user and keys are not shown to another machine because a file names them for the target.
 */
export function withImported(draft: RegionDraft, typed: string, found: ImportedHost): RegionDraft {
  const address = addressText(found, Number(draft.port));
  const isThere = draft.seeds.includes(address);
  const seeds = isThere ? draft.seeds : [...draft.seeds.filter((seed) => seed.trim() !== ''), address];
  return {
    ...draft,
    name: draft.name === '' ? typed : draft.name,
    seeds,
    login: withLogin(draft.login, found),
    jumps:
      found.jumps.length === 0
        ? draft.jumps
        : found.jumps.map((jump) => ({
            key: newKey(),
            address: addressText(jump, 22),
            login: withLogin(emptyLogin, jump),
          })),
  };
}

function withLogin(login: LoginDraft, { user, keyFiles }: ImportedMachine): LoginDraft {
  return {
    ...login,
    ...(user === null ? {} : { user }),
    ...(keyFiles.length === 0 ? {} : { usesKey: true, keyFiles }),
  };
}

/** `host`, `host:port` where the port is another one than `usual`, `[v6]:port`. */
export function addressText({ host, port }: HostAndPort, usual: number): string {
  if (port === usual) return host;
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/**
 * Reads what `addressText` writes. A port that is no number is `NaN`, which the contract refuses in its own words; an address
 * with several colons and no brackets is IPv6 without a port.
 */
export function readAddress(text: string, usual: number): HostAndPort {
  const trimmed = text.trim();
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(.*))?$/u.exec(trimmed) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: readPort(bracketedPort, usual) };
  const [host = '', port, ...more] = trimmed.split(':');
  if (more.length > 0) return { host: trimmed, port: usual };
  return { host, port: readPort(port, usual) };
}

/** A port as typed; an empty one is the usual one. */
export function readPort(text: string | undefined, usual: number): number {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? usual : Number(trimmed);
}
