import type { NewRegion } from '#shared/contract/regions.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { SuppliedSecret } from '../../../state/trust.ts';
import type { LoginDraft, RegionDraft } from './draft.ts';

/**
 * The secrets that were typed into the form, each with the scope it is asked for with: the region's own, `/jump/HOST` of a jump
 * host, `/node/NAME` of a single node's login.
 */
export function typedSecrets(id: RegionId, region: NewRegion, draft: RegionDraft): readonly SuppliedSecret[] {
  const remember = draft.isRemembered;
  const of = (login: LoginDraft, scope: string, host: string): SuppliedSecret[] => {
    const about = { scope, user: login.user.trim(), host, remember };
    const secrets: SuppliedSecret[] = [];
    if (login.usesPassword && login.password !== '')
      secrets.push({ ...about, kind: 'password', value: login.password });
    if (login.sudoPassword !== '') secrets.push({ ...about, kind: 'sudo-password', value: login.sudoPassword });
    return secrets;
  };
  return [
    ...of(draft.login, id, region.seeds[0]?.host ?? ''),
    ...draft.jumps.flatMap(({ login }, index) => {
      const host = region.jumps[index]?.host ?? '';
      return of(login, `${id}/jump/${host}`, host);
    }),
    ...draft.nodeLogins.flatMap(({ login, name }) => of(login, `${id}/node/${name.trim()}`, name.trim())),
  ];
}

/** The draft without its secrets: what may be kept while the dialog is closed. */
export function withoutSecrets(draft: RegionDraft): RegionDraft {
  const bare = (login: LoginDraft): LoginDraft => ({ ...login, password: '', sudoPassword: '' });
  return {
    ...draft,
    login: bare(draft.login),
    jumps: draft.jumps.map((jump) => ({ ...jump, login: bare(jump.login) })),
    nodeLogins: draft.nodeLogins.map((node) => ({ ...node, login: bare(node.login) })),
  };
}
