/** Passwords: who guesses is kept out, and nobody else notices. */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { until } from '../edgegauge.ts';
import { testWith } from '../parts.ts';
import { Edge, PASSWORD, TLS, USER, users } from './edge.ts';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Status of a request over plain HTTP. */
async function ask(edge: Edge, path: string, authorization?: string): Promise<number> {
  const headers: Record<string, string> =
    authorization === undefined ? {} : { Authorization: authorization };
  const answer = await fetch(edge.running.url + path, { headers });
  await answer.bytes();
  return answer.status;
}

/** RssAnon in kB (proc_pid_status(5)). */
const memory = (pid: number): number =>
  Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

const GUESSES = 10_000;

/** `cost` of the hash, guesses at once, and the codes that they may be answered with. */
const ATTACKS = [
  // More than are checked: most are turned away, the rest takes a processor's time.
  { cost: 10, atOnce: 50, codes: [401, 503] },
  // Every one is checked.
  { cost: 4, atOnce: 4, codes: [401] },
];

test.each(ATTACKS)(
  '10,000 wrong passwords slow scrapes by no more than a bound, and leave no memory behind: %j',
  async ({ cost, atOnce, codes }) => {
    await using edge = await Edge.start({ basic_auth_users: await users(cost) });
    const right = basic(USER, PASSWORD);
    const scrape = async (): Promise<number> => {
      const started = performance.now();
      expect(await ask(edge, '/metrics', right)).toBe(200);
      return performance.now() - started;
    };
    const quiet: number[] = [];
    for (let i = 0; i < 1500; i++) quiet.push(await scrape());

    const before = memory(edge.running.pid);
    const counts = new Map<number, number>();
    let next = 0;
    const guess = async (): Promise<void> => {
      while (next < GUESSES) {
        const n = next++;
        const user = n % 2 === 0 ? USER : `user ${n}`;
        const code = await ask(edge, '/metrics', basic(user, `guess ${n}`));
        counts.set(code, (counts.get(code) ?? 0) + 1);
      }
    };
    const guesses = Promise.all(Array.from({ length: atOnce }, guess));
    const busy: number[] = [];
    while (next < GUESSES) busy.push(await scrape());
    await guesses;
    const grown = memory(edge.running.pid) - before;
    console.log(
      `scrapes: ${told(quiet)}; during ${GUESSES} wrong passwords ` +
        `(${[...counts].map(([code, n]) => `${n} times ${code}`).join(', ')}): ${told(busy)}; ` +
        `anonymous memory ${before} kB, then ${grown} kB more`,
    );
    expect([...counts.keys()].sort()).toEqual(codes);
    expect(busy.length).toBeGreaterThan(20);
    // The clients, in this process, and the server share two processors.
    expect(quantile(busy, 0.99)).toBeLessThan(250);
    expect(grown).toBeLessThan(6144);
  },
);

const quantile = (times: readonly number[], q: number): number =>
  [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * q)] ?? Number.NaN;

const told = (times: readonly number[]): string => {
  const [median, most] = [0.5, 0.99].map((q) => `${quantile(times, q).toFixed(1)} ms`);
  return `median ${median}, 99 % within ${most}`;
};

test('somebody who guesses does not keep out who has not come before', async () => {
  await using edge = await Edge.start({ basic_auth_users: await users() }, [
    '--web.listen-address=127.0.0.1:0',
  ]);
  let on = true;
  let n = 0;
  const guess = async (): Promise<void> => {
    while (on) await ask(edge, '/', basic(USER, `guess ${n++}`));
  };
  const guesses = Array.from({ length: 10 }, guess);
  // Another address of this machine; its connection is a client of its own.
  const child = async (): Promise<number> => {
    const args = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--interface', '127.0.0.2'];
    const url = `${edge.running.url}/metrics`;
    return Number(
      await Bun.spawn(['curl', ...args, '-u', `${USER}:${PASSWORD}`, url]).stdout.text(),
    );
  };
  await until(
    () => n,
    (guesses) => guesses > 100,
  );
  expect(await child()).toBe(200);
  on = false;
  await Promise.all(guesses);
});

/** Mean time of a few checks, each of a password that has not been seen. */
async function cost(edge: Edge, user: string): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < 8; i++) expect(await ask(edge, '/', basic(user, `${user} ${i}`))).toBe(401);
  return (performance.now() - started) / 8;
}

test('an unknown user takes as long as a known one', async () => {
  await using edge = await Edge.start({ basic_auth_users: await users() });
  const [known, unknown] = [await cost(edge, USER), await cost(edge, 'nobody')];
  expect(known).toBeGreaterThan(10);
  expect(unknown / known).toBeGreaterThan(0.5);
  expect(unknown / known).toBeLessThan(2);
});

test('everything is behind the door; /-/healthy is not where it is left open', async () => {
  const config = { basic_auth_users: await users(), auth_excluded_paths: ['/-/ready'] };
  await using edge = await Edge.start(config, ['--web.healthy-unauthenticated']);
  expect(await ask(edge, '/-/healthy')).toBe(200);
  await until(
    () => ask(edge, '/-/ready'),
    (status) => status === 200,
  );
  for (const path of ['/', '/metrics', '/api/v1/status', '/-/reload', '/none', '/-/healthy/']) {
    expect([path, await ask(edge, path)]).toEqual([path, 401]);
    expect(await ask(edge, path, basic(USER, 'x'.repeat(73)))).toBe(401);
  }
});

test('a rate limit answers 429, and says when to come again', async () => {
  await using edge = await Edge.start({ rate_limit: { interval: '1h', burst: 3 } });
  const codes = [1, 2, 3, 4, 5].map(() => ask(edge, '/-/healthy'));
  expect((await Promise.all(codes)).sort()).toEqual([200, 200, 200, 429, 429]);
  const answer = await fetch(`${edge.running.url}/metrics`);
  expect([answer.status, Number(answer.headers.get('Retry-After'))]).toEqual([429, 3600]);
});

testWith(['curl'], 'headers of the file come with every answer, HTML has its own', async () => {
  const headers = { 'X-Frame-Options': 'sameorigin', 'Strict-Transport-Security': 'max-age=60' };
  const http_server_config = { headers };
  await using edge = await Edge.start({ tls_server_config: TLS, http_server_config });
  const { body: page } = await edge.curl('/', undefined, '-i');
  expect(page).toMatch(/\r\nx-frame-options: sameorigin\r\n/i);
  expect(page).toMatch(/\r\ncontent-security-policy: default-src 'none'; style-src 'sha256-/i);
  expect(page).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
  expect(page).toMatch(/\r\nreferrer-policy: no-referrer\r\n/i);
  const { body: metrics } = await edge.curl('/metrics', undefined, '-i');
  expect(metrics).toMatch(/\r\nstrict-transport-security: max-age=60\r\n/i);
});

test('a unix socket is behind the same password, without TLS, and the log says so', async () => {
  await using edge = await Edge.start({ tls_server_config: TLS, basic_auth_users: await users() }, [
    '--web.listen-address=127.0.0.1:0',
    `--web.listen-address=unix:/tmp/edgegauge-${process.pid}.sock`,
  ]);
  const path = `/tmp/edgegauge-${process.pid}.sock`;
  const over = async (authorization: string): Promise<number> =>
    (await fetch('http://localhost/metrics', { unix: path, headers: { authorization } })).status;
  expect(edge.running.log()).toContain('msg="a unix socket has no TLS"');
  expect(await over(basic(USER, 'x'))).toBe(401);
  expect(await over(basic(USER, PASSWORD))).toBe(200);
});
