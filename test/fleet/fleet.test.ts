/** `edgegauge fleet install` over the system's ssh to real sshd in sandboxes. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Output, run } from '../package/tree.ts';
import { binaries } from '../parts/own.ts';
import { sshd } from '../parts/programs.ts';
import { testWith } from '../parts.ts';
import { type Hosts, hosts } from './hosts.ts';
import { rows } from './rows.ts';

const NEEDED = ['sshd', 'binaries'] as const;
const BINARY = 'usr/local/bin/edgegauge';

let all: Hosts;
let program = '';

beforeAll(async () => {
  const server = sshd();
  const dist = binaries();
  if (server === undefined || dist === undefined) return;
  all = await hosts(server);
  program = join(dist, `edgegauge-linux-${process.arch}`);
});

afterAll(async () => {
  await all?.[Symbol.asyncDispose]();
});

const fleet = (...args: readonly string[]): Promise<Output> =>
  run([program, 'fleet', 'install', '--ssh-config', all.config, ...args]);

function file(name: string, text: string): string {
  const path = join(all.directory, name);
  writeFileSync(path, text);
  return path;
}

describe('fleet install', () => {
  testWith(
    NEEDED,
    'installs on several machines at once and prints what became of each',
    async () => {
      const [one, two] = [all.add('spark-1'), all.add('spark-2')];
      const { code, out, err } = await fleet('spark-1', 'spark-2');
      expect(err.split('\n').sort()).toEqual([
        '',
        expect.stringMatching(/^1\/2 spark-[12]: installed$/),
        expect.stringMatching(/^2\/2 spark-[12]: installed$/),
      ]);
      expect([...rows(out).values()].map((cells) => cells.slice(0, 2))).toEqual([
        ['spark-1', 'installed'],
        ['spark-2', 'installed'],
      ]);
      expect(code).toBe(0);
      for (const host of [one, two]) {
        expect(readFileSync(host.at(BINARY)).equals(readFileSync(program))).toBe(true);
        expect(statSync(host.at(BINARY)).mode & 0o7777).toBe(0o755);
        expect(readFileSync(host.at('etc/systemd/system/edgegauge.service'), 'utf8')).toContain(
          'ExecStart=/usr/local/bin/edgegauge serve ',
        );
        expect(readFileSync(host.at('etc/passwd'), 'utf8')).toMatch(/^edgegauge:.*nologin$/m);
        // Nothing is left behind.
        expect(readdirSync(host.at('tmp'))).toEqual([]);
      }
    },
  );

  testWith(NEEDED, 'does not copy a program that is there, and brings configuration', async () => {
    const host = all.add('spark-3');
    await fleet('spark-3');
    const { ino } = statSync(host.at(BINARY));
    const before = host.connections;
    const config = file('fleet.yaml', 'dialects: [node]\n');
    mkdirSync(join(all.directory, 'tls'));
    const tls = ['tls/a.crt', 'tls/a.key'].map((name) => join(all.directory, name));
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const out = ['-keyout', tls[1] as string, '-out', tls[0] as string];
    await run(['openssl', 'req', '-x509', ...key, '-subj', '/CN=a', ...out]);
    const web = file(
      'fleet-web.yaml',
      'tls_server_config: { cert_file: tls/a.crt, key_file: tls/a.key }\n',
    );
    const again = await fleet('spark-3', `--config=${config}`, `--web.config.file=${web}`);
    expect(rows(again.out).get('spark-3')?.[1]).toBe('unchanged');
    // To look, to copy the configuration, to install.
    expect(host.connections - before).toBe(3);
    expect(statSync(host.at(BINARY)).ino).toBe(ino);
    expect(readFileSync(host.at('etc/edgegauge/edgegauge.yaml'), 'utf8')).toBe(
      'dialects: [node]\n',
    );
    expect(readFileSync(host.at('etc/edgegauge/tls/a.key'), 'utf8')).toContain('PRIVATE KEY');
    expect(statSync(host.at('etc/edgegauge/tls/a.key')).mode & 0o777).toBe(0o640);
    expect(readdirSync(host.at('tmp'))).toEqual([]);
  });

  testWith(NEEDED, 'upgrades what is older', async () => {
    const host = all.add('spark-4');
    mkdirSync(host.at('usr/local/bin'));
    writeFileSync(host.at(BINARY), '#!/bin/sh\n');
    expect(rows((await fleet('spark-4')).out).get('spark-4')?.[1]).toBe('upgraded');
  });

  testWith(NEEDED, 'goes on where one fails, says why, and ends with 1', async () => {
    all.add('spark-5');
    const closed = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const port = closed.port;
    closed.stop(true);
    const gone = `Host gone\n  HostName 127.0.0.1\n  Port ${port}\n`;
    writeFileSync(all.config, `${gone}${readFileSync(all.config, 'utf8')}`);
    const { code, out } = await fleet('gone', 'spark-5', '--parallel=1');
    const table = rows(out);
    // Last, where it is seen.
    expect([...table.keys()]).toEqual(['spark-5', 'gone']);
    expect(table.get('spark-5')?.[1]).toBe('installed');
    expect(table.get('gone')?.slice(1)).toEqual([
      'failed',
      expect.any(String),
      expect.stringContaining('Connection refused'),
    ]);
    expect(code).toBe(1);
  });

  testWith(NEEDED, 'asks sudo for who is not root, without a password', async () => {
    const host = all.add('spark-6');
    const sudo = host.at('usr/local/bin/sudo');
    mkdirSync(host.at('usr/local/bin'));
    // As sudo answers who would have to type one.
    writeFileSync(sudo, '#!/bin/sh\necho "sudo: a password is required for $*" >&2\nexit 1\n');
    chmodSync(sudo, 0o755);
    const { code, out } = await fleet('spark-6', '--user=alice');
    expect(out).toMatch(/failed .*sudo: a password is required for -n \/tmp\/edgegauge\.\w+\/edge/);
    expect(code).toBe(1);
    expect(readdirSync(host.at('tmp'))).toEqual([]);
  });

  testWith(NEEDED, 'takes the program for the machine’s own processor', async () => {
    const arm = all.add('arm');
    const risc = all.add('risc');
    for (const [host, machine] of [
      [arm, 'aarch64'],
      [risc, 'riscv64'],
    ] as const) {
      mkdirSync(host.at('usr/local/bin'));
      writeFileSync(host.at('usr/local/bin/uname'), `#!/bin/sh\necho ${machine}\n`);
      chmodSync(host.at('usr/local/bin/uname'), 0o755);
    }
    const directory = join(all.directory, 'programs');
    mkdirSync(directory);
    const fake = join(directory, 'edgegauge-linux-arm64');
    const lines = ['/usr/local/bin/edgegauge: new', 'ready: http://arm:9835/metrics'];
    writeFileSync(
      fake,
      `#!/bin/sh\necho "$*" >/root/asked\nprintf '%s\\n' '${lines.join("' '")}'\n`,
    );
    chmodSync(fake, 0o755);
    const { code, out } = await fleet('arm', 'risc', `--binary-dir=${directory}`, '--attribution');
    const table = rows(out);
    expect(table.get('arm')?.slice(1)).toEqual([
      'installed',
      expect.any(String),
      'ready: http://arm:9835/metrics',
    ]);
    expect(readFileSync(arm.at('root/asked'), 'utf8')).toBe('install --attribution\n');
    expect(table.get('risc')?.at(-1)).toBe('there is no edgegauge for riscv64');
    expect(existsSync(risc.at(BINARY))).toBe(false);
    expect(readdirSync(risc.at('tmp'))).toEqual([]);
    expect(code).toBe(1);
  });

  testWith(NEEDED, 'asks no machine when the configuration is wrong', async () => {
    const host = all.add('spark-7');
    const config = file('wrong.yaml', 'dialects: [klingon]\n');
    const { code, out, err } = await fleet('spark-7', `--config=${config}`);
    expect(err).toContain('wrong.yaml:1:11: dialects: ');
    expect([out, code, host.connections]).toEqual(['', 1, 0]);
  });

  testWith(NEEDED, 'takes no option of ssh for a machine', async () => {
    const { code, err } = await fleet('--', '-oProxyCommand=touch /tmp/pwned');
    expect(err).toBe('edgegauge: "-oProxyCommand=touch /tmp/pwned" is not a host for ssh\n');
    expect(code).toBe(1);
  });
});

describe('install where no systemd runs', () => {
  testWith(NEEDED, 'says what was not done, and how it is started', async () => {
    const host = all.add('plain');
    const ssh = ['ssh', '-F', all.config, 'plain'];
    cpSync(program, host.at('root/edgegauge'));
    const { code, out } = await run([...ssh, '/root/edgegauge install']);
    expect(code).toBe(0);
    expect(out).toContain(
      'edgegauge.service: enabled for the next boot by systemd; NOT started, because systemd does not run here\n',
    );
    const command = /^start it without systemd: (.*)$/m.exec(out)?.[1];
    const free = '--web.listen-address=127.0.0.1:0';
    const child = Bun.spawn([...ssh, '-tt', `${command} ${free}`], {
      stdin: 'ignore',
      stdout: 'pipe',
    });
    let log = '';
    for await (const bytes of child.stdout) {
      log += new TextDecoder().decode(bytes);
      if (log.includes('msg=listening')) break;
    }
    child.kill();
    await child.exited;
    expect(log).toContain('msg=listening address=127.0.0.1:');

    const removed = await run([...ssh, '/usr/local/bin/edgegauge uninstall --purge']);
    expect(removed.out).toContain('user edgegauge: removed');
    expect(existsSync(host.at(BINARY))).toBe(false);
    expect(existsSync(host.at('etc/edgegauge'))).toBe(false);
    expect(readFileSync(host.at('etc/passwd'), 'utf8')).not.toContain('edgegauge');
    expect(readdirSync(host.at('etc/systemd/system'))).toEqual(['multi-user.target.wants']);
  });
});
