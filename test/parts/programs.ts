/** Programs of others, which tests compare with or talk to. */
import { existsSync } from 'node:fs';
import { executable, path, UNPACKED } from './find.ts';
import { bwrap } from './sandboxes.ts';

/** Path of node_exporter 1.9 (Debian 13's package, unpacked). */
export function nodeExporter(): string | undefined {
  return executable(`${UNPACKED}/trixie/usr/bin/prometheus-node-exporter`);
}

/** Path of the Prometheus server (Debian 12's package, unpacked). */
export function prometheus(): string | undefined {
  return executable(`${UNPACKED}/bookworm/usr/bin/prometheus`);
}

/** Path of promtool, of the same package as {@link prometheus}. */
export function promtool(): string | undefined {
  return executable(`${UNPACKED}/bookworm/usr/bin/promtool`);
}

/** What starts a real llama-server (Debian's unstable suite, unpacked) on an older machine. */
export interface LlamaParts {
  /** The suite's own loader, and where its libraries are. */
  readonly loader: string;
  readonly libraries: readonly string[];
  /** Library that computes, made for every x86-64 or ARM. */
  readonly backend: string;
  readonly program: string;
}

export function llama(): LlamaParts | undefined {
  const root = `${UNPACKED}/sid/usr`;
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const library = `${root}/lib/${triplet}`;
  const cpu = process.arch === 'arm64' ? 'armv8.0_1' : 'x64';
  const parts = {
    loader:
      process.arch === 'arm64'
        ? `${root}/lib/${triplet}/ld-linux-aarch64.so.1`
        : `${root}/lib64/ld-linux-x86-64.so.2`,
    libraries: [library, `${library}/llama`],
    backend: `${library}/ggml/backends0/libggml-cpu-${cpu}.so`,
    program: `${root}/bin/llama-server`,
  };
  return [parts.loader, parts.backend, parts.program].every((file) => existsSync(file))
    ? parts
    : undefined;
}

/** A real sshd of Debian 12, unpacked, and what it needs to run. */
export interface Sshd {
  readonly sshd: string;
  readonly sftpServer: string;
  /** What all of it is below. */
  readonly root: string;
  /** Value of LD_LIBRARY_PATH. */
  readonly libraries: string;
}

/** Where it can serve root in a sandbox, and a client is here. */
export function sshd(): Sshd | undefined {
  const server = executable(`${UNPACKED}/bookworm/usr/sbin/sshd`);
  const sftpServer = executable(`${UNPACKED}/bookworm/usr/lib/openssh/sftp-server`);
  if (server === undefined || sftpServer === undefined || bwrap() === undefined) return undefined;
  if (path('ssh') === undefined || process.getuid?.() !== 0) return undefined;
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const root = `${UNPACKED}/bookworm`;
  const libraries = `${root}/usr/lib/${triplet}`;
  if (!existsSync(`${libraries}/libgssapi_krb5.so.2`)) return undefined;
  return { sshd: server, sftpServer, root, libraries };
}
