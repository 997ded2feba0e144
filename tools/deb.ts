/**
 * Builds the Debian packages of what `make build` left in dist: `bun tools/deb.ts [x64] [arm64]`, both when none
 * is named. DEBFULLNAME and DEBEMAIL name the maintainer, SOURCE_DATE_EPOCH the time of the build.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { archesOf, binaryName } from './build.ts';
import { buildDeb, type Package } from './deb/package.ts';
import { type Arch, runtimeFor } from './runtime.ts';
import { stampOf } from './stamp.ts';

const ROOT = join(import.meta.dir, '..');
const { SOURCE_DATE_EPOCH, DEBFULLNAME, DEBEMAIL } = process.env;

/** The package of this checkout for a processor. Throws where its binary was not built. */
export async function packageOf(arch: Arch): Promise<Package> {
  const binary = join(ROOT, 'dist', binaryName(arch));
  if (!existsSync(binary)) throw new Error(`${binary} is not there: make build`);
  const stamp = stampOf(ROOT, SOURCE_DATE_EPOCH);
  const { version } = (await Bun.file(join(ROOT, 'package.json')).json()) as { version: string };
  const name = DEBFULLNAME ?? 'edgegauge maintainers';
  return {
    root: ROOT,
    arch,
    version,
    binary,
    runtime: await runtimeFor(arch, ROOT),
    stamp,
    epoch: stamp.date === 'unknown' ? 0 : Date.parse(stamp.date) / 1000,
    maintainer: `${name} <${DEBEMAIL ?? 'edgegauge@packages.invalid'}>`,
  };
}

if (import.meta.main) {
  try {
    for (const arch of archesOf(process.argv.slice(2))) {
      const deb = buildDeb(await packageOf(arch), join(ROOT, 'dist'));
      console.log(`${deb}: ${(statSync(deb).size / 1e6).toFixed(1)} MB`);
    }
  } catch (error) {
    console.error(`deb.ts: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
