import { expect, setDefaultTimeout, test } from 'bun:test';
import { HangFs } from '../../test/fakes/hangfs.ts';
import { testWith } from '../../test/parts.ts';
import { Quarantine } from './quarantine.ts';
import { Stage, until } from './stage.fixture.ts';

setDefaultTimeout(60_000);

const A1 = 'test_value_bytes{device="a"} 1';
const B2 = 'test_value_bytes{device="b"} 2';
const deadline = 1000;

test('a device whose read hangs is left out by the next child, and the others are back', async () => {
  await using stage = new Stage({ a: '1', b: '2' }, { deadline });
  await stage.shows(A1, B2);
  const { pid } = stage.supervisor.status();
  stage.hang('a');
  await stage.shows(
    'edgegauge_probe_restarts_total{source="test",reason="deadline"} 1',
    'edgegauge_probe_devices_skipped{source="test"} 1',
    'edgegauge_probe_up{source="test"} 1',
    B2,
  );
  await stage.hides('test_value_bytes{device="a"}');
  const status = stage.supervisor.status();
  expect(status.skipped.map((s) => s.device)).toEqual([stage.device('a')]);
  expect(status.lastError).toBe(`hung at ${stage.device('a')}`);
  expect(() => process.kill(pid as number, 0)).toThrow('ESRCH');
});

test('a device that hangs again soon costs a second and not the deadline, and no growing wait', async () => {
  const quarantine = new Quarantine({ leftOut: { first: 500, last: 500 } });
  const backoff = { first: 50, last: 3_600_000 };
  await using stage = new Stage({ a: '1', b: '2' }, { deadline: 6000, quarantine, backoff });
  await stage.shows(A1, B2);
  stage.hang('a');
  await until(
    () => 'the first hang, which takes the deadline',
    () => {
      stage.ahead += 5;
      return stage.supervisor.status().restarts['deadline'] === 1;
    },
  );
  const started = performance.now();
  await stage.shows('edgegauge_probe_restarts_total{source="test",reason="deadline"} 3');
  expect(performance.now() - started).toBeLessThan(2 * 6000);
  stage.put('a', '7');
  await stage.shows('test_value_bytes{device="a"} 7', B2);
});

test('a device that hung is tried again when its time is over, by the same child', async () => {
  await using stage = new Stage({ a: '1', b: '2' }, { deadline });
  await stage.shows(A1);
  stage.hang('a');
  await stage.shows('edgegauge_probe_devices_skipped{source="test"} 1', B2);
  const { pid, skipped } = stage.supervisor.status();
  stage.put('a', '7');
  stage.ahead += skipped[0]?.retryIn ?? Number.NaN;
  await stage.shows(
    'test_value_bytes{device="a"} 7',
    'edgegauge_probe_devices_skipped{source="test"} 0',
  );
  expect(stage.supervisor.status().pid).toBe(pid as number);
});

test('a child that loops outside of any device is killed, and no device is blamed', async () => {
  await using stage = new Stage({ a: '1' }, { deadline });
  await stage.shows(A1);
  stage.put('a', 'loop');
  await stage.shows('edgegauge_probe_restarts_total{source="test",reason="deadline"} 1');
  expect(stage.supervisor.status()).toMatchObject({ skipped: [], lastError: 'hung somewhere' });
  stage.put('a', '1');
  await stage.shows(A1);
});

test('a child that never says anything is killed', async () => {
  const argv = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];
  await using stage = new Stage({}, { argv, deadline: 100 });
  await stage.shows('edgegauge_probe_restarts_total{source="test",reason="deadline"} 1');
  expect(stage.supervisor.ready).toBe(true);
});

test('stop() ends a child that hangs', async () => {
  await using stage = new Stage({ a: '1' });
  await stage.shows(A1);
  const { pid } = stage.supervisor.status();
  stage.hang('a');
  await stage.shows('edgegauge_probe_up{source="test"} 0');
  const started = performance.now();
  await stage.supervisor.stop();
  expect(performance.now() - started).toBeLessThan(2000);
  expect(() => process.kill(pid as number, 0)).toThrow('ESRCH');
});

testWith(
  ['fuse'],
  'a child that cannot be killed at a device is replaced by one that leaves the device out, until it ends',
  async () => {
    await using hangs = await HangFs.mount({ x: '1' });
    await using stage = new Stage({ b: '2' }, { deadline });
    stage.link('a', `${hangs.path}/x`);
    await stage.shows(A1, B2);
    const { pid } = stage.supervisor.status();
    await hangs.hold('x');
    await hangs.held('x');
    await stage.shows(
      B2,
      'edgegauge_probe_restarts_total{source="test",reason="deadline"} 1',
      'edgegauge_probe_devices_skipped{source="test"} 1',
    );
    await until(
      () => 'a stuck second',
      () => stuckSeconds(stage) > 1,
    );
    expect(stage.supervisor.status()).toMatchObject({
      state: 'running',
      stuck: [{ pid: pid as number, device: stage.device('a') }],
      skipped: [{ device: stage.device('a'), retryIn: undefined }],
    });
    process.kill(pid as number, 0);

    await hangs.free();
    await stage.shows('edgegauge_probe_stuck_seconds{source="test"} 0', B2);
    expect(() => process.kill(pid as number, 0)).toThrow('ESRCH');
    const [left] = stage.supervisor.status().skipped;
    stage.ahead += left?.retryIn ?? 0;
    await stage.shows(A1, B2);
  },
);

testWith(
  ['fuse'],
  'three stuck children are the most, and the next starts when one of them has ended',
  async () => {
    await using hangs = await HangFs.mount({ x: '1', y: '2', z: '3' });
    await using stage = new Stage({ b: '2' }, { deadline });
    for (const name of ['x', 'y', 'z']) {
      stage.link(name, `${hangs.path}/${name}`);
      await hangs.hold(name);
    }
    await until(
      () => `state stuck in ${JSON.stringify(stage.supervisor.status())}`,
      () => stage.supervisor.status().state === 'stuck',
    );
    const { stuck, pid } = stage.supervisor.status();
    expect(stuck.map((s) => s.device)).toEqual(['x', 'y', 'z'].map((n) => stage.device(n)));
    expect(pid).toBeUndefined();
    expect(stage.supervisor.ready).toBe(true);
    await stage.hides('test_value_bytes');
    await hangs.free();
    await stage.shows(B2, 'edgegauge_probe_stuck_seconds{source="test"} 0');
  },
);

testWith(
  ['fuse'],
  'a child that cannot be killed outside of a guarded device is not replaced before it ends',
  async () => {
    await using hangs = await HangFs.mount({ x: '1' });
    await using stage = new Stage({ b: '2', unguarded: '' }, { deadline });
    await stage.shows(B2);
    stage.link('unguarded', `${hangs.path}/x`);
    await hangs.hold('x');
    await hangs.held('x');
    await until(
      () => 'state stuck',
      () => stage.supervisor.status().state === 'stuck',
    );
    expect(stage.supervisor.status().pid).toBeUndefined();
    expect(stage.supervisor.status().lastError).toBe('hung somewhere');
    await hangs.free();
    await stage.shows(B2);
  },
);

testWith(
  ['fuse'],
  'a child that died while a helper thread of it cannot be killed is replaced',
  async () => {
    await using hangs = await HangFs.mount({ x: '1' });
    await using stage = new Stage({ b: '2' }, { deadline });
    await stage.shows(B2);
    await hangs.hold('x');
    stage.link('background', `${hangs.path}/x`);
    await hangs.held('x');
    const { pid } = stage.supervisor.status();
    stage.remove('background');
    process.kill(pid as number, 'SIGKILL');
    await until(
      () => 'the child held',
      () => stage.supervisor.status().stuck.length === 1,
    );
    await stage.shows(B2, 'edgegauge_probe_up{source="test"} 1');
    expect(stage.supervisor.status()).toMatchObject({
      state: 'running',
      stuck: [{ pid: pid as number, device: undefined }],
    });
    await hangs.free();
    await stage.shows('edgegauge_probe_stuck_seconds{source="test"} 0');
  },
);

testWith(
  ['fuse'],
  'stop() does not wait for a child that cannot be killed, and a successor knows of it',
  async () => {
    await using hangs = await HangFs.mount({ x: '1' });
    const quarantine = new Quarantine();
    const stage = new Stage({ b: '2' }, { quarantine });
    stage.link('a', `${hangs.path}/x`);
    await stage.shows(A1);
    const { pid } = stage.supervisor.status();
    await hangs.hold('x');
    await hangs.held('x');
    const started = performance.now();
    await stage.supervisor.stop();
    expect(performance.now() - started).toBeLessThan(2000);
    process.kill(pid as number, 0);
    expect(quarantine.stuck.map((s) => s.pid)).toEqual([pid as number]);
    await stage[Symbol.asyncDispose]();
  },
);

const stuckSeconds = (stage: Stage): number =>
  Number(
    stage
      .scrape()
      .find((line) => line.startsWith('edgegauge_probe_stuck_seconds'))
      ?.split(' ')[1],
  );
