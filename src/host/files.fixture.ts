/** A few kernel files of a test's own, below a temporary directory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type MachineName, machines, writeTree } from '../../test/trees/write.ts';
import type { Paths } from '../board/paths.ts';

export class Files implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'edgegauge-files-'));
  readonly paths: Paths = {
    procfs: join(this.root, 'proc'),
    sysfs: join(this.root, 'sys'),
    rootfs: this.root,
  };

  /** Of a fixture machine what lies below these names; a whole one takes a second to write. */
  static machine(name: MachineName, ...below: readonly string[]): Files {
    const files = new Files();
    const wanted = [...machines[name]()].filter(([path]) => below.some((b) => path.startsWith(b)));
    writeTree(new Map(wanted), files.root);
    return files;
  }

  /** Names are relative to the root: `proc/stat`. */
  constructor(contents: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, content] of Object.entries(contents)) this.write(name, content);
  }

  write(name: string, content: string | Uint8Array): void {
    const path = join(this.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  remove(name: string): void {
    rmSync(join(this.root, name), { recursive: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
