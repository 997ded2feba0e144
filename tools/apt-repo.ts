/**
 * Makes dist/apt, a signed apt repository of the packages in dist: `bun tools/apt-repo.ts`. APT_GPG_KEY names the
 * secret key, in the keyring that gpg uses (GNUPGHOME); APT_SUITE the suite, stable if not given.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildRepository, KEYRING } from './apt/repository.ts';
import { archesOf } from './build.ts';
import { debName } from './deb/package.ts';
import { packageOf } from './deb.ts';

const { APT_GPG_KEY, APT_SUITE } = process.env;

async function main(): Promise<void> {
  if (APT_GPG_KEY === undefined || APT_GPG_KEY === '') {
    throw new Error(
      'APT_GPG_KEY must name the secret key to sign with, as gpg --list-secret-keys does',
    );
  }
  const of = await Promise.all(archesOf([]).map(packageOf));
  const dist = join(import.meta.dir, '..', 'dist');
  const there = new Set(readdirSync(dist));
  const debs = of.map(debName);
  const missing = debs.filter((name) => !there.has(name));
  if (missing.length > 0) throw new Error(`dist has no ${missing.join(', ')}: make deb`);
  const directory = join(dist, 'apt');
  buildRepository({
    debs: debs.map((name) => join(dist, name)),
    directory,
    suite: APT_SUITE ?? 'stable',
    key: APT_GPG_KEY,
    epoch: of[0]?.epoch ?? 0,
  });
  console.log(
    `${directory}: ${debs.join(', ')}; signed by ${APT_GPG_KEY}, public key in ${KEYRING}`,
  );
}

try {
  await main();
} catch (error) {
  console.error(`apt-repo.ts: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
