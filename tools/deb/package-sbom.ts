import { readFileSync } from 'node:fs';
import { readLock } from './lock.ts';
import type { Package } from './package.ts';
import { sbom } from './sbom.ts';

/** The bill of materials of a package's binary. */
export function sbomOf({ root, version, arch, stamp, binary, runtime }: Package): string {
  return sbom({
    version,
    arch,
    lock: readLock(root),
    date: stamp.date,
    runtimeSha256: sha256(runtime),
    binarySha256: sha256(binary),
  });
}

function sha256(file: string): string {
  return new Bun.CryptoHasher('sha256').update(readFileSync(file)).digest('hex');
}
