import { describe, expect, test } from 'vitest';
import { fastProbe } from '../../../electron/core/probes/fast.ts';
import { slowProbeIds, slowProbes } from '../../../electron/core/probes/slow-probes.ts';
import { keyscanCommand, parseKeyscan } from '../../../electron/core/cluster/keyscan.ts';
import { simulateCommand } from '../../../electron/core/cluster/pacemaker/read/simulate-command.ts';
import { parseXml, type XmlElement } from '../../../electron/core/cluster/pacemaker/read/xml.ts';
import { hastensPoll, watchLogCommand } from '../../../electron/core/cluster/pacemaker/read/watch-log.ts';
import { guardedMerge, quorumGuard } from '../../../electron/core/cluster/writes/guarded.ts';
import { removeControl } from '../../../electron/core/cluster/writes/membership.ts';
import { run } from '../../../electron/core/cluster/writes/shown-command.ts';
import { standbyOn } from '../../../electron/core/cluster/writes/standby.ts';
import { endGroupScript } from '../../../electron/core/ssh/commands.ts';
import { sectionOf, splitSections, type SectionedOutput } from '../../../electron/core/ssh/sections.ts';
import { capture as captured } from '../core/cluster/capture.ts';
import { sectionedCapture } from '../core/cluster/sectioned-capture.ts';
import { capturedAnswer } from '../core/probes/captures.ts';
import { stage, vmOn, type Case } from './cases.ts';
import { comparable, likened } from './exchange.ts';
import { readCases } from './read-cases.ts';
import { runCases } from './run-cases.ts';
import { differences } from './shape.ts';
import { simulateCases } from './simulate-cases.ts';
import { stillDemo } from './still-demo.ts';
import { unitCases } from './unit-cases.ts';
import { writeCases } from './write-cases.ts';

/** Families of which a capture was compared here. */
const compared = new Set<string>();

async function hold({ capture, node, ask, before, hasText, without }: Case): Promise<void> {
  const demo = stillDemo();
  await before?.(demo);
  const asked = ask(demo);
  const answering = demo.ask(node, asked.command);
  // What waits for something to end ends in the region's time.
  demo.pass(5_000);
  const [real, simulated] = [sectionedCapture(capture), await answering];
  const options = { hasText, ...(without === undefined ? {} : { without }) };
  expect(comparable(simulated, options)).toEqual(comparable(real, options));
  if (asked.parse !== undefined) {
    const [a, b] = [asked.parse(real), asked.parse(simulated)];
    expect(differences(a, b)).toEqual([]);
    expect(kindOf(b)).toEqual(kindOf(a));
  }
  compared.add(demo.familyOf(asked.command) ?? 'not known');
  expect(demo.unknown).toEqual([]);
}

/** The kind of a result, and why where it says so by a word of ours. */
function kindOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  return value.kind;
}

describe.each([
  ['reads', readCases],
  ['simulations', simulateCases],
  ['writes', writeCases],
  ['programs', runCases],
  ['units', unitCases],
] as const)(
  '%s: sections, exit statuses, complaints and what the parser makes of them are a real node’s',
  (_, cases) => {
    test.each(cases.map((one) => [one.capture, one] as const))('%s', (_name, one) => hold(one));
  },
);

/** What the lab's containers have not, and a server has: SMBIOS, cores of its own, links with drivers, a pool. Their exit statuses are no measure. */
const ofContainers: Readonly<Record<string, RegExp>> = {
  system: /^dmi$/u,
  cpu: /^topology$/u,
  memory: /^dmidecode$/u,
  links: /^(?:devices|udev)$/u,
  filesystems: /^df\./u,
  pciDevices: /^lspci$/u,
  disks: /^smart\./u,
  pools: /^(?:mdstat|btrfs-mounts|lvs)$/u,
};

test.each(['fast', ...slowProbeIds] as const)(
  'the probe %s: sections, exit statuses, complaints and what the parser makes of them are a real node’s',
  async (id) => {
    const demo = stillDemo();
    const probe = id === 'fast' ? fastProbe : slowProbes[id];
    const [real, simulated] = [capturedAnswer('w1', id), await demo.ask(stage.source, probe.command)];
    const without = ofContainers[id];
    const options = { hasText: false, ...(without === undefined ? {} : { without }) };
    expect(comparable(simulated, options)).toEqual(comparable(real, options));
    const [a, b] = [probe.parse(real), probe.parse(simulated)];
    expect(b.kind).toBe('value');
    expect(differences(a, b)).toEqual([]);
    compared.add(demo.familyOf(probe.command) ?? 'not known');
  },
);

test('the keys of other machines: lines of the same shape, none for who does not answer, and exit 0 whoever does not', async () => {
  const demo = stillDemo();
  const command = keyscanCommand(['10.77.0.12', '10.77.0.14', '10.77.99.99']);
  const [real, answer] = [captured('operations/keyscan/nodes.txt'), await demo.askPlain(stage.control, command)];
  expect([answer.status, answer.stderr]).toEqual([0, captured('operations/keyscan/nodes.txt.err')]);
  expect(differences(parseKeyscan(real), parseKeyscan(answer.stdout))).toEqual([]);
  const hosts = (text: string) => new Set(parseKeyscan(text).map(({ host }) => likened(host))).size;
  expect([parseKeyscan(answer.stdout).length, hosts(answer.stdout)]).toEqual([2, hosts(real)]);
  compared.add(demo.familyOf(command) ?? 'not known');
});

test('the log that is followed: lines of the same form, of which some hasten the poll when a node goes in standby', () => {
  const demo = stillDemo();
  const change = guardedMerge({
    guard: quorumGuard,
    changes: standbyOn({ name: stage.source, id: stage.source, type: 'remote' }),
  });
  const text = demo.follow(stage.control, watchLogCommand, 20_000, () => demo.ask(stage.control, change.command));
  const form =
    /^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d\.\d{3} \S+ pacemaker-\w+ *\[\d+\] \(\w+\) \t(?:notice|info|warning|error|debug): ./u;
  for (const log of [captured('operations/log/standby.txt'), text]) {
    // A resource agent writes its own lines into it, in a form of its own.
    const lines = log.split('\n').filter((line) => / pacemaker-/u.test(line));
    expect(lines.filter((line) => !form.test(line))).toEqual([]);
    expect(lines.some(hastensPoll)).toBe(true);
  }
  compared.add(demo.familyOf(watchLogCommand) ?? 'not known');
});

test('a group of processes that is ended after it has ended by itself', async () => {
  const demo = stillDemo();
  const command = { script: endGroupScript, args: ['999999'], privilege: 'none' as const };
  expect(await demo.askPlain(stage.control, command)).toEqual({
    stdout: captured('operations/run/end-group.txt'),
    stderr: captured('operations/run/end-group.txt.err'),
    status: 0,
  });
  compared.add(demo.familyOf(command) ?? 'not known');
});

test('the journal of a unit by itself is that of `showUnit`', async () => {
  const demo = stillDemo();
  const unit = 'rackside-rm1.service';
  const remove = removeControl(unit, 'nobody', { skipsOffline: false, overridden: [] });
  await demo.ask(stage.control, remove.command);
  demo.pass(10_000);
  const { command } = run(['journalctl', '-u', unit, '-o', 'cat', '--no-pager', '-n', '200'], 30_000);
  const section = (output: SectionedOutput, name: string) => {
    const split = splitSections(output);
    if (split.kind === 'unknown') throw new Error(split.because);
    return sectionOf(split.value, name);
  };
  const real = section(sectionedCapture('units/show-remove-unknown-control'), 'journal');
  const simulated = section(await demo.ask(stage.control, command), 'run');
  expect({ ...simulated, text: likened(simulated.text) }).toEqual({ ...real, text: likened(real.text) });
  compared.add(demo.familyOf(command) ?? 'not known');
});

/** Every element by its path, with the names of its attributes; what is optional in one of them is in both where both have an example. */
function elements(xml: string): readonly string[] {
  const found = new Set<string>();
  const walk = (element: XmlElement, path: string): void => {
    const here = `${path}/${element.name}`;
    const op = element.attributes.get('op') ?? element.attributes.get('action') ?? '';
    found.add(`${here} ${op}: ${[...element.attributes.keys()].toSorted().join(' ')}`);
    for (const child of element.children) walk(child, here);
  };
  const root = parseXml(xml);
  if (root === undefined) throw new Error('no XML');
  walk(root, '');
  return [...found].toSorted();
}

test('a simulation has every part of the real one: how it stands, what is done, its steps, and how it stands then', async () => {
  const demo = stillDemo();
  const vm = vmOn(demo, stage.source);
  const requests = [{ name: 'pin', edits: [{ kind: 'pin', resource: vm, node: stage.target }] }] as const;
  const split = splitSections(await demo.ask(stage.control, simulateCommand(requests, 'none')));
  if (split.kind === 'unknown') throw new Error(split.because);
  const text = sectionOf(split.value, '1').text;
  expect(elements(text)).toEqual(elements(captured('operations/simulate/pins.xml')));
  const revised = text.slice(text.indexOf('<revised_cluster_status>'));
  const place = (words: string) =>
    new RegExp(`<resource id="${vm}"[^>]*>\\s*<node name="([^"]*)"`, 'u').exec(words)?.[1];
  expect([place(text), place(revised)]).toEqual([stage.source, stage.target]);
});

test('no capture, no answer: every family of commands that the demo answers was held against one', () => {
  expect(stillDemo().families.filter((family) => !compared.has(family))).toEqual([]);
  expect(compared.has('not known')).toBe(false);
});
