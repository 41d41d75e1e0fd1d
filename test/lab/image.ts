/**
 * The disk images of the nodes, shared by all labs: `base` for control nodes and candidates, `worker` as a thin overlay layer on
 * it. A build goes into a folder named after what it is made of, so that a changed recipe never touches a tree which a running lab
 * has mounted as its lower layer (the kernel calls that undefined behaviour), and a folder without its stamp is never used.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logins, rootPassword, stateFolder } from './layout.ts';
import { LabError, lock, must, run, say } from './shell.ts';

/** Debian 12: the versions that the captured outputs and the recipe come from. */
const release = 'bookworm';

const packages = (
  'systemd,systemd-sysv,dbus,openssh-server,openssh-client,sudo,iproute2,ethtool,pciutils,procps,util-linux,iputils-ping,' +
  'ca-certificates,pcs,pacemaker,pacemaker-cli-utils,corosync,resource-agents,libvirt-daemon-system,libvirt-clients,' +
  'qemu-system-x86,mdadm,smartmontools,jq,libxml2-utils,btrfs-progs,dmidecode'
).split(',');

export type Image = {
  readonly folder: string;
  readonly base: string;
  readonly worker: string;
  readonly keyFile: string;
};

const filesFolder = join(import.meta.dirname, 'image-files');
const imagesFolder = (): string => join(stateFolder(), 'images');

function fingerprint(): string {
  const hash = createHash('sha256')
    .update(release)
    .update(packages.join())
    .update(rootPassword)
    .update(JSON.stringify(logins));
  for (const file of ['configure.sh', 'worker.sh', 'fence_lab']) hash.update(readFileSync(join(filesFolder, file)));
  return hash.digest('hex').slice(0, 12);
}

const imageIn = (folder: string): Image => ({
  folder,
  base: join(folder, 'base'),
  worker: join(folder, 'worker'),
  keyFile: join(folder, 'keys', 'id_ed25519'),
});

const isComplete = (image: Image): boolean => existsSync(join(image.folder, 'stamp'));

/** The image of the present recipe, built when it is not there (60 to 90 s on two cores). Safe to call from several labs at once. */
export async function ensureImage(): Promise<Image> {
  const image = imageIn(join(imagesFolder(), fingerprint()));
  if (isComplete(image)) return image;
  using _lock = await lock(join(stateFolder(), 'build.lock'));
  if (isComplete(image)) return image;
  await removeUnusedImages();
  await removeImage(image.folder);
  mkdirSync(join(image.folder, 'keys'), { recursive: true });
  await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'rackside-lab', '-f', image.keyFile]);
  await buildBase(image);
  await buildWorker(image);
  writeFileSync(join(image.folder, 'stamp'), new Date().toISOString());
  say('images ready');
  return image;
}

async function buildBase(image: Image): Promise<void> {
  say('base image (mmdebstrap)');
  await must(
    'mmdebstrap',
    [
      '-q',
      '--variant=minbase',
      `--include=${packages.join()}`,
      // For the worker layer, from the same mirror and of the same release, whatever the host's own apt knows.
      '--customize-hook=cd "$1/opt" && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get download -q pacemaker-remote',
      release,
      image.base,
      ...sources(),
    ],
    { timeoutMs: 900_000 },
  );
  const users = Object.values(logins).map(({ user, password }) => `${user}:${password}`);
  await must('sh', [join(filesFolder, 'configure.sh'), image.base, join(image.folder, 'keys'), rootPassword, ...users]);
  copyFileSync(join(filesFolder, 'fence_lab'), join(image.base, 'usr/sbin/fence_lab'));
  await must('chmod', ['755', join(image.base, 'usr/sbin/fence_lab')]);
}

/** The host's own mirror, whatever it is: the lab must not know any. Its file as it is, or its first address on another release. */
function sources(): readonly string[] {
  const file = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'].find((each) => existsSync(each));
  if (file === undefined) throw new LabError('No apt sources for Debian were found under /etc/apt.');
  const text = readFileSync(file, 'utf8');
  if (new RegExp(`\\b${release}\\b`).test(text)) return [file];
  const mirror = /^\s*(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+)/m.exec(text)?.[1];
  if (mirror === undefined) throw new LabError(`${file} names no mirror.`);
  return [`deb ${mirror} ${release} main`];
}

async function buildWorker(image: Image): Promise<void> {
  say('worker layer (pacemaker_remote instead of pacemaker)');
  await must('sh', [join(filesFolder, 'worker.sh'), image.folder], { timeoutMs: 300_000 });
}

/** Earlier recipes' images are dropped, but never one that a running lab stands on. */
async function removeUnusedImages(): Promise<void> {
  if (!existsSync(imagesFolder())) return;
  const mounts = readFileSync('/proc/mounts', 'utf8');
  for (const name of readdirSync(imagesFolder())) {
    const folder = join(imagesFolder(), name);
    const isLower = [`=${folder}/`, `:${folder}/`].some((part) => mounts.includes(part));
    if (!isLower) await removeImage(folder);
  }
}

/** A build that was killed may have left /proc and the like mounted in its tree, and no `rm` should walk into those. */
async function removeImage(folder: string): Promise<void> {
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounted.toReversed()) await must('umount', [path]);
  rmSync(folder, { recursive: true, force: true });
}

/** Removes every image that no running lab uses. */
export async function removeImages(): Promise<void> {
  await removeUnusedImages();
  await run('rmdir', [imagesFolder(), join(stateFolder(), 'labs')]);
}
