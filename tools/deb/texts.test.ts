import { describe, expect, test } from 'bun:test';
import { changelog } from './changelog.ts';
import { type Lock, runtimePackages } from './lock.ts';
import { sbom } from './sbom.ts';

describe('changelog()', () => {
  const maintainer = 'Somebody <somebody@packages.invalid>';
  const options = { version: '1.1.0', maintainer, epoch: 1_700_000_000 };

  test('has what is not released as this version, and releases with their date', () => {
    const markdown = `# Changelog
## [Unreleased]
### Added
- Much, \`quoted\`.
## [1.0.0] - 2023-01-02
### Fixed
- Little.
`;
    expect(changelog({ ...options, markdown })).toBe(`edgegauge (1.1.0) stable; urgency=medium

  * Much, quoted.

 -- ${maintainer}  Tue, 14 Nov 2023 22:13:20 +0000

edgegauge (1.0.0) stable; urgency=medium

  * Little.

 -- ${maintainer}  Mon, 02 Jan 2023 00:00:00 +0000
`);
  });

  test('breaks long lines under their beginning', () => {
    const markdown = `## [Unreleased]\n- ${'word '.repeat(30).trim()}\n`;
    const lines = changelog({ ...options, markdown })
      .split('\n')
      .slice(2, 5);
    expect(lines.every((l) => l.length <= 79)).toBe(true);
    expect(lines[0]).toStartWith('  * word word');
    expect(lines[1]).toStartWith('    word word');
    expect(lines.join(' ').match(/word/g)?.length).toBe(30);
  });

  test('refuses to make a package without one', () => {
    expect(() => changelog({ ...options, markdown: '# Changelog\n## [Unreleased]\n' })).toThrow(
      'CHANGELOG.md has no entry',
    );
  });
});

const LOCK: Lock = {
  packages: {
    '': { dependencies: { a: '1.0.0' } },
    'node_modules/a': {
      version: '1.0.0',
      integrity: 'sha512-AAEC',
      license: 'MIT',
      dependencies: { '@s/b': '^2.0.0' },
    },
    'node_modules/@s/b': { version: '2.1.0', integrity: 'sha512-AwQF', license: 'ISC' },
    'node_modules/compiler': { version: '7.0.0', integrity: 'sha512-BgcI', license: 'MIT' },
    'node_modules/@oven/bun-linux-x64': {
      version: '1.0.0',
      integrity: 'sha512-CQoL',
      license: 'MIT',
    },
  },
};

describe('runtimePackages()', () => {
  test('follows dependencies, and leaves out what nothing in the binary needs', () => {
    expect(runtimePackages(LOCK).map((p) => `${p.name}@${p.version}`)).toEqual([
      '@s/b@2.1.0',
      'a@1.0.0',
    ]);
  });

  test('refuses a package that the lock file does not tell all of', () => {
    const packages = { ...LOCK.packages, 'node_modules/@s/b': { version: '2.1.0' } };
    expect(() => runtimePackages({ packages })).toThrow(
      'lacks version, license or integrity of @s/b',
    );
  });
});

describe('sbom()', () => {
  const made = sbom({
    version: '1.2.3',
    arch: 'x64',
    lock: LOCK,
    date: '2026-01-02T03:04:05Z',
    runtimeSha256: 'ab'.repeat(32),
    binarySha256: 'cd'.repeat(32),
  });
  const { serialNumber, metadata, components, dependencies } = JSON.parse(made) as {
    serialNumber: string;
    metadata: { timestamp: string };
    components: { name: string; purl: string; hashes: unknown; components?: { name: string }[] }[];
    dependencies: { ref: string; dependsOn: string[] }[];
  };

  test('names Bun with what it links, and every package with its hash', () => {
    expect(components.map((c) => c.purl)).toEqual([
      'pkg:npm/%40oven/bun-linux-x64@1.0.0',
      'pkg:npm/%40s/b@2.1.0',
      'pkg:npm/a@1.0.0',
    ]);
    expect(components[0]?.hashes).toEqual([
      { alg: 'SHA-256', content: 'ab'.repeat(32) },
      { alg: 'SHA-512', content: '090a0b' },
    ]);
    expect(components[0]?.components?.map((c) => c.name)).toContain('webkit');
    expect(metadata.timestamp).toBe('2026-01-02T03:04:05Z');
  });

  test('says who needs whom, by references that are there', () => {
    const refs = new Set(dependencies.map((d) => d.ref));
    expect(dependencies.find((d) => d.ref === 'pkg:npm/a@1.0.0')?.dependsOn).toEqual([
      'pkg:npm/%40s/b@2.1.0',
    ]);
    for (const purl of components.map((c) => c.purl)) expect([...refs]).toContain(purl);
  });

  test('has a number that stands for the binary, in the form of a UUID', () => {
    expect(serialNumber).toBe('urn:uuid:cdcdcdcd-cdcd-8dcd-8dcd-cdcdcdcdcdcd');
  });
});
