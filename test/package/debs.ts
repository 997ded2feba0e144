/** Packages of this checkout for tests: packed for speed, not for size. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buildRepository } from '../../tools/apt/repository.ts';
import { buildDeb } from '../../tools/deb/package.ts';
import { packageOf } from '../../tools/deb.ts';
import { ROOT } from '../parts.ts';
import { must } from './tree.ts';

export const VERSION: string = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
).version;

/** A directory for large files. Not below /tmp: that may be memory. */
export function workshop(): string {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  return mkdtempSync(join(ROOT, '.cache', 'package-test-'));
}

/** The package of this machine's processor. */
export async function deb(directory: string): Promise<string> {
  return buildDeb(await packageOf(process.arch === 'arm64' ? 'arm64' : 'x64'), directory, 0);
}

/** The same package as a later version, which brings another edgegauge.yaml. */
export async function later(of: string, version: string, directory: string): Promise<string> {
  const tree = join(directory, `tree-${version}`);
  await must(['dpkg-deb', '--raw-extract', of, tree]);
  const control = join(tree, 'DEBIAN/control');
  const text = readFileSync(control, 'utf8');
  writeFileSync(control, text.replace(/^Version: .*$/m, `Version: ${version}`));
  appendFileSync(join(tree, 'etc/edgegauge/edgegauge.yaml'), '\n# Of a later version.\n');
  await must(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, directory]);
  rmSync(tree, { recursive: true });
  const [arch] = (await must(['dpkg-deb', '--field', of, 'Architecture'])).trim().split('\n');
  return join(directory, `edgegauge_${version}_${arch}.deb`);
}

/** A signed repository of packages at `directory/apt`, by a key of its own. */
export async function repository(debs: readonly string[], directory: string): Promise<string> {
  await using key = await signingKey(directory);
  const at = join(directory, 'apt');
  buildRepository({
    debs,
    directory: at,
    suite: 'stable',
    key: key.name,
    epoch: 1_700_000_000,
    gnupgHome: key.home,
  });
  return at;
}

interface Key extends AsyncDisposable {
  readonly name: string;
  readonly home: string;
}

async function signingKey(directory: string): Promise<Key> {
  const home = mkdtempSync(join(directory, 'gnupg-'));
  const name = 'edgegauge test <test@packages.invalid>';
  const make = [
    '--batch',
    '--passphrase',
    '',
    '--quick-generate-key',
    name,
    'ed25519',
    'sign',
    '1d',
  ];
  await must(['gpg', '--homedir', home, '--quiet', ...make]);
  return {
    name: 'test@packages.invalid',
    home,
    [Symbol.asyncDispose]: async () => {
      // The agent that gpg started ends with its directory only after a while.
      await must(['gpgconf', '--homedir', home, '--kill', 'all']);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Shell lines that make apt know a repository at /srv/apt, and nothing else; it asks nobody, it keeps what was edited. */
export const SOURCES = `mkdir -p /etc/apt/keyrings
echo 'Dpkg::Options { "--force-confold"; };' >/etc/apt/apt.conf.d/90edited
cp /srv/apt/edgegauge-archive-keyring.gpg /etc/apt/keyrings/
cat >/etc/apt/sources.list.d/edgegauge.sources <<'END'
Types: deb
URIs: file:/srv/apt
Suites: stable
Components: main
Signed-By: /etc/apt/keyrings/edgegauge-archive-keyring.gpg
END
`;
