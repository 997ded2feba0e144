import { expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync, readlinkSync } from 'node:fs';
import { Quarantine } from './quarantine.ts';
import { Stage, until } from './stage.fixture.ts';

setDefaultTimeout(60_000);

const A1 = 'test_value_bytes{device="a"} 1';
const B2 = 'test_value_bytes{device="b"} 2';

test('what the child samples is on the page in every dialect, with the state of its sources and its own', async () => {
  await using stage = new Stage({ a: '1', b: '2' });
  await stage.shows(
    A1,
    B2,
    'node_test_value_kb{device="a"} 0.001',
    'edgegauge_source_up{source="devices"} 1',
    'node_scrape_collector_success{collector="test"} 1',
    'edgegauge_probe_up{source="test"} 1',
    'edgegauge_probe_stuck_seconds{source="test"} 0',
    'edgegauge_probe_devices_skipped{source="test"} 0',
    'edgegauge_probe_restarts_total{source="test",reason="deadline"} 0',
  );
  stage.put('a', '18446744073709551615');
  await stage.shows('test_value_bytes{device="a"} 18446744073709552000', B2);
  const taken = stage.scrape().find((line) => line.startsWith('edgegauge_probe_sample_timestamp'));
  expect(Math.abs(Number(taken?.split(' ')[1]) - Date.now() / 1000)).toBeLessThan(30);
});

test('nothing is said of a value before the first sample, and ready says when it is there', async () => {
  await using stage = new Stage({ a: '1' });
  expect(stage.supervisor.ready).toBe(false);
  expect(stage.supervisor.status().state).toBe('starting');
  expect(stage.scrape()).toContain('edgegauge_probe_up{source="test"} 0');
  expect(stage.scrape()).not.toContain(A1);
  await until(
    () => 'ready',
    () => stage.supervisor.ready,
  );
  expect(stage.scrape()).toContain(A1);
  expect(stage.supervisor.status().state).toBe('running');
});

test('its clock goes while it looks at the child, and stands once it is stopped', async () => {
  const stage = new Stage({ a: '1' });
  const { name, every, at } = stage.supervisor.clock;
  expect([name, every > 0]).toEqual(['test', true]);
  await until(
    () => 'another look',
    () => stage.supervisor.clock.at > at,
  );
  await stage[Symbol.asyncDispose]();
  const last = stage.supervisor.clock.at;
  await Bun.sleep(2 * every);
  expect(stage.supervisor.clock.at).toBe(last);
});

test('a device that appears is shown, one that goes is not, and the others keep their place', async () => {
  await using stage = new Stage({ a: '1', b: '2' });
  await stage.shows(A1, B2);
  const slot = (): number | undefined =>
    [...stage.layout.series()].find((s) => s.labels['device'] === 'b')?.slot;
  const before = slot();
  stage.put('c', '3');
  // A device that goes makes the child look at once what there is.
  stage.remove('a');
  await stage.shows(B2, 'test_value_bytes{device="c"} 3');
  await stage.hides('test_value_bytes{device="a"}');
  expect(slot()).toBe(before as number);
});

test('a device that appears is found without another that goes', async () => {
  await using stage = new Stage({ a: '1' });
  await stage.shows(A1);
  stage.put('b', '2');
  await stage.shows(A1, B2);
});

test('more series than the first mapping holds cross in a larger one', async () => {
  const many = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`d${i}`, String(i)]));
  await using stage = new Stage(many);
  await stage.shows('test_value_bytes{device="d0"} 0', 'test_value_bytes{device="d1499"} 1499');
  expect(stage.scrape().filter((line) => line.startsWith('test_value_bytes'))).toHaveLength(1500);
  expect(readdirSync(stage.shared)).toEqual([]);
});

for (const [word, reason] of [
  ['abort', 'SIGABRT'],
  ['segv', 'SIGSEGV'],
  ['exit', 'exit'],
] as const) {
  test(`a child that ends by ${word} takes its values with it, is counted as ${reason} and comes back`, async () => {
    await using stage = new Stage({ a: '1', b: '2' });
    await stage.shows(A1);
    const { pid } = stage.supervisor.status();
    stage.put('b', word);
    await stage.hides('test_value_bytes', 'node_test_value');
    await stage.shows(
      'edgegauge_source_up{source="devices"} 0',
      'edgegauge_probe_up{source="test"} 0',
      `edgegauge_probe_restarts_total{source="test",reason="${reason}"} 1`,
    );
    expect(stage.scrape().join('\n')).toContain('edgegauge_source_last_success_timestamp_seconds');
    stage.put('b', '2');
    await stage.shows(A1, B2, 'edgegauge_source_up{source="devices"} 1');
    expect(stage.supervisor.status().pid).not.toBe(pid as number);
    expect(readdirSync(stage.shared)).toEqual([]);
  });
}

test('where crashes count, a child that crashed at a device is followed by one that leaves it out', async () => {
  const quarantine = new Quarantine({ crashes: true });
  await using stage = new Stage({ a: '1', b: '2' }, { quarantine });
  await stage.shows(A1, B2);
  stage.put('b', 'abort within');
  await stage.shows(A1, 'edgegauge_probe_devices_skipped{source="test"} 1');
  expect(stage.supervisor.status()).toMatchObject({
    lastError: expect.stringContaining(`was ended by SIGABRT at ${stage.device('b')}`),
    skipped: [{ device: stage.device('b') }],
    restarts: { SIGABRT: 1 },
  });
});

test('a source that throws is down in the child, which stays, and the log says why', async () => {
  await using stage = new Stage({ a: 'throw' });
  await stage.shows(
    'edgegauge_source_up{source="devices"} 0',
    'edgegauge_probe_up{source="test"} 1',
  );
  const [source] = stage.supervisor.status().sources;
  expect(source).toMatchObject({ status: 'failed', error: 'the device is broken' });
  expect(stage.logs.join('\n')).toContain('the device is broken');
});

test('a command that is not there is said, makes the probe ready as failed and is tried again', async () => {
  await using stage = new Stage({}, { argv: ['/nonexistent/edgegauge'] });
  expect(stage.supervisor.status()).toMatchObject({ state: 'failed', restarts: { spawn: 1 } });
  expect(stage.supervisor.status().lastError).toContain('/nonexistent/edgegauge');
  expect(stage.supervisor.ready).toBe(true);
  await stage.shows('edgegauge_probe_restarts_total{source="test",reason="spawn"} 2');
});

test('what an ended child said last is its error', async () => {
  const script = 'console.error("no room left"); process.exit(1)';
  await using stage = new Stage({}, { argv: [process.execPath, '-e', script] });
  await stage.shows('edgegauge_probe_restarts_total{source="test",reason="exit"} 1');
  expect(stage.supervisor.status().lastError).toBe('exited with 1: no room left');
});

test('sources that are expected are down, and say why, where no child lives to name them', async () => {
  const sources = [{ name: 'devices', collectors: ['test'] }];
  const script = 'console.error("no room left"); process.exit(1)';
  await using stage = new Stage({}, { sources, argv: [process.execPath, '-e', script] });
  expect(stage.scrape()).toContain('edgegauge_source_up{source="devices"} 0');
  expect(stage.supervisor.status().sources).toMatchObject([{ name: 'devices', status: 'new' }]);
  await stage.shows('edgegauge_probe_restarts_total{source="test",reason="exit"} 1');
  expect(stage.scrape()).toContain('edgegauge_source_up{source="devices"} 0');
  expect(stage.supervisor.status().sources).toMatchObject([
    {
      name: 'devices',
      collectors: ['test'],
      status: 'failed',
      error: 'exited with 1: no room left',
    },
  ]);
  await stage.supervisor.stop();
  expect(stage.scrape()).toEqual([]);
});

test('what a child says of its sources takes the place of what was expected', async () => {
  const sources = [{ name: 'devices', collectors: ['test'] }];
  await using stage = new Stage({ a: '1' }, { sources });
  await stage.shows(A1, 'edgegauge_source_up{source="devices"} 1');
  const up = stage.scrape().filter((line) => line.startsWith('edgegauge_source_up'));
  expect(up).toEqual(['edgegauge_source_up{source="devices"} 1']);
});

test('a sample is withdrawn when it is older than three intervals, and the next one is shown', async () => {
  await using stage = new Stage(
    { a: '1' },
    { intervals: { busy: 600_000, idle: 600_000, idleAfter: 0 } },
  );
  await stage.shows(A1);
  stage.ahead += 3 * 600_000 - 60_000;
  expect(stage.scrape()).toContain(A1);
  stage.ahead += 120_000;
  const late = stage.scrape();
  expect(late).not.toContain(A1);
  expect(late).toContain('edgegauge_source_up{source="devices"} 0');
  expect(late).toContain('edgegauge_probe_up{source="test"} 0');
  stage.supervisor.poll();
  await stage.shows(A1, 'edgegauge_probe_up{source="test"} 1');
});

test('the child polls at the idle interval until somebody reads, at the busy one then, and idly again', async () => {
  await using stage = new Stage(
    { a: '1' },
    { intervals: { busy: 20, idle: 3_600_000, idleAfter: 200 } },
  );
  await until(
    () => 'the first sample',
    () => stage.supervisor.ready,
  );
  stage.put('a', '5');
  // The only poll that could see it was over: only a scrape brings the next.
  stage.supervisor.sample();
  await stage.shows('test_value_bytes{device="a"} 5');
  // Nobody touches any more.
  await until(
    () => 'a sample older than any of the busy ones',
    () => {
      stage.supervisor.sample();
      return (stage.supervisor.status().sampleAgeSeconds ?? 0) > 1;
    },
  );
});

test('the child inherits none of the parent’s descriptors', async () => {
  const links = (pid: number | 'self'): string[] =>
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return [];
      }
    });
  using server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('') });
  const own = links('self').filter((l) => l.startsWith('socket:') || l.startsWith('pipe:'));
  expect(server.port).toBeGreaterThan(0);
  expect(own.length).toBeGreaterThan(0);
  await using stage = new Stage({ a: '1' });
  await stage.shows(A1);
  const childs = links(stage.supervisor.status().pid as number);
  expect(childs.length).toBeGreaterThan(2);
  expect(childs.filter((link) => own.includes(link))).toEqual([]);
});

test('stop() ends the child and takes every series away', async () => {
  await using stage = new Stage({ a: '1' });
  await stage.shows(A1);
  const { pid } = stage.supervisor.status();
  await stage.supervisor.stop();
  expect(() => process.kill(pid as number, 0)).toThrow('ESRCH');
  expect([...stage.layout.series()]).toEqual([]);
  expect(stage.scrape()).toEqual([]);
});

test('stop() right after the start leaves no file, whoever has made one by then', async () => {
  await using stage = new Stage({ a: '1' });
  await until(
    () => 'a file or the child’s sample',
    () => readdirSync(stage.shared).length > 0 || stage.supervisor.ready,
  );
  await stage.supervisor.stop();
  expect(readdirSync(stage.shared)).toEqual([]);
});
