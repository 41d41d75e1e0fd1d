import type { NewRegion } from '#shared/contract/regions.ts';
import type { LoginSettings } from '#shared/model/region.ts';
import type { Problem } from '#shared/problems.ts';
import { readAddress, readPort } from './draft.ts';
import type { LoginDraft, RegionDraft } from './draft.ts';

/** What goes to the core, and which field of the form each part of it came from. */
export interface RegionInput {
  readonly region: NewRegion;
  /** By path in the input (`seeds.0`, `login.methods.1`), the field it was typed in (`seed.2`, `key.0`). */
  readonly places: ReadonlyMap<string, string>;
}

/** Translates the form. It judges nothing: the contract does, and `errorsOf` takes its words back to the fields. */
export function toRegion(draft: RegionDraft): RegionInput {
  const places = new Map<string, string>([
    ['name', 'name'],
    ['seeds', 'seed.0'],
    ['jumps', 'jumps'],
  ]);
  const port = readPort(draft.port, 22);
  const typedSeeds = draft.seeds.flatMap((text, row) => (text.trim() === '' ? [] : [{ text, row }]));
  const seeds = typedSeeds.map(({ text, row }, index) => {
    places.set(`seeds.${String(index)}`, `seed.${String(row)}`);
    return readAddress(text, port);
  });
  const login = toLogin(draft.login, port, 'login', '', places);
  const jumps = draft.jumps.map((jump, index) => {
    const place = `jump.${String(jump.key)}.`;
    places.set(`jumps.${String(index)}`, `${place}address`);
    const way = readAddress(jump.address, 22);
    return { ...way, login: toLogin(jump.login, way.port, `jumps.${String(index)}.login`, place, places) };
  });
  const nodeLogins: Record<string, LoginSettings> = {};
  for (const node of draft.nodeLogins) {
    const name = node.name.trim();
    if (name === '') continue;
    const place = `node.${String(node.key)}.`;
    places.set(`nodeLogins.${name}`, `${place}name`);
    nodeLogins[name] = toLogin(node.login, readPort(node.port, port), `nodeLogins.${name}`, place, places);
  }
  return { region: { name: draft.name, colour: draft.colour, seeds, login, jumps, nodeLogins }, places };
}

function toLogin(
  draft: LoginDraft,
  port: number,
  path: string,
  place: string,
  places: Map<string, string>,
): LoginSettings {
  places.set(`${path}.user`, `${place}user`);
  places.set(`${path}.port`, `${place}port`);
  places.set(`${path}.methods`, `${place}methods`);
  const methods: LoginSettings['methods'][number][] = [];
  if (draft.usesKey) {
    const typed = draft.keyFiles.map((text, row) => ({ keyFile: text.trim(), row }));
    const files = typed.filter(({ keyFile }) => keyFile !== '');
    for (const { keyFile, row } of files.length > 0 ? files : typed.slice(0, 1)) {
      places.set(`${path}.methods.${String(methods.length)}`, `${place}key.${String(row)}`);
      methods.push({ kind: 'private-key', keyFile });
    }
  }
  // After the key files, because it offers all its keys, and a server allows few attempts.
  if (draft.usesAgent) methods.push({ kind: 'agent' });
  if (draft.usesPassword) methods.push({ kind: 'password' });
  if (draft.usesInteractive) methods.push({ kind: 'keyboard-interactive' });
  return { user: draft.user, port, methods };
}

/** What is wrong, by field; `form` holds what belongs to none. */
export type FieldErrors = Readonly<Record<string, string>>;

/** A refusal's words at the fields they are about; `undefined` where the problem is not about what was entered. */
export function errorsOf(problem: Problem, places: ReadonlyMap<string, string>): FieldErrors | undefined {
  if (problem.code === 'region-name-taken') return { name: `${problem.message} ${problem.advice}` };
  if (problem.code !== 'invalid-input' || problem.evidence?.kind !== 'input') return undefined;
  const errors: Record<string, string> = {};
  for (const issue of problem.evidence.issues) {
    const field = placeOf(issue.path.replace(/^region\./u, ''), places) ?? 'form';
    errors[field] ??= issue.message;
  }
  return errors;
}

/** The field of the longest part of the path that has one. */
function placeOf(path: string, places: ReadonlyMap<string, string>): string | undefined {
  const parts = path.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const place = places.get(parts.slice(0, length).join('.'));
    if (place !== undefined) return place;
  }
  return undefined;
}
