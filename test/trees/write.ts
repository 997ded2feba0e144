import {
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { h100 } from './h100.ts';
import { pick } from './number.ts';
import { spark } from './spark.ts';
import { TEXTFILE_DIRECTORY } from './textfile.ts';
import type { Link, Tree } from './tree.ts';
import { vm } from './vm.ts';

/** The fixture machines by name. */
export const machines = { vm, h100, spark } as const;

/** The name of a fixture machine. */
export type MachineName = keyof typeof machines;

export const MACHINES = Object.keys(machines) as readonly MachineName[];

/** Files were last changed at this time (Unix seconds) plus up to a day, each at its own. */
const CHANGED = 1_764_000_000;

/**
 * Writes a machine below a directory, which is made if it is not there. Writing the same machine
 * again changes nothing: content, link targets and times of change depend on the tree alone.
 * Entries of other origin that lie in the directory stay.
 */
export function writeTree(tree: Tree, directory: string): void {
  const made = new Set<string>();
  const folder = (path: string) => {
    if (made.has(path)) return;
    mkdirSync(path, { recursive: true });
    made.add(path);
  };
  for (const [name, entry] of tree) {
    const path = join(directory, name);
    if (typeof entry === 'object' && 'folder' in entry) {
      folder(path);
      continue;
    }
    folder(dirname(path));
    const changed = CHANGED + pick(`changed ${name}`, 0, 86_400);
    if (typeof entry === 'object' && 'link' in entry) {
      writeLink(path, entry);
      lutimesSync(path, changed, changed);
    } else {
      writeFileSync(path, entry);
      utimesSync(path, changed, changed);
    }
  }
}

function writeLink(path: string, entry: Link): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && readlinkSync(path) === entry.link) return;
  if (there !== undefined) unlinkSync(path);
  symlinkSync(entry.link, path);
}

/** A machine on disk: what to hand to `--path.procfs` and its like. */
export interface Materialised extends Disposable {
  readonly rootfs: string;
  readonly procfs: string;
  readonly sysfs: string;
  /** `--path.udev.data` */
  readonly udev: string;
  /** `--collector.textfile.directory` */
  readonly textfile: string;
  /** What sends edgegauge or node_exporter there. */
  readonly flags: readonly string[];
}

/** Writes a machine to a new temporary directory; disposing of it removes the directory. */
export function materialise(name: MachineName): Materialised {
  return materialiseTree(machines[name](), name);
}

/** The same of any machine. */
export function materialiseTree(tree: Tree, name: string): Materialised {
  const rootfs = mkdtempSync(join(tmpdir(), `edgegauge-${name}-`));
  writeTree(tree, rootfs);
  const procfs = join(rootfs, 'proc');
  const sysfs = join(rootfs, 'sys');
  const udev = join(rootfs, 'run/udev/data');
  const textfile = join(rootfs, TEXTFILE_DIRECTORY);
  return {
    rootfs,
    procfs,
    sysfs,
    udev,
    textfile,
    flags: [
      `--path.procfs=${procfs}`,
      `--path.sysfs=${sysfs}`,
      `--path.rootfs=${rootfs}`,
      `--path.udev.data=${udev}`,
      `--collector.textfile.directory=${textfile}`,
    ],
    [Symbol.dispose]() {
      rmSync(rootfs, { recursive: true, force: true });
    },
  };
}
