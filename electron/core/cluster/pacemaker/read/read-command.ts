import { KnownTexts, sectionUnlessKnown } from '../../../ssh/known-texts.ts';
import { section, sectionScript } from '../../../ssh/sections.ts';
import type { RemoteCommand } from '../../../ssh/transport.ts';

/**
 * One script, one round trip (about 50 ms idle): everything a `ClusterAnswer` is made of. Read-only.
 *
 * - `TZ=UTC0`: crm_mon prints some of its times without a zone; so they are UTC whatever the node's zone is.
 * - `crm_mon` needs no flags: XML shows everything, fencing history and fail counts included (captured with and without `--inactive …`:
 *   the same bytes). `stonith_admin --history` leaves out attempts that failed, so it is not asked.
 * - Of the CIB only what crm_mon does not say: configuration and transient attributes, about a third of the whole, and the history of nodes
 *   that are out of the cluster, which crm_mon leaves out (`in_ccm`: a time instead of a word since Pacemaker 2.1.7).
 * - corosync-quorumtool exists on controls only and needs root; without it crm_mon's word on quorum stands.
 * - Both texts come only where they changed since this channel heard them last; crm_mon's time of printing is no change.
 *
 * The group haclient reads everything but the quorum tool (`privilege: 'none'`); a login without it needs root.
 */
export function clusterReadCommand(privilege: RemoteCommand['privilege'], known = knownClusterTexts()): RemoteCommand {
  return { script, args: known.digests(), privilege };
}

/** What the read command leaves out where the asker has it. */
export const knownClusterTexts = (): KnownTexts => new KnownTexts(['crm_mon', 'cib']);

/** What `parseCrmMon` does not read: when it was printed. */
const withoutTime = `sed -e 's/ last_updated="[^"]*"//' -e 's/<last_update time="[^"]*"//'`;

const cibParts = `"/cib/configuration|//transient_attributes|//node_state[@in_ccm='false' or @in_ccm='0']/lrm"`;

const script = sectionScript([
  'export LC_ALL=C TZ=UTC0 PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  sectionUnlessKnown('crm_mon', 'crm_mon --output-as=xml', '"$1"', withoutTime),
  sectionUnlessKnown('cib', `cibadmin -Q --xpath ${cibParts}`, '"$2"'),
  section('quorum', 'corosync-quorumtool -s'),
  section('corosync', 'cat /etc/corosync/corosync.conf'),
  section('uname', 'uname -n'),
]);

/** The command a person would run to see the same; shown as evidence beside an output that was not understood. */
export const shownReadCommand = 'crm_mon --output-as=xml; cibadmin -Q';
