/**
 * Builds the binaries: `bun tools/build.ts [x64] [arm64]`, both when none is named, into dist/.
 *
 * Built twice from one commit, a binary has the same bytes, also from another directory. Two rules
 * keep it so: the file's own name stays the same (it is written into the file), and the modules stay
 * ES modules (as CommonJS, import.meta.url would become this machine's path).
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Arch, runtimeFor } from './runtime.ts';
import { type Stamp, stampOf } from './stamp.ts';

export interface Build {
  /** Directory with package.json and src/main.ts. */
  readonly root: string;
  readonly arch: Arch;
  /** The Bun program to build upon, see {@link runtimeFor}. */
  readonly runtime: string;
  readonly outfile: string;
  readonly stamp: Stamp;
}

/** Compiles src/main.ts to one executable. Throws, with Bun's own words, when that fails. */
export function compile({ root, arch, runtime, outfile, stamp }: Build): void {
  mkdirSync(dirname(outfile), { recursive: true });
  // The executable carries its source maps; those that are written beside it would only be shipped by mistake.
  const scratch = mkdtempSync(join(dirname(outfile), '.build-'));
  const built = join(scratch, basename(outfile));
  try {
    bundle({ root, arch, runtime, outfile: built, stamp });
    renameSync(built, outfile);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Leaves source maps beside the executable. */
function bundle({ root, arch, runtime, outfile, stamp }: Build): void {
  const child = Bun.spawnSync(
    [
      process.execPath,
      'build',
      '--compile',
      `--target=bun-linux-${arch}`,
      `--compile-executable-path=${runtime}`,
      '--format=esm',
      '--minify',
      '--bytecode',
      // What a command does not need it does not load, and its start is not worth compiling: docs/adr/0005.
      '--splitting',
      '--compile-jit-policy=10000',
      '--sourcemap',
      // Files in the directory it is started from must not configure it, let alone run in it.
      '--no-compile-autoload-dotenv',
      '--no-compile-autoload-bunfig',
      '--no-compile-autoload-tsconfig',
      '--no-compile-autoload-package-json',
      // Nor BUN_OPTIONS=--preload, and nothing here needs eval.
      '--compile-exec-argv=--disallow-code-generation-from-strings=strict',
      '--reject-unresolved',
      `--define=__EDGEGAUGE_COMMIT__=${JSON.stringify(stamp.commit)}`,
      `--define=__EDGEGAUGE_BUILD_DATE__=${JSON.stringify(stamp.date)}`,
      `--outfile=${outfile}`,
      'src/main.ts',
    ],
    { cwd: root, stderr: 'pipe' },
  );
  if (child.exitCode !== 0) throw new Error(`bun build failed:\n${child.stdout}${child.stderr}`);
}

/** Name of the binary for a processor. */
export function binaryName(arch: Arch): string {
  return `edgegauge-linux-${arch}`;
}

function isArch(word: string): word is Arch {
  return word === 'x64' || word === 'arm64';
}

/** The processors that a command line names, all when it names none. */
export function archesOf(words: readonly string[]): readonly Arch[] {
  const wrong = words.filter((word) => !isArch(word));
  if (wrong.length > 0) throw new Error(`unknown architecture: ${wrong.join(' ')}`);
  return words.length > 0 ? words.filter(isArch) : ['x64', 'arm64'];
}

async function main(words: readonly string[]): Promise<void> {
  const arches = archesOf(words);
  const root = join(import.meta.dir, '..');
  const { SOURCE_DATE_EPOCH } = process.env;
  const stamp = stampOf(root, SOURCE_DATE_EPOCH);
  for (const arch of arches) {
    const outfile = join(root, 'dist', binaryName(arch));
    compile({ root, arch, runtime: await runtimeFor(arch, root), outfile, stamp });
    console.log(`${outfile}: ${(Bun.file(outfile).size / 1e6).toFixed(1)} MB, ${stamp.commit}`);
  }
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(`build.ts: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
