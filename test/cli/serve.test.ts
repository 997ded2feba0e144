import { expect, test } from 'bun:test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, ready, scrape, start, until } from '../edgegauge.ts';
import { parse, samples } from '../exposition.ts';

function config(text: string): { path: string; write(text: string): void } {
  const path = join(mkdtempSync(join(tmpdir(), 'edgegauge-')), 'edgegauge.yaml');
  const write = (next: string): void => writeFileSync(path, next);
  write(text);
  return { path, write };
}

test('serve answers a scrape at once, is ready after the first full sample, and ends with 0 on SIGTERM', async () => {
  const running = await start([]);
  expect(await scrape(running)).toContain('\nmemory_total_bytes ');
  await ready(running);
  expect(await scrape(running)).toContain('\nstorage_size_bytes{');
  expect(await running.stop()).toBe(0);
});

test('dialects are chosen by flag, by file and by scrape', async () => {
  await using node = await start(['--dialect=node']);
  const text = await scrape(node);
  expect(text).toContain('\nnode_load1 ');
  expect(text).not.toContain('\nmemory_total_bytes ');
  expect(await scrape(node, '?dialect=native')).toContain('\nmemory_total_bytes ');
  const both = await scrape(node, '?dialect=native,node');
  expect(both).toContain('\nnode_load1 ');
  expect(both).toContain('\nmemory_total_bytes ');
  const file = config('dialects: [native, node]\n');
  await using two = await start([`--config.file=${file.path}`]);
  expect(await scrape(two)).toContain('\nnode_load1 ');
});

test('collect[] and exclude[] choose collectors; both, or an unknown one, are 400 with the reason', async () => {
  await using running = await start(['--dialect=node']);
  const only = parse(await scrape(running, '?collect[]=meminfo&collect[]=loadavg'));
  expect([...only.keys()]).toContain('node_load1');
  expect([...only.keys()]).not.toContain('node_cpu_seconds_total');
  expect(
    samples(await scrape(running, '?collect[]=loadavg'))
      .keys()
      .toArray(),
  ).toContain('node_scrape_collector_success{collector="loadavg"}');
  const without = parse(await scrape(running, '?exclude[]=meminfo'));
  expect([...without.keys()]).not.toContain('node_memory_MemTotal_bytes');
  expect([...without.keys()]).toContain('node_cpu_seconds_total');
  for (const [query, reason] of [
    ['?collect[]=cpu&exclude[]=cpu', 'at the same time'],
    ['?collect[]=nonsense', 'There is no collector "nonsense"'],
    ['?dialect=nonsense', 'There is no dialect "nonsense"'],
  ]) {
    const response = await fetch(`${running.url}/metrics${query}`);
    expect(await response.text()).toContain(reason as string);
    expect(response.status).toBe(400);
  }
});

test('--no-collector.X leaves a collector out, whichever process serves it', async () => {
  await using running = await start([
    '--dialect=node',
    '--no-collector.meminfo',
    '--no-collector.filesystem',
    '--no-collector.cpu',
  ]);
  await ready(running);
  const names = [...parse(await scrape(running)).keys()];
  expect(names).not.toContain('node_memory_MemTotal_bytes');
  expect(names).not.toContain('node_filesystem_size_bytes');
  expect(names).not.toContain('node_cpu_seconds_total');
  expect(names).toContain('node_forks_total');
  expect(names).toContain('node_network_up');
});

test('cpu_usage_percent appears after two ticks and does not depend on who scrapes when', async () => {
  await using running = await start(['--poll.cpu-usage-interval=200ms']);
  const usage = async (): Promise<number> =>
    Number(samples(await scrape(running)).get('cpu_usage_percent{}') ?? Number.NaN);
  const value = await until(usage, (v) => !Number.isNaN(v));
  expect(value).toBeGreaterThanOrEqual(0);
  expect(value).toBeLessThanOrEqual(100);
});

test('SIGHUP reloads the file; a bad one is refused, named, and the old one stays', async () => {
  const file = config('dialects: [native]\n');
  await using running = await start([`--config.file=${file.path}`]);
  file.write('dialects: [node]\n');
  process.kill(running.pid, 'SIGHUP');
  await until(
    () => scrape(running),
    (text) => text.includes('\nnode_load1 '),
  );
  file.write('dialects: [node\n');
  process.kill(running.pid, 'SIGHUP');
  const failed = await until(
    () => scrape(running),
    (text) => text.includes('\nedgegauge_config_last_reload_successful 0\n'),
  );
  expect(failed).toContain('\nnode_load1 ');
  await until(
    () => running.log(),
    (log) => log.includes(`${file.path}:`),
  );
  file.write('dialects: [native]\nweb: {telemetry_path: /elsewhere}\n');
  process.kill(running.pid, 'SIGHUP');
  await until(
    () => running.log(),
    (log) => log.includes('setting=web.telemetry_path'),
  );
  expect(await scrape(running)).toContain('\nedgegauge_config_last_reload_successful 1\n');
});

test('POST /-/reload works when it is enabled, and is 403 otherwise', async () => {
  await using off = await start([]);
  expect((await fetch(`${off.url}/-/reload`, { method: 'POST' })).status).toBe(403);
  const file = config('dialects: [native]\n');
  await using on = await start(['--web.enable-lifecycle', `--config.file=${file.path}`]);
  file.write('dialects: [node]\n');
  expect((await fetch(`${on.url}/-/reload`, { method: 'POST' })).status).toBe(200);
  expect(await scrape(on)).toContain('\nnode_load1 ');
  file.write('nonsense: 1\n');
  const refused = await fetch(`${on.url}/-/reload`, { method: 'POST' });
  expect(await refused.text()).toContain(`${file.path}:1:1: unknown key "nonsense"`);
  expect(refused.status).toBe(500);
});

test('a port in use is one clear line and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const child = Bun.spawn([...command(), `--web.listen-address=127.0.0.1:${port}`], {
    stdout: 'ignore',
    stderr: 'pipe',
  });
  expect(await child.stderr.text()).toMatch(
    new RegExp(`^edgegauge: cannot listen on 127\\.0\\.0\\.1:${port}: the address is in use.*\n$`),
  );
  expect(await child.exited).toBe(1);
  other.close();
});

test('/api/v1/status says version, sources and probes', async () => {
  await using running = await start([]);
  await ready(running);
  interface Told {
    version: string;
    sources: { name: string; status: string }[];
    probes: { kind: string; state: string; sources: { name: string }[] }[];
  }
  // The names of a probe's sources come by another way than its samples.
  const status = await until(
    async () => (await (await fetch(`${running.url}/api/v1/status`)).json()) as Told,
    ({ probes }) => probes[0]?.sources.length !== 0,
  );
  expect(status.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(status.sources.find((s) => s.name === 'meminfo')?.status).toBe('ok');
  expect(status.probes[0]?.state).toBe('running');
  expect(status.probes[0]?.sources.map((s) => s.name)).toContain('filesystem');
});

test('without a procfs it serves what else there is', async () => {
  await using running = await start(['--path.procfs=/nowhere']);
  await ready(running);
  const page = samples(await scrape(running));
  expect(page.get('edgegauge_source_up{source="stat"}')).toBe('0');
  expect(page.get('edgegauge_source_up{source="os"}')).toBe('1');
  expect(running.log()).not.toContain('ENOENT');
});

test('a reload says each time which settings are not in force, and no more when they are as at the start', async () => {
  const file = config('web: {telemetry_path: /metrics}\n');
  await using running = await start([`--config.file=${file.path}`]);
  const warnings = async (text: string, reloads: number): Promise<number> => {
    file.write(text);
    process.kill(running.pid, 'SIGHUP');
    const log = await until(
      () => running.log(),
      (all) => all.split('msg="configuration reloaded"').length > reloads,
    );
    return log.split('setting=web.telemetry_path').length - 1;
  };
  expect(await warnings('web: {telemetry_path: /other}\n', 1)).toBe(1);
  expect(await warnings('web: {telemetry_path: /other}\ndialects: [node]\n', 2)).toBe(2);
  expect(await warnings('dialects: [node]\n', 3)).toBe(2);
  expect(await scrape(running)).toContain('\nnode_load1 ');
});
