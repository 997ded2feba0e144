/** Builds nvml-stub.c into a library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nvml, openNvml } from '../../ffi/nvml.ts';

/** A libnvidia-ml.so.1 of a driver of today, of one before 470, or of 535.54. */
export type StubVariant = 'NEW' | 'OLD' | 'TRAP';

/** Path of the library, compiled into a directory of its own; `remove` deletes that. */
export function buildStub(
  cc: string,
  nvmlHeader: string,
  variant: StubVariant,
): { readonly path: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'edgegauge-nvml-stub-'));
  const path = join(dir, 'libnvidia-ml.so.1');
  const sources = ['nvml-stub.c', 'nvml-stub-lists.c'].map((file) => join(import.meta.dir, file));
  const flags = [`-D${variant}`, `-I${nvmlHeader}`, '-Wall', '-Werror', '-shared', '-fPIC'];
  const child = Bun.spawnSync([cc, ...flags, ...sources, '-o', path]);
  if (child.exitCode !== 0) throw new Error(child.stderr.toString());
  return { path, remove: () => rmSync(dir, { recursive: true }) };
}

/** Opens such a library, which stays mapped when its file is gone. */
export function openStub(cc: string, nvmlHeader: string, variant: StubVariant): Nvml {
  const stub = buildStub(cc, nvmlHeader, variant);
  const nvml = openNvml(stub.path);
  stub.remove();
  if (nvml instanceof Nvml) return nvml;
  throw new Error(nvml.error);
}
