import { expect, test } from 'bun:test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../edgegauge.ts';
import { parse } from '../exposition.ts';
import { ROOT } from '../parts.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: string[]): Promise<Ended> {
  const child = Bun.spawn([...command(), ...args], { stdout: 'pipe', stderr: 'pipe' });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, out, err };
}

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'edgegauge-')), 'my.yaml');
  writeFileSync(path, text);
  return path;
}

test('version says the version of package.json and this program, not the runtime’s', async () => {
  const { version } = (await Bun.file(join(ROOT, 'package.json')).json()) as { version: string };
  for (const args of [['version'], ['--version']]) {
    const { code, out } = await run(...args);
    expect(out).toStartWith(`edgegauge, version ${version} (revision `);
    expect(code).toBe(0);
  }
});

test('--help names the commands, serve --help the flags', async () => {
  expect((await run('--help')).out).toMatch(/snapshot[\s\S]*doctor[\s\S]*check-config/);
  const { out } = await run('serve', '--help');
  for (const flag of [
    '--web.listen-address',
    '--path.procfs',
    '--[no-]collector.cpu',
    '--log.format',
  ]) {
    expect(out).toContain(flag);
  }
});

test('snapshot prints every dialect and format once, devices among them, and ends', async () => {
  const text = await run('snapshot', '--dialect=native,node');
  expect(text.err).toBe('');
  expect(text.code).toBe(0);
  const families = parse(text.out);
  for (const name of [
    'memory_total_bytes',
    'cpu_usage_percent',
    'storage_used_percent',
    'node_memory_MemTotal_bytes',
    'node_filesystem_size_bytes',
    'edgegauge_build_info',
  ]) {
    expect([...families.keys()]).toContain(name);
  }
  const [plain, more] = [
    text.out,
    (await run('snapshot', '--dialect=node', '--collector.cpu.info')).out,
  ];
  expect([plain, more].map((out) => out.includes('\nnode_cpu_info{'))).toEqual([false, true]);
  const open = await run('snapshot', '--format=openmetrics');
  expect(open.out).toEndWith('# EOF\n');
});

test('check-config says that a file is good, or everything that is wrong with it', async () => {
  const good = await run('check-config', join(ROOT, 'config', 'edgegauge.yaml'));
  expect(good.out).toContain('good');
  expect(good.code).toBe(0);
  const path = file('web:\n  listen_adresses: []\npoll:\n  interval: 5x\n');
  const bad = await run('check-config', path);
  expect(bad.err).toBe(
    `edgegauge: ${path}:2:3: unknown key "listen_adresses" below web; did you mean "listen_addresses"?\n` +
      `${path}:4:13: poll.interval: "5x" is not a duration such as 10s or 1m30s, from 1ms to 24d\n`,
  );
  expect(bad.code).toBe(1);
  const none = await run('check-config', '/nowhere/at/all.yaml');
  expect(none.err).toContain('/nowhere/at/all.yaml cannot be read');
  expect(none.code).toBe(1);
});

test('doctor says what was found and what is missing, as text and as JSON', async () => {
  const text = await run('doctor');
  expect(text.out).toMatch(/^Found:\n {2}.*meminfo/m);
  expect(text.out).toMatch(/^Probes:\n {2}sensors: running/m);
  const json = JSON.parse((await run('doctor', '--json')).out) as {
    findings: { source: string; status: string }[];
  };
  expect(json.findings.find((f) => f.source === 'meminfo')?.status).toBe('ok');
});

test.each([
  [['--poll.interval=5x'], /--poll\.interval.*'5x' is invalid/],
  [['--web.listen-addres=:1'], /unknown option[\s\S]*--web\.listen-address/],
  [['--dialect=klingon'], /native, node/],
  [['--web.listen-address=127.0.0.1:99999'], /a port is at most 65535/],
  [['--web.listen-address=nonsense'], /expected HOST:PORT/],
  [['--config.file=/nowhere.yaml'], /\/nowhere\.yaml cannot be read: there is no such file/],
  [['nonsense'], /there is no command "nonsense"/],
])('serve %p is refused with one clear line and exit code 1', async (args, message) => {
  const { code, err } = await run(...args);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});
