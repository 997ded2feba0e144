/**
 * The real programs that tests compare with, and what becomes of a test when one is not here.
 *
 * tools/setup-debian.sh brings all of them. Where it could not (no root, not Debian), a test that
 * needs a missing one is skipped with one line that says so; with CI=true it fails, because a run
 * that silently tests less than it claims is worse than a red one.
 */
import { test } from 'bun:test';
import { arm64Cc, cc, qemuArm64 } from './parts/compilers.ts';
import { path } from './parts/find.ts';
import { nvmlHeader, nvmlLibrary, rocmHeader, rocmSmi5, rocmTree } from './parts/libraries.ts';
import { binaries, packaged } from './parts/own.ts';
import { llama, nodeExporter, prometheus, promtool, sshd } from './parts/programs.ts';
import { bwrap, debianTree, fuse, nobody, nspawn } from './parts/sandboxes.ts';

export { ROOT } from './parts/find.ts';

const { CI } = process.env;

const PARTS = {
  llama: { find: llama, what: 'llama.cpp-tools of sid is not unpacked' },
  nodeExporter: { find: nodeExporter, what: 'prometheus-node-exporter of trixie is not unpacked' },
  prometheus: { find: prometheus, what: 'prometheus of bookworm is not unpacked' },
  promtool: { find: promtool, what: 'promtool (prometheus of bookworm) is not unpacked' },
  qemuArm64: { find: qemuArm64, what: 'qemu-user-static or libc6:arm64 is missing' },
  cc: { find: cc, what: 'gcc or libc6-dev is missing' },
  arm64Cc: {
    find: arm64Cc,
    what: 'gcc-aarch64-linux-gnu, libc6-dev-arm64-cross or qemu-user-static is missing',
  },
  nvmlHeader: { find: nvmlHeader, what: 'libnvidia-ml-dev of trixie is not unpacked' },
  nvmlLibrary: { find: nvmlLibrary, what: 'libnvidia-ml1 of trixie is not unpacked' },
  rocmSmi5: { find: rocmSmi5, what: 'librocm-smi64-1 of bookworm is not unpacked' },
  rocmSmi6: {
    find: rocmTree('rocm6'),
    what: 'librocm-smi64-1 of trixie (6.1.2), or its libc6, libstdc++6 or libgcc-s1, is not unpacked',
  },
  rocmSmi64: {
    find: rocmTree('rocm64'),
    what: 'librocm-smi64-1 of sid (6.4.1), or its libc6, libstdc++6 or libgcc-s1, is not unpacked',
  },
  rocmHeader5: {
    find: rocmHeader('bookworm'),
    what: 'librocm-smi-dev of bookworm is not unpacked',
  },
  rocmHeader6: { find: rocmHeader('rocm6'), what: 'librocm-smi-dev of trixie is not unpacked' },
  rocmHeader64: { find: rocmHeader('rocm64'), what: 'librocm-smi-dev of sid is not unpacked' },
  fuse: { find: fuse, what: 'libfuse3-dev, fuse3 or a /dev/fuse that may be mounted is missing' },
  debianTree: { find: debianTree, what: 'no tree of Debian 12 is made, or nothing may be mounted' },
  nspawn: { find: nspawn, what: 'systemd-nspawn, or what it needs, is missing' },
  binaries: { find: binaries, what: 'dist has no binaries (make build)' },
  packaged: {
    find: packaged,
    what: 'dist has no x64 program that knows every flag of edgegauge.service (make build)',
  },
  debTools: {
    find: () => (path('dpkg-deb') === undefined ? undefined : path('lintian')),
    what: 'dpkg-deb or lintian is missing',
  },
  curl: { find: () => path('curl'), what: 'curl is missing' },
  openssl: { find: () => path('openssl'), what: 'openssl is missing' },
  gpg: { find: () => path('gpg'), what: 'gpg is missing' },
  groff: { find: () => path('groff'), what: 'groff is missing' },
  zsh: { find: () => path('zsh'), what: 'zsh is missing' },
  fish: { find: () => path('fish'), what: 'fish is missing' },
  systemdAnalyze: { find: () => path('systemd-analyze'), what: 'systemd-analyze is missing' },
  nobody: { find: nobody, what: 'this is not root, or setpriv (util-linux) is missing' },
  sshd: {
    find: sshd,
    what: 'openssh-server of bookworm or a library of it is not unpacked, ssh or bubblewrap is missing, or this is not root',
  },
  bwrap: { find: bwrap, what: 'bubblewrap is missing, or namespaces are forbidden' },
} as const;

/** Name of a part that {@link testWith} can ask for. */
export type PartName = keyof typeof PARTS;

/** What a test that asked for some parts is given. */
export type Found<N extends PartName> = {
  readonly [K in N]: NonNullable<ReturnType<(typeof PARTS)[K]['find']>>;
};

/**
 * `test(name, body)` for a test that needs real parts, which its body is given:
 * `testWith(['promtool'], 'promtool accepts the page', ({ promtool }) => …)`.
 */
export function testWith<const N extends PartName>(
  names: readonly N[],
  name: string,
  body: (found: Found<N>) => void | Promise<void>,
  timeout?: number,
): void {
  const parts = new Map(names.map((part) => [part, PARTS[part].find()]));
  const missing = names.filter((part) => parts.get(part) === undefined);
  const found = missing.length === 0 ? (Object.fromEntries(parts) as Found<N>) : undefined;
  needs(name, found, missing.map((part) => PARTS[part].what).join('; '), body, timeout);
}

/**
 * `test(name, body)` for a test that needs something else of the machine (root, a kernel feature):
 * `found` is handed to the body; when it is undefined, `reason` says what is missing.
 */
export function needs<T>(
  name: string,
  found: T | undefined,
  reason: string,
  body: (found: T) => void | Promise<void>,
  timeout?: number,
): void {
  if (found !== undefined) {
    test(name, () => body(found), timeout);
  } else if (CI === 'true') {
    test(name, () => {
      throw new Error(`missing: ${reason}`);
    });
  } else {
    console.log(`skipped: ${name}: ${reason}`);
    test.skip(name, () => {});
  }
}
