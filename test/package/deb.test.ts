/** What is in the packages, and that they are what dpkg, lintian and a second build expect. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { buildDeb } from '../../tools/deb/package.ts';
import { packageOf } from '../../tools/deb.ts';
import { binaries } from '../parts/own.ts';
import { ROOT, testWith } from '../parts.ts';
import { VERSION, workshop } from './debs.ts';
import { must, run } from './tree.ts';

describe('the package', () => {
  let directory = '';
  let amd64 = '';
  /** Where it is unpacked. */
  let tree = '';

  beforeAll(async () => {
    if (binaries() === undefined || !Bun.which('dpkg-deb')) return;
    directory = workshop();
    amd64 = buildDeb(await packageOf('x64'), directory, 0);
    tree = join(directory, 'tree');
    await must(['dpkg-deb', '--extract', amd64, tree]);
  }, 60_000);

  afterAll(() => {
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  const at = (path: string): string => join(tree, path);
  const text = (path: string): string => readFileSync(at(path), 'utf8');

  testWith(
    ['binaries', 'debTools'],
    'has the binary as it was built, not stripped',
    ({ binaries: dist }) => {
      const built = readFileSync(join(dist, 'edgegauge-linux-x64'));
      expect(readFileSync(at('usr/bin/edgegauge')).equals(built)).toBe(true);
    },
  );

  testWith(
    ['binaries', 'debTools'],
    'has the same bytes when it is built again, by somebody else',
    async () => {
      const umask = process.umask(0o077);
      try {
        const of = await packageOf('x64');
        const now = new Date();
        // A checkout that was just made, and a build that was just done.
        utimesSync(of.binary, now, now);
        const again = buildDeb(of, join(directory, 'again'), 0);
        expect(readFileSync(again).equals(readFileSync(amd64))).toBe(true);
      } finally {
        process.umask(umask);
      }
    },
  );

  testWith(['binaries', 'debTools'], 'satisfies lintian', async ({ debTools }) => {
    // Not --fail-on: with --show-overrides it counts what is overridden.
    const { out } = await run([debTools, '--no-cfg', '--allow-root', '--show-overrides', amd64]);
    console.log(out.trim());
    expect(out.split('\n').filter((line) => /^[EW]:/.test(line))).toEqual([]);
    // Each override has its reason in the package, and is needed.
    expect(out.match(/^O: /gm)?.length).toBe(4);
  });

  testWith(
    ['binaries', 'debTools'],
    'says what it is, and which files an administrator edits',
    async () => {
      const field = (name: string): Promise<string> => must(['dpkg-deb', '--field', amd64, name]);
      expect(await field('Version')).toBe(`${VERSION}\n`);
      expect(await field('Architecture')).toBe('amd64\n');
      const size = Number(await field('Installed-Size'));
      expect(size).toBeGreaterThan(90_000);
      expect(await must(['dpkg-deb', '--info', amd64, 'conffiles'])).toBe(
        '/etc/default/edgegauge\n/etc/edgegauge/edgegauge.yaml\n/etc/edgegauge/web-config.yaml\n',
      );
      const owners = await must(['dpkg-deb', '--contents', amd64]);
      for (const line of owners.trimEnd().split('\n')) expect(line).toContain(' root/root ');
    },
  );

  testWith(['binaries', 'debTools'], 'has a changelog that dpkg reads', async () => {
    const file = at('usr/share/doc/edgegauge/changelog.gz');
    const plain = join(directory, 'changelog');
    await Bun.write(plain, Bun.gunzipSync(readFileSync(file)));
    const said = await must(['dpkg-parsechangelog', '--file', plain]);
    expect(said).toContain(`Version: ${VERSION}\n`);
    expect(said).toContain('Source: edgegauge\n');
  });

  testWith(['binaries', 'debTools'], 'names the licence of everything in the binary', () => {
    const copyright = text('usr/share/doc/edgegauge/copyright');
    for (const name of ['hono', 'yaml', 'WebKit', 'boringssl', 'tinycc', 'mimalloc', 'icu']) {
      expect(copyright).toMatch(new RegExp(`^Files: .*/${name}/\\*`, 'm'));
    }
    const used = [...copyright.matchAll(/^License: (.+)$/gm)].flatMap(([, name = '']) =>
      name.split(' and '),
    );
    for (const name of used) expect(copyright).toMatch(new RegExp(`\n\nLicense: ${name}\n `));
  });

  testWith(['binaries', 'debTools'], 'has a bill of materials with Bun and its checksum', () => {
    const sbom = JSON.parse(text('usr/share/doc/edgegauge/sbom.cdx.json')) as {
      specVersion: string;
      metadata: { component: { hashes: { content: string }[] } };
      components: { name: string; version: string; hashes: { alg: string; content: string }[] }[];
    };
    expect(sbom.specVersion).toBe('1.6');
    const sha256 = (path: string): string =>
      new Bun.CryptoHasher('sha256').update(readFileSync(path)).digest('hex');
    expect(sbom.metadata.component.hashes[0]?.content).toBe(sha256(at('usr/bin/edgegauge')));
    const bun = sbom.components.find((c) => c.name === '@oven/bun-linux-x64');
    expect(bun?.version).toBe(Bun.version);
    if (process.arch === 'x64') {
      expect(bun?.hashes[0]).toEqual({ alg: 'SHA-256', content: sha256(process.execPath) });
    }
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const [name, pinned] of Object.entries(dependencies)) {
      expect(sbom.components.find((c) => c.name === name)?.version).toBe(pinned);
    }
    expect(sbom.components.map((c) => c.name)).not.toContain('typescript');
  });

  testWith(
    ['binaries', 'debTools', 'qemuArm64'],
    'for arm64 has an arm64 program that runs',
    async ({ qemuArm64 }) => {
      const other = buildDeb(await packageOf('arm64'), directory, 0);
      expect(await must(['dpkg-deb', '--field', other, 'Architecture'])).toBe('arm64\n');
      const unpacked = join(directory, 'arm64');
      await must(['dpkg-deb', '--extract', other, unpacked]);
      const program = [qemuArm64.qemu, '-L', qemuArm64.prefix, join(unpacked, 'usr/bin/edgegauge')];
      expect(await must([...program, 'version'])).toMatch(/linux\/arm64\)\n$/);
      const config = join(unpacked, 'etc/edgegauge/edgegauge.yaml');
      expect(await must([...program, 'check-config', config])).toContain('good');
      expect(existsSync(join(unpacked, 'usr/lib/systemd/system/edgegauge.service'))).toBe(true);
    },
  );
});
