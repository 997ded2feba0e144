/** `edgegauge install` into trees in which no systemd runs: from outside, and within by chroot. */
import { describe, expect } from 'bun:test';
import { cpSync, existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testWith } from '../parts.ts';
import { must, overlay, run, succeeded } from './tree.ts';

const WANTED = 'etc/systemd/system/multi-user.target.wants/edgegauge.service';

describe('edgegauge install into a tree', () => {
  testWith(
    ['debianTree', 'binaries'],
    'from outside by --root: enabled, not started, nothing outside touched, and undone',
    async ({ debianTree: lower, binaries: dist }) => {
      await using tree = await overlay(lower);
      const program = join(dist, `edgegauge-linux-${process.arch}`);
      const before = readFileSync('/etc/passwd', 'utf8');
      const said = await must([program, 'install', `--root=${tree.root}`]);
      expect(said).toContain(`NOT started, because ${tree.root} is not this machine\n`);
      expect(readlinkSync(join(tree.root, WANTED))).toBe('/etc/systemd/system/edgegauge.service');
      expect((await tree.enter('systemctl is-enabled edgegauge')).out).toBe('enabled\n');
      expect((await tree.enter("stat -c '%a %U:%G' /etc/edgegauge/web-config.yaml")).out).toBe(
        '640 root:edgegauge\n',
      );
      expect((await tree.enter('id -nG edgegauge')).out).toMatch(/^(?=.*video)(?=.*render)/);
      expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
      expect(existsSync('/etc/edgegauge')).toBe(false);

      await must([program, 'uninstall', '--purge', `--root=${tree.root}`]);
      expect((await tree.enter('getent passwd edgegauge')).out).toBe('');
      const found = await must(['find', tree.root, '-xdev', '-iname', '*edgegauge*']);
      expect(found).toBe('');
      expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
    },
  );

  testWith(
    ['debianTree', 'binaries'],
    'within one that has no systemd at all, with a user of its own, and undone',
    async ({ debianTree: lower, binaries: dist }) => {
      await using tree = await overlay(lower);
      const purge = 'dpkg --purge --force-depends systemd-sysv systemd udev 2>&1';
      succeeded(purge, await tree.enter(purge));
      succeeded('mount', await tree.enter('mount -t proc proc /proc'));
      cpSync(join(dist, `edgegauge-linux-${process.arch}`), join(tree.root, 'srv/edgegauge'));
      const said = succeeded('the installation', await tree.enter('/srv/edgegauge install'));
      expect(said).toContain('user edgegauge: new\n');
      expect(said).toContain('NOT started, because systemd does not run here\n');
      expect(said).toContain('start it without systemd: /usr/local/bin/edgegauge serve ');
      expect((await tree.enter('getent passwd edgegauge; id -nG edgegauge')).out).toMatch(
        /^edgegauge:.*:\/:\/usr\/sbin\/nologin\n(?=.*video)(?=.*render)/,
      );
      succeeded('the removal', await tree.enter('/srv/edgegauge uninstall --purge'));
      expect((await tree.enter('getent passwd edgegauge; getent group edgegauge')).out).toBe('');
    },
  );

  testWith(
    ['debianTree', 'binaries'],
    'refuses what is no tree of a system, and one that somebody else has put edgegauge in',
    async ({ debianTree: lower, binaries: dist }) => {
      await using tree = await overlay(lower);
      const program = join(dist, `edgegauge-linux-${process.arch}`);
      const into = (root: string) => run([program, 'install', `--root=${root}`]);
      expect((await into(join(tree.root, 'srv'))).err).toBe(
        `edgegauge: ${tree.root}/srv has no /etc: it is not the tree of a system\n`,
      );
      writeFileSync(join(tree.root, 'usr/bin/edgegauge'), '');
      expect((await into(tree.root)).err).toStartWith(
        'edgegauge: the package edgegauge is installed here: ',
      );
      expect(existsSync(join(tree.root, 'usr/local/bin/edgegauge'))).toBe(false);
    },
  );
});
