/** The package in trees that no systemd runs: images, chroots, containers. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaries } from '../parts/own.ts';
import { debianTree } from '../parts/sandboxes.ts';
import { ROOT, testWith } from '../parts.ts';
import { deb, repository, SOURCES, VERSION, workshop } from './debs.ts';
import { type Output, overlay, run, succeeded, type Tree } from './tree.ts';

describe('the package where no systemd runs', () => {
  let directory = '';
  let first = '';
  let apt = '';

  beforeAll(async () => {
    if (debianTree() === undefined || binaries() === undefined || !Bun.which('gpg')) return;
    directory = workshop();
    first = await deb(directory);
    apt = await repository([first], directory);
  }, 60_000);

  afterAll(() => {
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  /** A tree with the repository in it, and apt told of it. */
  async function prepared(lower: string, prepare = 'true'): Promise<Tree> {
    const tree = await overlay(lower);
    cpSync(apt, join(tree.root, 'srv/apt'), { recursive: true });
    succeeded(prepare, await tree.enter(`${SOURCES} ${prepare}`));
    return tree;
  }

  const install = (tree: Tree): Promise<Output> =>
    tree.enter('apt-get -qq update 2>&1 && apt-get -qq install edgegauge 2>&1');

  testWith(
    ['debianTree', 'binaries', 'gpg'],
    'is installed without systemd, its user too, and is purged',
    async ({ debianTree: lower }) => {
      const without = 'dpkg --purge --force-depends systemd-sysv systemd udev 2>&1';
      await using tree = await prepared(lower, without);
      expect((await tree.enter('command -v systemctl systemd-sysusers')).out).toBe('');
      succeeded('the installation', await install(tree));
      const users = (await tree.enter('getent passwd edgegauge; id -nG edgegauge')).out;
      expect(users).toMatch(/^edgegauge:.*:\/:\/usr\/sbin\/nologin\n/);
      expect(users).toMatch(/\n(?=.*\bvideo\b)(?=.*\brender\b)/);
      const files = 'stat -c "%a %U:%G" /etc/edgegauge/*.yaml';
      expect((await tree.enter(files)).out).toBe('640 root:edgegauge\n640 root:edgegauge\n');
      // The runtime finds itself by /proc, as everything that starts a container mounts it.
      succeeded('mount', await tree.enter('mount -t proc proc /proc'));
      expect((await tree.enter('edgegauge version')).out).toStartWith('edgegauge, version ');
      const config = 'edgegauge check-config /etc/edgegauge/edgegauge.yaml';
      expect((await tree.enter(config)).out).toContain('good');
      succeeded('the removal', await tree.enter('apt-get -qq purge edgegauge 2>&1'));
      expect((await tree.enter('ls -d /etc/edgegauge /usr/bin/edgegauge')).out).toBe('');
    },
  );

  testWith(
    ['debianTree', 'binaries', 'gpg'],
    'is enabled for the next boot in an image, and says when another unit stands before its own',
    async ({ debianTree: lower }) => {
      await using tree = await prepared(lower);
      succeeded('the installation', await install(tree));
      const wanted = join(tree.root, 'etc/systemd/system/multi-user.target.wants');
      expect(readdirSync(wanted)).toContain('edgegauge.service');

      const unit = '/etc/systemd/system/edgegauge.service';
      cpSync(join(ROOT, 'packaging/systemd/edgegauge.service'), join(tree.root, unit));
      const again = await tree.enter('apt-get -qq install --reinstall edgegauge 2>&1');
      expect(succeeded('the installation', again)).toContain(
        `edgegauge: ${unit} stands before the unit of this package`,
      );
    },
  );

  testWith(
    ['debianTree', 'binaries', 'gpg'],
    'is installed from outside, by dpkg --root, and touches nothing outside',
    async ({ debianTree: lower }) => {
      await using tree = await overlay(lower);
      const before = readFileSync('/etc/passwd', 'utf8');
      const dpkg = ['dpkg', `--root=${tree.root}`, '--force-script-chrootless', '--install', first];
      succeeded('dpkg', await run(dpkg));
      expect(readFileSync(join(tree.root, 'etc/passwd'), 'utf8')).toMatch(/^edgegauge:/m);
      expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
      const group = /^edgegauge:[^:]*:(\d+):/m.exec(
        readFileSync(join(tree.root, 'etc/group'), 'utf8'),
      )?.[1];
      const found = await tree.enter('stat -c "%a %g" /etc/edgegauge/web-config.yaml');
      expect(found.out).toBe(`640 ${group}\n`);
    },
  );

  testWith(
    ['debianTree', 'binaries', 'gpg'],
    'is not taken from a repository that was changed after it was signed',
    async ({ debianTree: lower }) => {
      await using tree = await prepared(lower);
      const release = join(tree.root, 'srv/apt/dists/stable/InRelease');
      const signed = readFileSync(release, 'utf8');
      writeFileSync(release, signed.replace('Label: edgegauge', 'Label: wedgegauge'));
      const forged = await install(tree);
      expect(forged.out).toContain('BADSIG');
      expect(forged.code).not.toBe(0);

      writeFileSync(release, signed);
      const pool = join(tree.root, 'srv/apt/pool/main/e/edgegauge');
      for (const name of readdirSync(pool)) appendFileSync(join(pool, name), 'x');
      const swapped = await install(tree);
      expect(swapped.out).toMatch(/unexpected size|Hash Sum mismatch/);
      expect(swapped.code).not.toBe(0);
      expect((await tree.enter('command -v edgegauge')).out).toBe('');
    },
  );

  testWith(
    ['debianTree', 'binaries', 'gpg'],
    'is found by a client that reads lists by their hash',
    async ({ debianTree: lower }) => {
      // As for who has an older Release while the repository is being replaced.
      await using tree = await prepared(lower, 'rm /srv/apt/dists/stable/main/binary-*/Packages*');
      succeeded('apt-get update', await tree.enter('apt-get -qq update 2>&1'));
      expect((await tree.enter('apt-cache policy edgegauge')).out).toContain(
        `Candidate: ${VERSION}`,
      );
    },
  );
});
