/** One .deb: deb(5), deb-control(5). The same sources make the same bytes. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Arch } from '../runtime.ts';
import type { Stamp } from '../stamp.ts';
import { CONFFILES, files, type PackageFile } from './files.ts';

export interface Package {
  /** The checkout. */
  readonly root: string;
  readonly arch: Arch;
  readonly version: string;
  /** The compiled program, and the Bun that it is made of. */
  readonly binary: string;
  readonly runtime: string;
  readonly stamp: Stamp;
  /** Time of everything in the package, in seconds since 1970. */
  readonly epoch: number;
  /** `Name <address>` */
  readonly maintainer: string;
}

/** How hard xz tries, 0 to 9; nothing below the default is for others than tests. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

const DEBIAN: Readonly<Record<Arch, string>> = { x64: 'amd64', arm64: 'arm64' };
const SCRIPTS = ['postinst', 'prerm', 'postrm'] as const;

/** `edgegauge_0.1.0_amd64.deb` */
export const debName = (of: Pick<Package, 'version' | 'arch'>): string =>
  `edgegauge_${of.version}_${DEBIAN[of.arch]}.deb`;

/** Writes the package into a directory; answers its path. Throws, with dpkg-deb's own words, when that fails. */
export function buildDeb(of: Package, directory: string, level: Level = 6): string {
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, debName(of));
  const scratch = mkdtempSync(join(directory, '.deb-'));
  try {
    const tree = join(scratch, 'tree');
    stage(of, tree);
    pack(tree, join(scratch, basename(outfile)), of.epoch, level);
    renameSync(join(scratch, basename(outfile)), outfile);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return outfile;
}

/** Modes are set one by one: the umask of whoever builds must not show. */
function stage(of: Package, tree: string): void {
  const content = files(of);
  const sums: string[] = [];
  const made = new Set<string>();
  const directory = (path: string): void => {
    if (made.has(path)) return;
    if (path !== '.') directory(dirname(path));
    mkdirSync(join(tree, path), { recursive: true });
    chmodSync(join(tree, path), 0o755);
    made.add(path);
  };
  const put = ({ path, content: bytes }: PackageFile, mode = 0o644): void => {
    directory(dirname(path));
    writeFileSync(join(tree, path), bytes);
    chmodSync(join(tree, path), mode);
  };
  directory('usr/bin');
  // Never stripped: what a strip leaves is Bun, and this program was behind its end.
  copyFileSync(of.binary, join(tree, 'usr/bin/edgegauge'));
  chmodSync(join(tree, 'usr/bin/edgegauge'), 0o755);
  for (const file of content) put(file);
  const paths = ['usr/bin/edgegauge', ...content.map((f) => f.path)].sort();
  let kibibytes = 0;
  for (const path of paths) {
    kibibytes += Math.ceil(statSync(join(tree, path)).size / 1024);
    if (CONFFILES.includes(path)) continue;
    const md5 = new Bun.CryptoHasher('md5').update(readFileSync(join(tree, path))).digest('hex');
    sums.push(`${md5}  ${path}\n`);
  }
  put({ path: 'DEBIAN/control', content: control(of, kibibytes) });
  put({ path: 'DEBIAN/md5sums', content: sums.join('') });
  const conffiles = CONFFILES.map((path) => `/${path}\n`).join('');
  put({ path: 'DEBIAN/conffiles', content: conffiles });
  for (const script of SCRIPTS) {
    const text = readFileSync(join(of.root, 'packaging/deb', script));
    put({ path: `DEBIAN/${script}`, content: text }, 0o755);
  }
}

function control(of: Package, kibibytes: number): string {
  const values: Readonly<Record<string, string>> = {
    VERSION: of.version,
    ARCHITECTURE: DEBIAN[of.arch],
    MAINTAINER: of.maintainer,
    INSTALLED_SIZE: String(kibibytes),
  };
  const template = readFileSync(join(of.root, 'packaging/deb/control'), 'utf8');
  return template.replace(/@([A-Z_]+)@/g, (mark, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`packaging/deb/control: what is ${mark}?`);
    return value;
  });
}

/** xz because Debian 11 reads no zstd. dpkg-deb sets every time that is later than the epoch to it. */
function pack(tree: string, outfile: string, epoch: number, level: Level): void {
  const options = ['--root-owner-group', '-Zxz', `-z${level}`];
  const child = Bun.spawnSync(['dpkg-deb', ...options, '--build', tree, outfile], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch), LC_ALL: 'C.UTF-8' },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  if (child.exitCode !== 0) throw new Error(`dpkg-deb failed:\n${child.stdout}${child.stderr}`);
}
