/**
 * Machines for a fleet: a real sshd for each, in a sandbox with an /etc, /usr/local, /root and /tmp of its own
 * where everything else is this machine, read-only. Each listens on a port of the loopback address, and is
 * known to ssh by its name.
 */
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { must } from '../package/tree.ts';
import type { Sshd } from '../parts/programs.ts';
import { ROOT } from '../parts.ts';

export interface Host {
  readonly name: string;
  /** A path of its /etc, /usr/local, /root or /tmp, as it is seen from here. */
  at(path: string): string;
  /** Connections so far. */
  readonly connections: number;
}

export interface Hosts extends AsyncDisposable {
  readonly directory: string;
  /** For `ssh -F`. */
  readonly config: string;
  add(name: string): Host;
}

const OWN = ['etc', 'usr/local', 'root', 'tmp'] as const;

/** Where a machine has the server, wherever the checkout is. */
const SERVER_AT = '/srv';

/** What ld.so, the shell and sshd look up. */
const ETC = ['nsswitch.conf', 'ld.so.cache', 'login.defs', 'os-release', 'localtime'];

const PASSWD = `root:x:0:0:root:/root:/bin/sh
sshd:x:100:65534::/run/sshd:/usr/sbin/nologin
alice:x:1000:1000::/tmp:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;

export async function hosts({ sshd, sftpServer, libraries }: Sshd): Promise<Hosts> {
  const parts = sshd.replace(/\/usr\/sbin\/sshd$/, '');
  const inside = (path: string): string => path.replace(parts, SERVER_AT);
  const directory = mkdtempSync(join(ROOT, '.cache', 'fleet-test-'));
  const key = await makeKey(directory);
  const config = join(directory, 'ssh_config');
  const sections: string[] = [];
  const servers: { stop(force: boolean): void }[] = [];
  const children: Bun.Subprocess[] = [];

  function add(name: string): Host {
    const root = join(directory, name);
    prepare(root, key, inside(sftpServer));
    let connections = 0;
    const sandbox = [
      ...['bwrap', '--ro-bind', '/', '/', '--die-with-parent'],
      // First: the checkout may be below one of those that follow.
      ...['--ro-bind', parts, SERVER_AT],
      ...OWN.flatMap((path) => ['--bind', join(root, path), `/${path}`]),
      ...['--tmpfs', '/run', '--perms', '0755', '--dir', '/run/sshd', '--dev', '/dev'],
      // Whatever is started there ends with its sandbox.
      ...['--unshare-pid', '--proc', '/proc', '--setenv', 'LD_LIBRARY_PATH', inside(libraries)],
    ];
    // -i: one connection, by its standard input and output.
    const argv = [...sandbox, inside(sshd), '-i', '-e', '-f', '/etc/ssh/sshd_config'];
    const server = Bun.listen<{ child: Bun.Subprocess<'pipe', 'pipe', 'ignore'> }>({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        open(socket) {
          connections++;
          const child = Bun.spawn(argv, { stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' });
          children.push(child);
          socket.data = { child };
          void pump(child.stdout, socket);
        },
        data(socket, bytes) {
          socket.data.child.stdin.write(bytes);
          void socket.data.child.stdin.flush();
        },
        close: (socket) => void socket.data?.child.stdin.end(),
      },
    });
    servers.push(server);
    sections.push(
      `Host ${name}\n  HostName 127.0.0.1\n  Port ${server.port}\n  HostKeyAlias ${name}`,
    );
    writeFileSync(
      config,
      `${sections.join('\n')}\n${clientConfig(directory)}StrictHostKeyChecking no\n`,
    );
    return {
      name,
      at: (path) => join(root, path),
      get connections() {
        return connections;
      },
    };
  }

  return {
    directory,
    config,
    add,
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) server.stop(true);
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map((child) => child.exited));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What a socket does not take at once is kept for it. */
async function pump(
  from: ReadableStream<Uint8Array>,
  to: { write(bytes: Uint8Array): number; end(): void },
): Promise<void> {
  for await (const bytes of from) {
    for (let sent = 0; sent < bytes.length; ) {
      const n = to.write(bytes.subarray(sent));
      if (n < 0) return;
      sent += n;
      if (sent < bytes.length) await Bun.sleep(1);
    }
  }
  to.end();
}

function prepare(root: string, key: string, sftpServer: string): void {
  for (const path of OWN) mkdirSync(join(root, path), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  const etc = (path: string): string => join(root, 'etc', path);
  for (const name of ETC) cpSync(`/etc/${name}`, etc(name), { dereference: true });
  writeFileSync(etc('passwd'), PASSWD);
  writeFileSync(etc('group'), 'root:x:0:\nalice:x:1000:\nnogroup:x:65534:\n');
  writeFileSync(etc('shadow'), 'root:*:19000:0:99999:7:::\nalice:*:19000:0:99999:7:::\n');
  putServer(etc('ssh'), key, sftpServer);
  for (const path of ['.', 'etc', 'etc/ssh', 'root']) chownSync(join(root, path), 0, 0);
}

/** The /etc/ssh of a server that lets root in with a key, which is its own key, too. */
export function putServer(directory: string, key: string, sftpServer: string): void {
  const at = (name: string): string => join(directory, name);
  mkdirSync(directory, { recursive: true });
  cpSync(key, at('host_key'));
  chmodSync(at('host_key'), 0o600);
  cpSync(`${key}.pub`, at('authorized_keys'));
  writeFileSync(
    at('sshd_config'),
    `HostKey /etc/ssh/host_key
AuthorizedKeysFile /etc/ssh/authorized_keys
PermitRootLogin yes
PasswordAuthentication no
UsePAM no
PidFile none
Subsystem sftp ${sftpServer}
`,
  );
}

/** What `ssh -F` is told of every machine. */
export const clientConfig = (directory: string): string => `Host *
User root
IdentityFile ${directory}/key
IdentitiesOnly yes
UserKnownHostsFile ${directory}/known_hosts
LogLevel ERROR
`;

/** A key for both sides, in a directory. */
export async function makeKey(directory: string): Promise<string> {
  const key = join(directory, 'key');
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  return key;
}
