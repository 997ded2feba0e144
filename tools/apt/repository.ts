/** A static, signed apt repository out of .deb files. */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hash, type Indexed, type Pooled, packages, release } from './release.ts';

export interface Repository {
  readonly debs: readonly string[];
  /** Replaced as a whole. */
  readonly directory: string;
  readonly suite: string;
  /** Names a secret key of the user's keyring: a fingerprint, or an address. */
  readonly key: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Where gpg has its keys; otherwise where it looks by itself. */
  readonly gnupgHome?: string;
}

export const KEYRING = 'edgegauge-archive-keyring.gpg';

/** Throws, with gpg's own words, when it cannot sign; what was there before stays then. */
export function buildRepository(repository: Repository): void {
  const { directory } = repository;
  const next = `${directory}.new`;
  rmSync(next, { recursive: true, force: true });
  try {
    write(repository, next);
    rmSync(directory, { recursive: true, force: true });
    renameSync(next, directory);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

function write({ debs, suite, key, epoch, gnupgHome }: Repository, next: string): void {
  const put = (path: string, bytes: string | Uint8Array): void => {
    mkdirSync(dirname(join(next, path)), { recursive: true });
    writeFileSync(join(next, path), bytes);
  };
  const pool = debs.map((deb) => pooled(deb, next));
  const architectures = [...new Set(pool.map(architectureOf))].sort();
  const files: Indexed[] = [];
  const at = `dists/${suite}`;
  for (const architecture of architectures) {
    const text = packages(pool.filter((p) => architectureOf(p) === architecture));
    const plain = new TextEncoder().encode(text);
    for (const [name, bytes] of [
      ['Packages', plain],
      ['Packages.gz', Bun.gzipSync(plain, { level: 9 })],
    ] as const) {
      const folder = `main/binary-${architecture}`;
      files.push({ path: `${folder}/${name}`, bytes });
      put(`${at}/${folder}/${name}`, bytes);
      for (const [field, algorithm] of [
        ['MD5Sum', 'md5'],
        ['SHA256', 'sha256'],
        ['SHA512', 'sha512'],
      ] as const) {
        put(`${at}/${folder}/by-hash/${field}/${hash(algorithm, bytes)}`, bytes);
      }
    }
  }
  const text = release({ suite, architectures, epoch, files });
  put(`${at}/Release`, text);
  const gpg = ['gpg', '--batch', '--quiet'];
  if (gnupgHome !== undefined) gpg.push('--homedir', gnupgHome);
  const sign = [...gpg, '--local-user', key, '--digest-algo', 'SHA512'];
  put(`${at}/InRelease`, run([...sign, '--clearsign'], text));
  put(`${at}/Release.gpg`, run([...sign, '--armor', '--detach-sign'], text));
  put(KEYRING, run([...gpg, '--export', key], ''));
}

function pooled(deb: string, root: string): Pooled {
  const path = `pool/main/e/edgegauge/${basename(deb)}`;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  copyFileSync(deb, join(root, path));
  const control = run(['dpkg-deb', '--field', deb], '').toString();
  return { path, control, bytes: readFileSync(deb) };
}

function architectureOf({ path, control }: Pooled): string {
  const found = /^Architecture: (\S+)$/m.exec(control)?.[1];
  if (found === undefined) throw new Error(`${path} names no architecture`);
  return found;
}

function run(command: readonly string[], input: string | Uint8Array): Buffer {
  const stdin = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  const child = Bun.spawnSync([...command], { stdin, stderr: 'pipe' });
  if (child.exitCode === 0) return child.stdout;
  throw new Error(`${command.join(' ')} failed:\n${child.stderr}`);
}
