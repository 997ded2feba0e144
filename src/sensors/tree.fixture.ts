/** A small /sys and /proc of a test's own, below a temporary directory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Tree } from '../../test/trees/tree.ts';
import { type MachineName, machines, writeTree } from '../../test/trees/write.ts';
import type { Paths } from '../board/paths.ts';

export class OnDisk implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'edgegauge-tree-'));
  readonly paths: Paths = {
    procfs: join(this.root, 'proc'),
    sysfs: join(this.root, 'sys'),
    rootfs: this.root,
  };

  /** Of a fixture machine what lies below these names. */
  static machine(name: MachineName, ...below: readonly string[]): OnDisk {
    const wanted = [...machines[name]()].filter(([path]) => below.some((b) => path.startsWith(b)));
    return new OnDisk(new Map(wanted));
  }

  /** `build` adds to an empty tree with the generators of test/trees. */
  static built(build: (tree: Tree) => void): OnDisk {
    const tree: Tree = new Map();
    build(tree);
    return new OnDisk(tree);
  }

  constructor(tree: Tree) {
    this.add(tree);
  }

  add(tree: Tree): void {
    writeTree(tree, this.root);
  }

  /** Names are relative to the root: `sys/class/…`. */
  write(name: string, content: string | Uint8Array): void {
    const path = join(this.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  remove(name: string): void {
    rmSync(join(this.root, name), { recursive: true });
  }

  /** Puts a directory in place of a file: reading it fails (EISDIR), as a driver's EINVAL does. */
  breakFile(name: string): void {
    this.remove(name);
    mkdirSync(join(this.root, name));
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
