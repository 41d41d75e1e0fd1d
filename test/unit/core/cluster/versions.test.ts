import { describe, expect, test } from 'vitest';
import { readOnlyReason, readVersions } from '../../../../electron/core/cluster/pacemaker/read/versions.ts';
import type { RegionVersions } from '../../../../electron/core/cluster/pacemaker/read/versions.ts';
import { localShell } from './local-shell.ts';

const tested: RegionVersions = {
  pacemaker: '2.1.5',
  pcs: '0.11.5',
  libvirt: '9.0.0',
  libvirtStyle: 'monolithic',
  apiVersion: '2.25',
};

// What the tools print on Debian 12.
const debian = `crm_mon() { echo '<pacemaker-result api-version="2.25" request="crm_mon --version --output-as=xml"><version program="Pacemaker" version="2.1.5" build="a3f44794f94"/><status code="0" message="OK"/></pacemaker-result>'; }
pcs() { echo 0.11.5; }
libvirtd() { echo 'libvirtd (libvirt) 9.0.0'; }
systemctl() { [ "$3" = libvirtd.service ]; }`;

describe('versions', () => {
  test('they are read with one script in a real shell', async () => {
    expect(await readVersions(localShell(debian), { deadlineMs: 5000 })).toEqual(tested);
  });

  test('modular libvirt is told apart, and what is missing is null', async () => {
    const modular = debian
      .replace('libvirtd.service', 'virtqemud.socket')
      .replace(/libvirtd\(\).*/u, 'libvirtd() { return 1; }\nvirtqemud() { echo "virtqemud (libvirt) 10.0.0"; }');
    expect(await readVersions(localShell(modular), { deadlineMs: 5000 })).toMatchObject({
      libvirt: '10.0.0',
      libvirtStyle: 'modular',
    });
    const bare = localShell(
      'crm_mon() { return 127; }; pcs() { return 127; }; libvirtd() { return 127; }; virtqemud() { return 127; }; virsh() { return 127; }; systemctl() { return 1; }',
    );
    expect(await readVersions(bare, { deadlineMs: 5000 })).toEqual({
      pacemaker: '',
      pcs: null,
      libvirt: null,
      libvirtStyle: null,
      apiVersion: '',
    });
  });

  test('a region of tested versions may be changed; any other is read-only, and says why', () => {
    expect(readOnlyReason(tested)).toBeNull();
    expect(readOnlyReason({ ...tested, pacemaker: '2.1.9', libvirt: null })).toBeNull();
    expect(readOnlyReason({ ...tested, pacemaker: '3.0.0' })).toBe(
      'Pacemaker 3.0.0 was not tested with Rackside (tested: 2.1)',
    );
    expect(readOnlyReason({ ...tested, pacemaker: '2.10.1' })).toContain('Pacemaker 2.10.1');
    expect(readOnlyReason({ ...tested, pcs: '0.12.0' })).toContain('pcs 0.12.0');
    expect(readOnlyReason({ ...tested, pcs: null })).toBe('pcs is not installed on its control node');
    expect(readOnlyReason({ ...tested, libvirt: '11.0.0' })).toContain('libvirt 11.0.0');
    expect(readOnlyReason({ ...tested, apiVersion: '3.0' })).toContain('crm_mon’s XML 3.0');
    expect(readOnlyReason({ ...tested, pacemaker: '' })).toBe('its version of Pacemaker could not be read');
  });
});
