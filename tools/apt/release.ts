/** The texts of an apt repository: https://wiki.debian.org/DebianRepository/Format. */

/** A .deb of the pool. */
export interface Pooled {
  /** Below the root of the repository. */
  readonly path: string;
  /** Its control file, as dpkg-deb prints it. */
  readonly control: string;
  readonly bytes: Uint8Array;
}

/** A file that Release lists. */
export interface Indexed {
  /** Below dists/SUITE. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export const hash = (algorithm: 'md5' | 'sha256' | 'sha512', bytes: Uint8Array): string =>
  new Bun.CryptoHasher(algorithm).update(bytes).digest('hex');

/** The Packages file of one architecture. */
export function packages(pool: readonly Pooled[]): string {
  return pool
    .map(({ path, control, bytes }) => {
      const found = [
        `Filename: ${path}`,
        `Size: ${bytes.length}`,
        `MD5sum: ${hash('md5', bytes)}`,
        `SHA256: ${hash('sha256', bytes)}`,
        `SHA512: ${hash('sha512', bytes)}`,
      ];
      return `${control.trimEnd()}\n${found.join('\n')}\n`;
    })
    .join('\n');
}

export interface ReleaseOptions {
  readonly suite: string;
  readonly architectures: readonly string[];
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly files: readonly Indexed[];
}

/** Release, before it is signed. By-hash lets a client that has it read the files that belong to it. */
export function release({ suite, architectures, epoch, files }: ReleaseOptions): string {
  const lines = [
    'Origin: edgegauge',
    'Label: edgegauge',
    `Suite: ${suite}`,
    `Codename: ${suite}`,
    `Date: ${new Date(epoch * 1000).toUTCString().replace('GMT', 'UTC')}`,
    `Architectures: ${architectures.join(' ')}`,
    'Components: main',
    'Description: edgegauge',
    'Acquire-By-Hash: yes',
  ];
  for (const [field, algorithm] of [
    ['MD5Sum', 'md5'],
    ['SHA256', 'sha256'],
    ['SHA512', 'sha512'],
  ] as const) {
    lines.push(`${field}:`);
    for (const { path, bytes } of files)
      lines.push(` ${hash(algorithm, bytes)} ${bytes.length} ${path}`);
  }
  return `${lines.join('\n')}\n`;
}
