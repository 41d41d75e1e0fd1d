import { expect, test } from 'vitest';
import { parseKeyscan } from '../../../../electron/core/cluster/keyscan.ts';

// Printed by ssh-keyscan on a lab node; the fingerprints by `ssh-keygen -lf -`.
const ecdsa =
  'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBKRS8Gd0fxZrbLFjyndI3ns8+Mq7xmlzIZ4oz3hjgmPmelwaAv7xrJTWwRKQUmAesJB7C4Rk6y3KM1DP7mS0o+0=';
const ed25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIBpTWzABK5JVw/X9sh9oOQfu7awonqj6EZtpU2TSo0eK';

test('R24: what a trusted node sees of a host becomes its keys with OpenSSH’s fingerprints', () => {
  const output = `# 10.213.0.11:22 SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3
10.213.0.11 ecdsa-sha2-nistp256 ${ecdsa}
[10.213.0.12]:2222 ssh-ed25519 ${ed25519}
`;
  expect(parseKeyscan(output)).toEqual([
    {
      host: '10.213.0.11',
      type: 'ecdsa-sha2-nistp256',
      keyBase64: ecdsa,
      fingerprint: 'SHA256:K00zGd/pkxX7ZF40pr3XDXJlN4Mm6w5SKOooRMVEy0I',
    },
    {
      host: '10.213.0.12',
      type: 'ssh-ed25519',
      keyBase64: ed25519,
      fingerprint: 'SHA256:QtE+PI/Tq+OznlVyVgj1I3qP9QcOz6F/TS6rmh7Ve1Y',
    },
  ]);
});

test('a host that does not answer has no key, and what is no key line is none', () => {
  expect(parseKeyscan('')).toEqual([]);
  expect(parseKeyscan('getaddrinfo nowhere: Name or service not known\nhost ssh-ed25519\n')).toEqual([]);
});
