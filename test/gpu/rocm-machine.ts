/** A machine with AMD GPUs whose /sys a real librocm_smi64 reads: it knows no other place. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../parts.ts';
import { amdMachines } from '../trees/amd.ts';
import type { Tree } from '../trees/tree.ts';
import { type Materialised, materialiseTree } from '../trees/write.ts';

/** Releases of ROCm whose library is to be had. */
export type Release = '5.2' | '6.1' | '6.4';

/** A library, and where it is: a file for 5.2, the root of a tree with its C library for the others. */
export interface Rocm {
  readonly release: Release;
  readonly path: string;
}

/** What is done to the machine below `rootfs` before it is used. */
export type Harm = (rootfs: string) => void;

export class RocmMachine implements Disposable {
  readonly tree: Materialised;
  /** What sends edgegauge to the library, and to the machine for everything but /sys. */
  readonly flags: readonly string[];
  readonly #wrap: readonly string[];

  /** `more`: of bubblewrap's arguments. */
  constructor(
    bwrap: string,
    rocm: Rocm,
    machine: keyof typeof amdMachines | Tree = 'amd',
    harm: Harm = () => {},
    more: readonly string[] = [],
  ) {
    this.tree = materialiseTree(
      typeof machine === 'string' ? amdMachines[machine]() : machine,
      `rocm-${rocm.release}`,
    );
    harm(this.tree.rootfs);
    const { rootfs, procfs, sysfs } = this.tree;
    const library = rocm.release === '5.2' ? rocm.path : 'librocm_smi64.so.1';
    this.flags = [
      `--path.procfs=${procfs}`,
      `--path.rootfs=${rootfs}`,
      `--gpu.rocm-smi-library=${library}`,
    ];
    const files = rocm.release === '5.2' ? ['--dev-bind', '/', '/'] : another(rocm.path, rootfs);
    // --unshare-pid and --die-with-parent: whatever hangs in there ends with the test.
    const rest = ['--proc', '/proc', '--tmpfs', '/dev/shm', '--die-with-parent', '--unshare-pid'];
    this.#wrap = [bwrap, ...files, '--ro-bind', sysfs, '/sys', ...rest, ...more];
  }

  /** The command line that runs another one on the machine. */
  running(...command: readonly string[]): string[] {
    return [...this.#wrap, ...command];
  }

  [Symbol.dispose](): void {
    this.tree[Symbol.dispose]();
  }
}

/** A file system with the programs of another Debian, in which the checkout and the machine are where they are here. */
function another(root: string, machine: string): string[] {
  const same = [ROOT, realpathSync(join(ROOT, 'node_modules')), dirname(process.execPath), machine];
  return [
    '--ro-bind',
    `${root}/usr`,
    '/usr',
    ...['lib', 'lib64', 'bin'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...['--dev', '/dev', '--tmpfs', '/tmp'],
    ...same.map((path) => realpathSync(path)).flatMap((path) => ['--ro-bind', path, path]),
  ];
}
