/** A bill of materials of one binary, as CycloneDX 1.6 in JSON (https://cyclonedx.org/docs/1.6/json/). */
import type { Arch } from '../runtime.ts';
import type { Lock, NpmPackage } from './lock.ts';
import { runtimePackages } from './lock.ts';

export interface SbomOptions {
  readonly version: string;
  readonly arch: Arch;
  readonly lock: Lock;
  /** RFC 3339. */
  readonly date: string;
  /** SHA-256 of the Bun program that the binary is made of, and of the binary, in hex. */
  readonly runtimeSha256: string;
  readonly binarySha256: string;
}

interface Component {
  readonly type: 'application' | 'library' | 'platform';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly expression: string }[];
  readonly components?: readonly Component[];
}

/** The same options make the same bytes. */
export function sbom(options: SbomOptions): string {
  const { version, lock, date, binarySha256 } = options;
  const packages = runtimePackages(lock);
  const bun = runtime(options);
  const self: Component = {
    type: 'application',
    'bom-ref': `edgegauge@${version}`,
    name: 'edgegauge',
    version,
    hashes: [{ alg: 'SHA-256', content: binarySha256 }],
    licenses: [{ expression: 'Apache-2.0' }],
  };
  const refOf = new Map(packages.map((p) => [p.name, purl(p)]));
  const direct = Object.keys(lock.packages['']?.dependencies ?? {}).sort();
  const refs = (names: readonly string[]): string[] => names.map((name) => refOf.get(name) ?? name);
  const content = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuid(binarySha256)}`,
    version: 1,
    metadata: {
      ...(date === 'unknown' ? {} : { timestamp: date }),
      component: self,
    },
    components: [bun, ...packages.map(library)],
    dependencies: [
      { ref: self['bom-ref'], dependsOn: [bun['bom-ref'], ...refs(direct)] },
      { ref: bun['bom-ref'], dependsOn: (bun.components ?? []).map((c) => c['bom-ref']) },
      ...packages.map((p) => ({ ref: purl(p), dependsOn: refs(p.needs) })),
    ],
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function library(p: NpmPackage): Component {
  return {
    type: 'library',
    'bom-ref': purl(p),
    name: p.name,
    version: p.version,
    purl: purl(p),
    hashes: [sha512(p.integrity)],
    licenses: [{ expression: p.license }],
  };
}

function runtime({ arch, lock, runtimeSha256 }: SbomOptions): Component {
  const name = `@oven/bun-linux-${arch === 'arm64' ? 'aarch64' : 'x64'}`;
  const { version, integrity, license } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined || license === undefined) {
    throw new Error(`package-lock.json does not pin ${name}`);
  }
  const found: NpmPackage = { name, version, integrity, license, needs: [] };
  return {
    ...library(found),
    type: 'platform',
    // The hash of the program itself; that of the npm package it came in follows.
    hashes: [{ alg: 'SHA-256', content: runtimeSha256 }, sha512(integrity)],
    components: LINKED.map(([key, expression]) => {
      const linked = process.versions[key];
      return {
        type: 'library',
        'bom-ref': `bun/${key}`,
        name: key,
        ...(linked === undefined ? {} : { version: linked }),
        licenses: [{ expression }],
      };
    }),
  };
}

/** What Bun links, by its name in process.versions where it has one: the runtime says which version it has. */
const LINKED: readonly (readonly [string, string])[] = [
  ['webkit', 'LGPL-2.0-only AND BSD-2-Clause'],
  ['boringssl', 'Apache-2.0 AND ISC AND MIT'],
  ['tinycc', 'LGPL-2.1-only'],
  ['mimalloc', 'MIT'],
  ['libarchive', 'BSD-2-Clause'],
  ['picohttpparser', 'MIT'],
  ['uwebsockets', 'Apache-2.0'],
  ['usockets', 'Apache-2.0'],
  ['zlib', 'Zlib'],
  ['zstd', 'BSD-3-Clause'],
  ['lolhtml', 'BSD-3-Clause'],
  ['ares', 'MIT'],
  ['libdeflate', 'MIT'],
  ['lshpack', 'MIT'],
  ['llhttp', 'MIT'],
  ['icu', 'Unicode-3.0'],
  ['sqlite', 'blessing'],
  ['brotli', 'MIT'],
  ['simdutf', 'Apache-2.0'],
  ['highway', 'Apache-2.0'],
  ['libjpeg-turbo', 'BSD-3-Clause AND IJG AND Zlib'],
  ['libspng', 'BSD-2-Clause'],
  ['libwebp', 'BSD-3-Clause'],
  ['base64', 'BSD-2-Clause'],
];

/** https://github.com/package-url/purl-spec: the @ of a scope is written %40. */
const purl = ({ name, version }: NpmPackage): string =>
  `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

const sha512 = (integrity: string): { alg: string; content: string } => ({
  alg: 'SHA-512',
  content: Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex'),
});

/** A UUID (version 8, RFC 9562: of our own making) that stands for these bytes. */
function uuid(sha256: string): string {
  const h = `${sha256.slice(0, 12)}8${sha256.slice(13, 16)}8${sha256.slice(17, 32)}`;
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}
