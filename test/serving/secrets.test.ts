/** What model servers are asked with is told to nobody else, and nobody else is asked. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineServer, engineServer, text } from '../../src/serving/engine-server.fixture.ts';
import { command, ready, scrape, until } from '../edgegauge.ts';
import { configText, type Gauge, startGauge } from './engine-farm.ts';

const PAGE = 'vllm:num_requests_waiting{model_name="m"} 3\n';
/** None is a part of anything else that is printed. */
const SECRETS = ['pw-4d1f0a', 'pwfile-77ab10', 'token-c0ffee', 'header-9e3779', 'query-b5297a'];
const [PASSWORD, PASSWORD_FILE, TOKEN, HEADER, QUERY] = SECRETS as [
  string,
  string,
  string,
  string,
  string,
];
const basic = (password: string): string =>
  `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-secrets-'));
const seen = new Set<string>();
const servers: EngineServer[] = [];
let trap: EngineServer;
let gauge: Gauge;
let proxies: Record<string, string>;
let serving: Record<string, unknown>;

/** A server that notes what it is asked with. `status`: what it answers. */
function guarded(status = 200): EngineServer {
  const note = (request: Request): Response => {
    for (const name of ['authorization', 'x-key']) {
      const value = request.headers.get(name);
      if (value !== null) seen.add(value);
    }
    seen.add(new URL(request.url).search);
    return status === 200 ? text(PAGE) : new Response('', { status });
  };
  const server = engineServer({ '/metrics': note });
  servers.push(server);
  return server;
}

beforeAll(async () => {
  // It answers whatever path a proxy is asked for.
  trap = engineServer(
    new Proxy({}, { get: () => () => text(PAGE.replace(' 3', ' 99')) }) as Record<
      string,
      () => Response
    >,
  );
  proxies = Object.fromEntries(
    ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].map(
      (name) => [name, trap.url],
    ),
  );
  Object.assign(proxies, { NO_PROXY: '', no_proxy: '' });
  const file = (name: string, words: string): string => {
    const path = join(directory, name);
    writeFileSync(path, `${words}\n`);
    return path;
  };
  serving = {
    targets: [
      { basic_auth: { username: 'me', password: PASSWORD } },
      { basic_auth: { username: 'me', password_file: file('password', PASSWORD_FILE) } },
      { bearer_token_file: file('token', TOKEN) },
      { headers: { 'X-Key': HEADER } },
    ]
      .map((target): Record<string, unknown> => ({ engine: 'vllm', url: guarded().url, ...target }))
      .concat([
        { engine: 'vllm', url: `${guarded().url}/metrics?key=${QUERY}` },
        // These fail, and say why.
        {
          engine: 'vllm',
          url: guarded(401).url,
          basic_auth: { username: 'me', password: PASSWORD },
        },
        { engine: 'vllm', url: `${guarded(403).url}/metrics?key=${QUERY}` },
        { engine: 'vllm', url: guarded().url, bearer_token_file: file('odd', `${TOKEN}\nx`) },
      ]),
  };
  gauge = await startGauge(serving, {
    env: proxies,
    args: ['--log.level=debug', '--web.enable-lifecycle'],
  });
  await ready(gauge);
  await until(
    async () => (await gauge.page()).match(/^llm_up\{.*\} \d$/gm)?.length,
    (n) => n === servers.length,
  );
});

afterAll(async () => {
  await gauge[Symbol.asyncDispose]();
  await Promise.all([...servers, trap].map((server) => server.stop()));
  rmSync(directory, { recursive: true });
});

test('each server is asked with what belongs to it', () => {
  const authorized = [
    basic(PASSWORD),
    basic(PASSWORD_FILE),
    `Bearer ${TOKEN}`,
    HEADER,
    `?key=${QUERY}`,
  ];
  for (const each of authorized) expect([...seen]).toContain(each);
});

test('no proxy of the environment is asked, though it would catch every request', async () => {
  expect(trap.asked).toEqual([]);
  const script = `await fetch('${servers[0]?.url}/metrics')`;
  const other = Bun.spawn([process.execPath, '-e', script], {
    env: { ...process.env, ...proxies },
  });
  await other.exited;
  expect(trap.asked.length).toBe(1);
  expect(await gauge.page()).not.toMatch(/^llm_queue_depth\{.*\} 99$/m);
});

/** Of edgegauge and its probes. */
function ownProcesses(): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  return [gauge.pid, ...parents.filter(([, parent]) => parent === gauge.pid).map(([pid]) => pid)];
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return Number.NaN;
  }
}

/** As they are, and as they are sent. */
const leaks = (said: string): string[] =>
  [...SECRETS, ...SECRETS.map((s) => basic(s).slice(6))].filter((secret) => said.includes(secret));

test('no secret is in a command line, nor in an environment', () => {
  const pids = ownProcesses();
  const lines = pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  expect(lines.some((line) => line.includes('\0probe\0serving\0'))).toBe(true);
  for (const line of lines) expect(leaks(line)).toEqual([]);
  for (const pid of pids) expect(leaks(readFileSync(`/proc/${pid}/environ`, 'utf8'))).toEqual([]);
});

test('no secret is on a page, in the status, in the log or in what doctor and others say', async () => {
  for (const dialect of ['native', 'node', 'dcgm']) {
    expect(leaks(await scrape(gauge, `?dialect=${dialect}`))).toEqual([]);
  }
  for (const path of ['/', '/api/v1/status']) {
    expect(leaks(await (await fetch(`${gauge.url}${path}`)).text())).toEqual([]);
  }
  const reload = await fetch(`${gauge.url}/-/reload`, { method: 'POST' });
  expect(leaks(await reload.text())).toEqual([]);
  const file = join(directory, 'edgegauge.yaml');
  writeFileSync(file, configText({ discover: false, ...serving }));
  const said: string[] = [];
  for (const words of [
    ['doctor', `--config.file=${file}`],
    ['snapshot', `--config.file=${file}`],
    ['check-config', file],
  ]) {
    const child = Bun.spawn([...command(), ...words], {
      stdout: 'pipe',
      stderr: 'pipe',
      env: { ...process.env, ...proxies },
    });
    said.push((await child.stdout.text()) + (await child.stderr.text()));
  }
  expect(said[0]).toContain('HTTP 401 at /metrics');
  expect(said[0]).toContain('HTTP 403 at /metrics');
  expect(said[0]).toContain('its headers or credentials hold what no header may hold');
  for (const text of said) expect(leaks(text)).toEqual([]);
  expect(leaks(gauge.log())).toEqual([]);
});

test('a configuration that is refused does not tell its secrets', async () => {
  const file = join(directory, 'wrong.yaml');
  const target = { engine: 'vllm', url: `http://me:${PASSWORD}@127.0.0.1:1` };
  const wrong = {
    engine: 'vllm',
    url: 'http://127.0.0.1:2',
    headers: { 'X-Key': `${HEADER}\nx` },
    bearer: TOKEN,
  };
  const number = {
    engine: 'vllm',
    url: 'http://127.0.0.1:3',
    basic_auth: { username: 'me', password: 4_711_081_5 },
  };
  writeFileSync(file, configText({ targets: [target, wrong, number] }));
  const child = Bun.spawn([...command(), 'check-config', file], { stdout: 'pipe', stderr: 'pipe' });
  const said = (await child.stdout.text()) + (await child.stderr.text());
  expect(said.split('\n').filter((line) => line.includes('serving.targets'))).toHaveLength(4);
  expect(leaks(said)).toEqual([]);
  expect(said).not.toContain('47110815');
});
