import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';

/** Processor of a Linux (glibc) binary, as Bun's targets name it. */
export type Arch = 'x64' | 'arm64';

interface Lock {
  readonly packages: Readonly<Record<string, { version?: string; integrity?: string }>>;
}

/**
 * Path of the Bun runtime that a binary for `arch` is made of. This machine's own is the one that
 * runs this program; the other one is the npm package that package-lock.json pins by version and
 * hash, fetched once into .cache. Left to itself, `bun build` would download it unpinned.
 */
export async function runtimeFor(arch: Arch, root: string): Promise<string> {
  const name = `@oven/bun-linux-${arch === 'arm64' ? 'aarch64' : 'x64'}`;
  const lock: Lock = await Bun.file(join(root, 'package-lock.json')).json();
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) {
    throw new Error(`package-lock.json does not pin ${name}`);
  }
  if (Bun.version !== version) {
    throw new Error(`this is Bun ${Bun.version}, package-lock.json pins ${version}: make setup`);
  }
  // The package of this machine is a directory only: bun's postinstall moved its program away.
  if (process.arch === arch && existsSync(join(root, 'node_modules', name))) {
    return process.execPath;
  }
  const file = join(root, '.cache', 'runtime', `${name.slice('@oven/'.length)}-${version}`);
  if (!existsSync(file)) await fetchRuntime(`${name}@${version}`, integrity, file, root);
  return file;
}

/** Only a verified file ever gets the name `file`, also when two builds fetch at the same time. */
async function fetchRuntime(spec: string, integrity: string, file: string, root: string) {
  const parent = join(file, '..');
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, 'fetch-'));
  try {
    run(['npm', 'pack', spec, '--pack-destination', dir], root);
    const tarball = join(dir, readdirSync(dir).find((name) => name.endsWith('.tgz')) ?? '');
    await verify(tarball, integrity, spec);
    run(['tar', '-xzf', tarball, '-C', dir, 'package/bin/bun'], root);
    const unpacked = join(dir, 'package', 'bin', 'bun');
    chmodSync(unpacked, 0o755);
    renameSync(unpacked, file);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Throws unless a file has the hash that an npm `integrity` (`sha512-<base64>`) asks for. */
export async function verify(file: string, integrity: string, what: string): Promise<void> {
  if (!integrity.startsWith('sha512-')) throw new Error(`${what}: not a sha512: ${integrity}`);
  const hash = new Bun.CryptoHasher('sha512').update(await Bun.file(file).bytes());
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== integrity) throw new Error(`${what} has ${found}, package-lock.json ${integrity}`);
}

/** Standard output of a program; throws, with its error output, when it fails. */
function run(command: readonly string[], cwd: string): string {
  const child = Bun.spawnSync([...command], { cwd, stderr: 'pipe' });
  if (child.exitCode === 0) return child.stdout.toString();
  throw new Error(`${command.join(' ')} failed:\n${child.stderr}`);
}
