/**
 * The whole of a move, on its source, without a laptop: takes the VM out of the cluster's care (so that nobody is without care before the
 * one that gives it back runs), migrates (unless it is only to hand back), looks on both sides where the VM runs, binds it there, refreshes what the cluster knows of it, and hands it back once the cluster's own simulation shows no action for it. Then it
 * deletes its mark: after a success nothing of it is left but the pin. For dash; needs coreutils, virsh and pacemaker-cli-utils.
 *
 * $1 resource, $2 domain, $3 source (`-`: proven off, nothing runs there), $4 target, $5 its mark, $6 the mark's value, $7 MiB/s (0: no bound), $8 longest migration in seconds
 * (0: none, only hand back), $9 longest wait afterwards, $10 end of the unmanaging (UTC seconds), $11 what unmanages
 * and pins it (`<configuration>`; empty: it is unmanaged already, or nothing is to be done).
 *
 * - Every write carries quorum and the mark: whoever took the move over has changed it, and this unit writes nothing more.
 * - SIGTERM ends virsh alone, and is remembered by the shell: nothing is migrated after it; it cancels. `systemctl stop` and RuntimeMaxSec hand the VM back before they end it.
 * - Never `--p2p`: that goes on when virsh is ended.
 * - Where the unmanaging would end in the middle of it (started late, by a laptop that slept), nothing is migrated: the cluster would
 *   migrate a VM that migrates, and restart it.
 * - What the cluster does not have on the source is not taken out of its care: started on a source that was fenced, it moves nothing.
 * - What never was unmanaged is neither pinned nor refreshed: the mark goes, and it ends as not moved.
 * - The half of a migration that waits on its target is no VM: it ends by itself within two minutes of its source's death.
 * - A VM that was paused by somebody stays paused on its one side: it is taken for there when ten seconds showed nothing else.
 * - One that runs on neither side is lost (its target died after it had arrived, or it ended): ten seconds in which both sides say so, or the source's
 *   word and a fencing of the target since the unit began. Then its pin goes, the cluster looks everywhere for it, is given it back, starts it
 *   where it may, and it is bound to there: out of the cluster's care nobody would.
 *
 * Ends with 0 moved, 1 not moved and on its source (both managed again), 2 where it runs is not known, 3 not settled, 4 not ours (any more):
 * after these it is unmanaged until the time is over. 5: somebody managed it while it moved, and the cluster may have restarted it; a VM
 * whose unmanaging ends in the middle of its migration is stopped and started by Pacemaker (seen). 6: it was lost, and the cluster has started it
 * again, on the node that is told. The last line is JSON: `MoveReport`.
 */
export const moveScript = `R=$1 D=$2 S=$3 T=$4 K=$5 V=$6 B=$7 M=$8 H=$9; shift 9; E=$1 Y=$2
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin; trap c=1 TERM
SU=qemu+ssh://$S/system TU=qemu+ssh://$T/system; [ "$S" = "$(uname -n)" ] && SU=qemu:///system; [ "$T" = "$(uname -n)" ] && TU=qemu:///system
X="/cib[@have-quorum='1']/configuration[crm_config//nvpair[@id='$K-v' and @value='$V']]"
N="resources//primitive[@id='$R']/meta_attributes[@id='rackside-care-$R']"
f=$(mktemp) e=$(mktemp) W='?' mr=-1 q='' n=0 p=0 ed='' c='' g='' l='' v=''; trap 'rm -f "$f" "$e"' EXIT
now(){ cut -d. -f1 /proc/uptime; }; t0=$(now)
out(){ printf '{"rackside":"%s","vm":"%s","on":"%s","managed":%s,"move_rc":%s,"rc":%s,"s":%s,"why":"%s"}\\n' "$1" "$R" "$W" "$2" "$mr" "$3" "$(($(now)-t0))" "$(printf %s "$4" | tr -c '[:alnum:] .,:=@/()_-' ' ' | cut -c1-300)"; }
end(){ out end "$1" "$2" "$3"; exit "$2"; }
st(){ [ "$1" != qemu+ssh://-/system ] || { echo none; return; }; case $(timeout 20 virsh -q -c "$1" domstate --reason --domain "$D" 2>&1 </dev/null) in running*|idle*) echo run;; paused*migrating*|paused*post-copy*|paused*starting*) echo half;; paused*) echo paused;; 'shut off'*|*'failed to get domain'*) echo none;; *) echo '?';; esac; }
has(){ timeout 30 cibadmin -Q --xpath "$1" >/dev/null 2>&1; }
edit(){ timeout 30 cibadmin --delete --xpath "$1/$N" >/dev/null 2>&1; }
line(){ timeout 30 crm_mon --output-as=xml 2>/dev/null | grep -F -A1 "<resource id=\\"$R\\" "; }
pin(){ timeout 30 cibadmin --modify --allow-create --xpath "$X" -X "<configuration><constraints><rsc_location id=\\"rackside-move-$R\\" rsc=\\"$R\\" node=\\"$1\\" score=\\"INFINITY\\"/></constraints></configuration>" >/dev/null 2>&1; }
unmark(){ timeout 30 cibadmin --delete --xpath "$X/crm_config/cluster_property_set[@id='$K']" >/dev/null 2>&1; }
ours(){ has "/cib/configuration/crm_config//nvpair[@id='$K-v' and @value='$V']" || [ $? != 105 ] || end false 4 "guard lost"; }
fenced(){ timeout 30 stonith_admin -H "$T" --output-as=xml 2>/dev/null | grep 'status="success"' | grep -v 'action="on"' | grep -o 'completed="[^"]*"' | sort | tail -1; }
late(){ [ $((E-$(date +%s))) -lt $((M+H+$1)) ] && m='it was not begun, because it could outlast the unmanaging'; }
has "$X" || [ $? != 105 ] || end false 4 "not ours"
F=$(fenced)
b=; [ "$B" = 0 ] || b="--bandwidth $B"; m=
has "$X/$N" && g=1
if [ "$M" -gt 0 ]; then
 dl=$(($(now)+30)) r=
 while [ -z "$g$c" ] && ! late 60 && [ "$(now)" -le $dl ]; do
  case $(line) in *'role="Started"'*'nodes_running_on="1"'*"<node name=\\"$S\\" "*)
   timeout 30 cibadmin --modify --allow-create --xpath "$X[resources/primitive[@id='$R']]" -X "$Y" >/dev/null 2>&1;;
  *'role="Started"'*'nodes_running_on="1"'*) m='the cluster has it on another node'; break;; esac
  has "$X/$N" && g=1 || sleep 1
 done
 while [ "$g" ] && [ -z "$c$r" ] && [ "$(now)" -le $dl ]; do
  case $(line) in *pending=*) sleep 1;; *'role="Started"'*'blocked="false"'*'managed="false"'*'failed="false"'*'nodes_running_on="1"'*"<node name=\\"$S\\" "*) r=1;; *) sleep 1;; esac
 done
 if [ "$c" ]; then m='cancelled before it began'; mr=-2
 elif [ -z "$r" ] || late 20; then m=\${m:-'the cluster did not let go of it: something else was under way with it'}; mr=-2
 else timeout -s INT -k 20 "$M" virsh -c "$SU" migrate --live $b --domain "$D" --desturi "$TU" >"$e" 2>&1 </dev/null; mr=$?; m=$(cat "$e"); fi
fi
dl=$(($(now)+H)); out moved false -1 "$m"
while :; do
 if [ "$(now)" -gt $dl ]; then
  [ "$W" != '?' ] || end false 2 "source $s target $t: $m"
  end false 3 "not settled: $q $(grep -F "resource=\\"$R\\"" "$e" | grep '<rsc_action action=')"
 fi
 if [ "$W" = '?' ]; then
  s=$(st "$SU") t=$(st "$TU"); [ "$s.$t" = "$l" ] || { l=$s.$t p=0; }; p=$((p+1))
  case $l in none.run) W=$T;; run.none|run.'?') W=$S;; none.paused) [ $p -le 5 ] || W=$T;; paused.none) [ $p -le 5 ] || W=$S;;
   none.none) [ $p -le 5 ] || W=-;; none.'?') [ "$(fenced)" = "$F" ] || W=-;; esac
  [ "$W" != '?' ] || sleep 2
  continue
 fi
 q=$(line)
 if [ "$W" = - ]; then
  [ "$g" ] || { unmark; end true 1 "$m"; }
  case $v$q in
   1*pending=*) sleep 1;;
   1*'role="Started"'*'nodes_running_on="1"'*) W=$(printf %s "$q" | sed -n 's/.*<node name="\\([^"]*\\)".*/\\1/p') v='' l='' n=0
    case $q in *'managed="true"'*) pin "$W"; unmark; end true 6 "$m";; esac
    case $W in "$S"|"$T") W='?';; esac;;
   1*'role="Started"'*) sleep 1;;
   1*) edit "$X"; sleep 1;;
   *) ours
    timeout 30 cibadmin --delete --xpath "$X/constraints/rsc_location[@id='rackside-move-$R']" >/dev/null 2>&1
    timeout 60 crm_resource --refresh -r "$R" >/dev/null 2>&1 && v=1 || sleep 1
    timeout 60 crm_resource --wait -T 20s >/dev/null 2>&1;;
  esac
  continue
 fi
 case $q in *pending=*) ok=;; *'role="Started"'*'blocked="false"'*'failed="false"'*'nodes_running_on="1"'*"<node name=\\"$W\\" "*) ok=1;; *) ok=;; esac
 case $ok$q in 1*'managed="true"'*) edit "$X"; unmark
  [ "$mr" -lt 0 ] || [ "$ed" ] || end true 5 "it was managed before it was handed back: $m"; case $W in "$T") i=0;; "$S") i=1;; *) i=6;; esac; end true $i "$m";; esac
 if [ -z "$g" ]; then has "$X/$N" && { g=1 n=-1; }
 elif [ $((n%60)) = 0 ]; then
  ours
  pin "$W" && timeout 60 crm_resource --refresh -r "$R" >/dev/null 2>&1 || { sleep 1; continue; }
 elif [ "$ok" ]; then
  timeout 30 cibadmin -Q >"$f" && (export CIB_file="$f"; edit /cib/configuration) && timeout 30 crm_simulate -x "$f" -S -Q --output-as=xml >"$e" 2>&1 &&
  ! grep -F "resource=\\"$R\\"" "$e" | grep -q '<rsc_action action=' && { ed=1; edit "$X"; }
 fi
 n=$((n+1)); [ "$ok" ] || [ $((n%20)) != 19 ] || W='?'
 sleep 0.5
done
`;
