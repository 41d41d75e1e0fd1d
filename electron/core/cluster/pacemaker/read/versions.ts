import { runSections, section, sectionScript, splitSections } from '../../../ssh/sections.ts';
import type { SectionedOutput, Sections } from '../../../ssh/sections.ts';
import type { RemoteCommand, ShellChannel } from '../../../ssh/transport.ts';
import { attribute, childOf, parseXml } from './xml.ts';

/** What runs a region, as one of its control nodes has it. */
export interface RegionVersions {
  /** `2.1.5`; empty where it could not be read. */
  readonly pacemaker: string;
  readonly pcs: string | null;
  readonly libvirt: string | null;
  /** One libvirtd, or a daemon a driver (virtqemud …): their service names differ. */
  readonly libvirtStyle: 'monolithic' | 'modular' | null;
  /** Of crm_mon's XML. */
  readonly apiVersion: string;
}

/** Versions that were tested with real nodes: Pacemaker's and libvirt's major.minor. Outside of them a region opens read-only. */
export const testedVersions = {
  pacemaker: ['2.1'],
  pcs: ['0.11'],
  libvirt: ['9.0'],
  /** Of crm_mon's XML; the minor grows with every addition. */
  apiVersion: ['2'],
} as const;

const functions = `export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
pcs_version() {
  dpkg-query -W -f '\${Version}\\n' pcs 2>/dev/null || rpm -q --qf '%{VERSION}\\n' pcs 2>/dev/null || pcs --version
}
libvirt_style() {
  for unit in virtqemud.service virtqemud.socket libvirtd.service libvirtd.socket; do
    if systemctl is-active --quiet "$unit"; then echo "$unit"; fi
  done
}
libvirt_version() { libvirtd --version 2>/dev/null || virtqemud --version 2>/dev/null || virsh --version; }`;

/** Read-only; needs no privilege. pcs is asked of the package manager first (10 ms): `pcs --version` takes 0.4 s. */
export const versionsCommand: RemoteCommand = {
  privilege: 'none',
  script: sectionScript([
    functions,
    section('pacemaker', 'crm_mon --version --output-as=xml'),
    section('pcs', 'pcs_version'),
    section('libvirt', 'libvirt_version'),
    section('style', 'libvirt_style'),
  ]),
};

/** What the command told; a tool that is not there is `null`, and an answer that broke off tells nothing. */
export function parseVersions(output: SectionedOutput): RegionVersions {
  const split = splitSections(output);
  const sections: Sections = split.kind === 'value' ? split.value : new Map();
  const textOf = (name: string) => sections.get(name)?.text ?? '';
  const root = parseXml(textOf('pacemaker'));
  const style = textOf('style');
  return {
    pacemaker: attribute(childOf(root, 'version'), 'version'),
    pcs: versionIn(textOf('pcs')),
    libvirt: versionIn(textOf('libvirt')),
    libvirtStyle: style.includes('virtqemud') ? 'modular' : style.includes('libvirtd') ? 'monolithic' : null,
    apiVersion: attribute(root, 'api-version'),
  };
}

/** The number in `0.11.5-1+deb12u1`, `1:0.11.5`, `libvirtd (libvirt) 9.0.0`, `9.0.0`. */
function versionIn(text: string): string | null {
  return /\b(?:\d+:)?(\d+(?:\.\d+)+)/u.exec(text)?.[1] ?? null;
}

/** Asks one control node, once a region is opened. @throws ProblemError what the channel throws: deadline, lost connection. */
export async function readVersions(
  channel: ShellChannel,
  options: { readonly deadlineMs: number },
): Promise<RegionVersions> {
  return parseVersions(await runSections(channel, versionsCommand, options));
}

/** Why nothing may be changed in a region of these versions; `null` where all of them were tested. A missing libvirt changes nothing. */
export function readOnlyReason(versions: RegionVersions): string | null {
  const { pacemaker, pcs, libvirt, apiVersion } = versions;
  if (pacemaker === '') return 'its version of Pacemaker could not be read';
  if (!isTested(pacemaker, testedVersions.pacemaker)) return untested('Pacemaker', pacemaker, testedVersions.pacemaker);
  if (!isTested(apiVersion, testedVersions.apiVersion))
    return untested('crm_mon’s XML', apiVersion, testedVersions.apiVersion);
  if (pcs === null) return 'pcs is not installed on its control node';
  if (!isTested(pcs, testedVersions.pcs)) return untested('pcs', pcs, testedVersions.pcs);
  if (libvirt !== null && !isTested(libvirt, testedVersions.libvirt))
    return untested('libvirt', libvirt, testedVersions.libvirt);
  return null;
}

function isTested(version: string, tested: readonly string[]): boolean {
  return tested.some((one) => version === one || version.startsWith(`${one}.`));
}

function untested(what: string, version: string, tested: readonly string[]): string {
  return `${what} ${version || 'of an unknown version'} was not tested with Rackside (tested: ${tested.join(', ')})`;
}
