/** Builds librocm_smi64.c into a library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A librocm_smi64 of ROCm 7; disposing of it removes its file. */
export class FakeRocm implements Disposable {
  readonly library: string;
  readonly #directory: string;

  constructor(cc: string, ...flags: readonly string[]) {
    this.#directory = mkdtempSync(join(tmpdir(), 'edgegauge-fake-rocm-'));
    this.library = join(this.#directory, 'librocm_smi64.so.7');
    const source = join(import.meta.dir, 'librocm_smi64.c');
    const usual = ['-Wall', '-Werror', '-shared', '-fPIC', '-std=gnu11'];
    const child = Bun.spawnSync([cc, ...usual, ...flags, source, '-o', this.library]);
    if (child.exitCode !== 0) throw new Error(child.stderr.toString());
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true });
  }
}
