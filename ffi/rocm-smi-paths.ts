/** What librocm_smi64 is called and where it is: for who opens it, and for who only looks whether it is there. */
import { readdirSync } from 'node:fs';

/** By the major version of its packages: 7, 6 and 5 of ROCm's own, 1 of Debian's. */
const SONAMES: readonly string[] = [7, 6, 5, 1].map((major) => `librocm_smi64.so.${major}`);

/** Where distributions put it. */
const DIRECTORIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];

/** `/opt/rocm` is a link to the one that is meant to be used; beside it `/opt/rocm-6.2.4` and its like. */
const OPT = '/opt';

/** Where it may be when the loader does not find it, what is meant to be used first. */
export function rocmSmiFiles(): string[] {
  const directories = [`${OPT}/rocm/lib`, ...releases(), ...DIRECTORIES];
  return directories.flatMap((each) => SONAMES.map((soname) => `${each}/${soname}`));
}

/** What to try, in this order. */
export const rocmSmiCandidates = (): string[] => [...SONAMES, ...rocmSmiFiles()];

/** ROCm's releases side by side, the newest first. */
function releases(): string[] {
  const newestFirst = new Intl.Collator('en', { numeric: true });
  try {
    return readdirSync(OPT)
      .filter((name) => /^rocm-\d[\d.]*$/.test(name))
      .sort((a, b) => newestFirst.compare(b, a))
      .map((name) => `${OPT}/${name}/lib`);
  } catch {
    return [];
  }
}
