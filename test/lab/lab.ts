/**
 * The lab: real Pacemaker and libvirt nodes on one Debian machine. Run as root with a Node that strips types:
 * `node test/lab/lab.ts up 3 --workers 1`. RACKSIDE_LAB (0–9) names the lab, RACKSIDE_LAB_DIR the folder of images and state.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fault, faultNames } from './fault.ts';
import { ensureImage, removeImages } from './image.ts';
import { inside } from './inside.ts';
import { layoutOf, logins, placeOf, rootPassword } from './layout.ts';
import { down, isUp, up } from './lifecycle.ts';
import { pool, poolActions } from './pool.ts';
import { initOf, isFrozen, note } from './power.ts';
import { LabError, say } from './shell.ts';
import { ssh } from './ssh.ts';
import { nodeNames, readState } from './state.ts';
import { addVms, deleteVm, someControl } from './vm.ts';
import { cutLaptop, isLaptopCut, restoreLaptop } from './wire.ts';

const help = `lab build                        make the images (36 to 90 s the first time)
lab clean                        delete the images that no running lab uses
lab up N [--workers M] [--candidates K]
                                 N control nodes c1…, M workers w1…, K unclustered candidates x1…
lab down                         everything gone
lab status                       nodes, addresses, faults, and what the cluster says
lab sh NODE CMD…                 run CMD over ssh as root (--user NAME: as another)
lab in NODE CMD…                 run CMD as root without the network: at once, and whatever is cut
lab login                        users, passwords and the key
lab fault NODE kill|dead|freeze|cutnet [eth0|eth1]|nofence|slow [KBIT]|restore
lab laptop cut|restore           drop everything between this host and the nodes, silently
lab vm add NAME MIB NODE [--gpu] | lab vm del NAME
lab pool NODE ok|degrade|heal|del
`;

const layout = layoutOf();

async function status(): Promise<void> {
  readState(layout);
  for (const name of nodeNames(layout)) {
    const faults = ['dead', 'nofence', 'cut-eth0', 'cut-eth1', 'slow'].filter((key) =>
      existsSync(note(layout, name, key)),
    );
    const init = initOf(layout, name);
    const power = isFrozen(layout, name) ? 'frozen' : init === undefined ? 'off' : 'on';
    console.log([name, placeOf(layout, name).address, power, `pid=${init ?? '-'}`, ...faults].join('\t'));
  }
  if (await isLaptopCut(layout)) console.log('laptop\tcut');
  console.log((await inside(layout, someControl(layout), 'crm_mon -1')).stdout);
}

async function command(name: string | undefined, args: readonly string[], flags: Flags): Promise<number> {
  const [first = '', second = '', third] = args;
  switch (name) {
    case 'build':
      await ensureImage();
      return 0;
    case 'clean':
      await removeImages();
      return 0;
    case 'up':
      await up(layout, {
        controls: Number(first || 3),
        workers: Number(flags.workers ?? 0),
        candidates: Number(flags.candidates ?? 0),
      });
      return 0;
    case 'down':
      await down(layout);
      say(`lab ${layout.id} is down`);
      return 0;
    case 'status':
      await status();
      return isUp(layout) ? 0 : 1;
    case 'sh':
    case 'in': {
      const text = args.slice(1).join(' ');
      const options = { timeoutMs: 600_000 };
      const ran =
        name === 'in'
          ? await inside(layout, first, text, options)
          : await ssh(layout, first, flags.user ?? 'root', text, options);
      process.stdout.write(ran.stdout);
      process.stderr.write(ran.stderr);
      return ran.code;
    }
    case 'login':
      console.log(
        JSON.stringify({ root: rootPassword, ...logins, keyFile: readState(layout).image.keyFile }, undefined, 2),
      );
      return 0;
    case 'fault': {
      const kind = faultNames.find((each) => each === second);
      if (kind === undefined) throw new LabError(`A fault is one of ${faultNames.join(', ')}.`);
      await fault(layout, first, kind, third);
      return 0;
    }
    case 'laptop':
      if (first === 'cut') await cutLaptop(layout);
      else if (first === 'restore') await restoreLaptop(layout);
      else throw new LabError('lab laptop cut|restore');
      return 0;
    case 'vm':
      if (first === 'add' && third !== undefined && args[3] !== undefined)
        await addVms(layout, [{ name: second, memoryMiB: Number(third), node: args[3], hasGpu: flags.gpu === true }]);
      else if (first === 'del' && second !== '') await deleteVm(layout, second);
      else throw new LabError('lab vm add NAME MIB NODE [--gpu] | lab vm del NAME');
      return 0;
    case 'pool': {
      const action = poolActions.find((each) => each === second);
      if (action === undefined) throw new LabError(`lab pool NODE ${poolActions.join('|')}`);
      await pool(layout, first, action);
      return 0;
    }
    default:
      process.stdout.write(help);
      return name === undefined || name === 'help' ? 0 : 1;
  }
}

const options = {
  workers: { type: 'string' },
  candidates: { type: 'string' },
  user: { type: 'string' },
  gpu: { type: 'boolean' },
} as const;
type Flags = {
  readonly workers?: string | undefined;
  readonly candidates?: string | undefined;
  readonly user?: string | undefined;
  readonly gpu?: boolean | undefined;
};

const argv = process.argv.slice(2);
// What follows the node in `sh` and `in` belongs to the node, options and all.
const isRemote = argv[0] === 'sh' || argv[0] === 'in';
const parsed = isRemote && argv[1] !== '--user' ? { positionals: argv, values: {} } : parse();
function parse(): { readonly positionals: readonly string[]; readonly values: Flags } {
  const at = isRemote ? 3 : argv.length;
  const { positionals, values } = parseArgs({ args: argv.slice(0, at), options, allowPositionals: true });
  return { positionals: [...positionals, ...argv.slice(at)], values };
}

try {
  process.exitCode = await command(parsed.positionals[0], parsed.positionals.slice(1), parsed.values);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = 1;
}
