import { capture, type Outputs } from '../unit/core/cluster/capture.ts';

/**
 * What `crm_mon`, `cibadmin`, `corosync-quorumtool` and `corosync.conf` would say of a region of many nodes: the captured answers of the
 * lab's healthy region with its one worker and one of its VMs repeated under other names and addresses. `nodes` counts its three
 * controls, which keep their names.
 */
export function outputsOfMany(options: {
  readonly nodes: number;
  readonly vmsPerNode: number;
  readonly addressOf: (index: number) => string;
}): Required<Omit<Outputs, 'crmMonExit'>> {
  const controls = ['lab-c1', 'lab-c2', 'lab-c3'];
  const workers = Array.from({ length: options.nodes - controls.length }, (_value, index) => ({
    name: `fra1-w${String(index + 1).padStart(4, '0')}`,
    address: options.addressOf(controls.length + index),
  }));
  const vms = workers.flatMap(({ name }) =>
    Array.from({ length: options.vmsPerNode }, (_value, index) => ({ node: name, name: `${name}-vm${index + 1}` })),
  );
  const healthy = (file: string): string => capture(`healthy/lab-c1/${file}`);
  return {
    crmMon: crmMonOf(healthy('crm_mon.xml'), workers, vms),
    cib: cibOf(healthy('cib.xml'), workers, vms),
    quorum: healthy('quorumtool.txt'),
    corosync: controls.reduce(
      (text, _name, index) => text.replace(`10.213.0.1${index + 1}\n`, `${options.addressOf(index)}\n`),
      healthy('corosync.conf'),
    ),
    uname: 'lab-c1',
  };
}

type Worker = { readonly name: string; readonly address: string };
type Vm = { readonly name: string; readonly node: string };

function crmMonOf(xml: string, workers: readonly Worker[], vms: readonly Vm[]): string {
  const node = part(xml, /^ {4}<node name="lab-w1".*\n/mu);
  const remote = part(xml, /^ {4}<resource id="lab-w1"[^]*?<\/resource>\n/mu);
  const vm = part(xml, /^ {4}<resource id="vm5"[^]*?<\/resource>\n/mu);
  const history = part(xml, /^ {6}<resource_history id="vm5"[^]*?<\/resource_history>\n/mu);
  const byNode = Map.groupBy(vms, (one) => one.node);
  return xml
    .replace(node, () => workers.map(({ name }) => named(node, 'lab-w1', name)).join(''))
    .replace(remote, () => workers.map(({ name }) => named(remote, 'lab-w1', name)).join(''))
    .replace(vm, () => vms.map((one) => named(named(vm, 'vm5', one.name), 'lab-w1', one.node)).join(''))
    .replace(/^ {4}<node name="lab-w1">[^]*?<\/node>\n/mu, () =>
      workers
        .map(({ name }) => {
          const own = byNode.get(name) ?? [];
          return `    <node name="${name}">\n${own.map((one) => named(history, 'vm5', one.name)).join('')}    </node>\n`;
        })
        .join(''),
    );
}

function cibOf(xml: string, workers: readonly Worker[], vms: readonly Vm[]): string {
  // The program asks for configuration and transient attributes only.
  const asked = `${part(xml, /^<cib [^]*?<\/configuration>\n/u)}</cib>\n`;
  const node = part(asked, /^ {6}<node id="lab-w1"[^]*?<\/node>\n/mu);
  const remote = part(asked, /^ {6}<primitive id="lab-w1"[^]*?<\/primitive>\n/mu);
  const vm = part(asked, /^ {6}<primitive id="vm5"[^]*?<\/primitive>\n/mu);
  return asked
    .replace(node, () => workers.map(({ name }) => named(node, 'lab-w1', name)).join(''))
    .replace(remote, () =>
      workers
        .map(({ name, address }) =>
          named(remote, 'lab-w1', name).replace(/name="server" value="[^"]*"/u, `name="server" value="${address}"`),
        )
        .join(''),
    )
    .replace(vm, () => vms.map((one) => named(vm, 'vm5', one.name)).join(''));
}

function part(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[0];
  if (found === undefined) throw new Error(`The capture has no ${String(pattern)}`);
  return found;
}

function named(text: string, old: string, name: string): string {
  return text.replaceAll(old, name);
}
