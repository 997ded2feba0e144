/** A web configuration and its certificates change while clients are connected. */
import { describe, expect, test } from 'bun:test';
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type ConnectionOptions, connect } from 'node:tls';
import { command, until } from '../edgegauge.ts';
import { testWith } from '../parts.ts';
import type { Certificates } from './certificates.ts';
import { Edge, PASSWORD, TLS, USER, users } from './edge.ts';

const SUCCESS = 'edgegauge_web_config_last_reload_successful';
const TIME = 'edgegauge_web_config_last_reload_success_timestamp_seconds';

/** Waits until new connections meet that certificate. Answers how many milliseconds it took. */
async function meets(edge: Edge, name: string): Promise<number> {
  const started = performance.now();
  await until(
    () => edge.openssl(),
    ({ met }) => met === name,
  );
  return performance.now() - started;
}

/** Replaces the server's certificate as certbot and the like do: files of another name are renamed. */
function rotate(certificates: Certificates, name: string): void {
  certificates.issue({ name: 'next' }, name);
  for (const [from, to] of [
    ['keys/next.key', 'keys/server.key'],
    ['next.crt', 'server.crt'],
  ] as const) {
    renameSync(certificates.path(from), certificates.path(to));
  }
}

/** One connection, over which requests go one after the other. */
class Kept {
  requests = 0;
  problem = '';
  readonly #socket;
  #on = true;
  readonly ended: Promise<void>;

  constructor(options: ConnectionOptions) {
    this.#socket = connect({ ...options, rejectUnauthorized: false });
    this.#socket.on('error', (error) => {
      this.problem ||= String(error);
    });
    this.#socket.on('close', () => {
      if (this.#on) this.problem ||= 'closed';
    });
    this.ended = this.#run();
  }

  async #run(): Promise<void> {
    let text = '';
    const reader = this.#socket[Symbol.asyncIterator]();
    while (this.#on && this.problem === '') {
      this.#socket.write('GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n');
      while (!text.endsWith('healthy.\n') && this.problem === '') {
        const { value, done } = await reader.next();
        if (done === true) return;
        text += String(value);
      }
      text = '';
      this.requests++;
      await Bun.sleep(2);
    }
    this.#socket.destroy();
  }

  stop(): Promise<void> {
    this.#on = false;
    return this.ended;
  }
}

describe('certificates', () => {
  testWith(
    ['openssl'],
    'rotated under load: served within 5 s, no connection is dropped, kept or new',
    async () => {
      await using edge = await Edge.start({ tls_server_config: TLS });
      const kept = Array.from(
        { length: 10 },
        () => new Kept({ host: '127.0.0.1', port: edge.port }),
      );
      let on = true;
      let count = 0;
      const failures: string[] = [];
      const load = async (): Promise<void> => {
        while (on) {
          const options = { headers: { Connection: 'close' }, tls: { rejectUnauthorized: false } };
          const answer = await fetch(`https://127.0.0.1:${edge.port}/-/healthy`, options).catch(
            String,
          );
          if (typeof answer === 'string') failures.push(answer);
          else if ((await answer.text()) !== 'edgegauge is healthy.\n') failures.push('cut off');
          count++;
        }
      };
      const loads = Array.from({ length: 4 }, load);
      const times: number[] = [];
      for (const name of ['first', 'second', 'third']) {
        rotate(edge.certificates, name);
        times.push(await meets(edge, name));
        await until(
          () => edge.running.log().match(/connections_reset=/g)?.length,
          (lines) => lines === times.length,
        );
      }
      on = false;
      await Promise.all([...loads, ...kept.map((connection) => connection.stop())]);
      const resets = [...edge.running.log().matchAll(/connections_reset=(\d+)/g)].map(([, n]) =>
        Number(n),
      );
      console.log(
        `rotations: served after ${times.map((ms) => `${Math.round(ms)} ms`).join(', ')}; ` +
          `${count} new connections, ${kept.reduce((n, k) => n + k.requests, 0)} requests over 10 kept ones; ` +
          `connections reset at each: ${resets.join(' ')}; failed: ${failures.length}`,
      );
      expect(failures).toEqual([]);
      expect(kept.map(({ problem }) => problem)).toEqual(Array(10).fill(''));
      expect(Math.min(...kept.map(({ requests }) => requests))).toBeGreaterThan(20);
      expect(resets).toEqual([0, 0, 0]);
      expect(Math.max(...times)).toBeLessThan(5000);
    },
  );

  testWith(
    ['openssl'],
    'followed through links that are switched, as Kubernetes does',
    async () => {
      const version = (certificates: Certificates, name: string): void => {
        const path = (file: string): string => certificates.path(file);
        mkdirSync(path(name));
        cpSync(path('server.crt'), path(`${name}/tls.crt`));
        cpSync(path('keys/server.key'), path(`${name}/tls.key`));
        symlinkSync(name, path('..new'));
        renameSync(path('..new'), path('..data'));
      };
      const config = { tls_server_config: { cert_file: 'tls.crt', key_file: 'tls.key' } };
      await using edge = await Edge.start(config, [], (certificates) => {
        version(certificates, '..1');
        for (const file of ['tls.crt', 'tls.key'])
          symlinkSync(`..data/${file}`, certificates.path(file));
      });
      expect((await edge.openssl()).met).toBe('server');
      edge.certificates.issue({ name: 'server' }, 'second');
      version(edge.certificates, '..2');
      rmSync(edge.certificates.path('..1'), { recursive: true });
      expect(await meets(edge, 'second')).toBeLessThan(5000);
      expect(await edge.metric(SUCCESS)).toBe(1);
    },
  );

  testWith(
    ['openssl', 'curl'],
    'that are broken leave the old ones in force, and that is told',
    async () => {
      await using edge = await Edge.start({ tls_server_config: TLS });
      const before = await edge.metric(TIME);
      writeFileSync(edge.certificates.path('server.crt'), 'half written');
      await until(
        () => edge.metric(SUCCESS),
        (value) => value === 0,
      );
      expect(edge.running.log()).toContain('has no certificate in PEM');
      expect((await edge.openssl()).met).toBe('server');
      // A certificate without its key.
      edge.certificates.issue({ name: 'server' }, 'second');
      const key = edge.certificates.path('keys/server.key');
      const good = await Bun.file(key).text();
      cpSync(edge.certificates.path('keys/client.key'), key);
      await until(
        () => edge.running.log(),
        (log) => log.includes('it is not the key of the certificate'),
      );
      expect([await edge.metric(SUCCESS), await edge.metric(TIME)]).toEqual([0, before]);
      rmSync(key);
      await until(
        () => edge.running.log(),
        (log) => log.includes('there is no such file'),
      );
      expect((await edge.openssl()).met).toBe('server');
      writeFileSync(key, good);
      await meets(edge, 'second');
      await until(
        () => edge.metric(SUCCESS),
        (value) => value === 1,
      );
      expect(await edge.metric(TIME)).toBeGreaterThan(before);
      expect(await edge.metric('edgegauge_web_handovers_total')).toBe(1);
      expect(await edge.metric('edgegauge_web_handover_resets_total')).toBe(0);
    },
  );

  testWith(
    ['openssl'],
    'changed or not, the port is not shared with a second edgegauge',
    async () => {
      await using edge = await Edge.start({ tls_server_config: TLS });
      const second = (): string => {
        const args = [
          `--web.listen-address=127.0.0.1:${edge.port}`,
          `--web.config.file=${edge.file}`,
        ];
        const { exitCode, stderr } = Bun.spawnSync([...command(), 'serve', ...args]);
        return `${exitCode} ${stderr}`;
      };
      const refused = `1 edgegauge: cannot listen on 127.0.0.1:${edge.port}: the address is in use; choose another with --web.listen-address\n`;
      expect(second()).toBe(refused);
      rotate(edge.certificates, 'second');
      await meets(edge, 'second');
      // The old socket is still there, sharing the port with the new one.
      expect(second()).toBe(refused);
      await until(
        () => edge.running.log(),
        (log) => log.includes('connections_reset=0'),
      );
      expect(second()).toBe(refused);
    },
  );
});

describe('the file', () => {
  testWith(['curl'], 'users and headers change within seconds; TLS comes and goes', async () => {
    await using edge = await Edge.start('# open\n');
    const plain = async (): Promise<number> =>
      await fetch(`${edge.running.url}/metrics`, { headers: { Connection: 'close' } }).then(
        (answer) => answer.status,
        () => 0,
      );
    await until(plain, (status) => status === 200);
    edge.write({ basic_auth_users: await users() });
    await until(plain, (status) => status === 401);
    edge.write({ tls_server_config: TLS, basic_auth_users: await users() });
    await until(plain, (status) => status === 0);
    expect(await edge.metric(SUCCESS)).toBe(1);
    edge.write('');
    await until(plain, (status) => status === 200);
  });

  testWith(
    ['curl'],
    'a mistake in it leaves the old one in force; SIGHUP and /-/reload say so',
    async () => {
      const config = { tls_server_config: TLS, basic_auth_users: await users() };
      await using edge = await Edge.start(config, ['--web.enable-lifecycle']);
      edge.write('basic_auth_user: {}\n');
      const reload = ['-X', 'POST', '-u', `${USER}:${PASSWORD}`];
      const { status, body } = await edge.curl('/-/reload', undefined, ...reload);
      const problem = `${edge.file}:1:1: unknown key "basic_auth_user" at the top; did you mean "basic_auth_users"?`;
      expect([status, body]).toEqual([
        500,
        `The configuration was not reloaded, the old one stays:\n${problem}\n`,
      ]);
      expect(await edge.metric(SUCCESS)).toBe(0);
      expect((await edge.curl('/metrics', undefined)).status).toBe(401);
      edge.write(config);
      process.kill(edge.running.pid, 'SIGHUP');
      await until(
        () => edge.metric(SUCCESS),
        (value) => value === 1,
      );
    },
  );
});

test('a certificate that cannot be used keeps it from starting', () => {
  const args = ['serve', '--web.listen-address=127.0.0.1:0', '--web.config.file=/none/web.yaml'];
  const { exitCode, stderr } = Bun.spawnSync([...command(), ...args]);
  expect([exitCode, String(stderr)]).toEqual([
    1,
    'edgegauge: /none/web.yaml cannot be read: there is no such file\n',
  ]);
});
