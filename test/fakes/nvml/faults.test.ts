/** What the fake does to a process that uses it: seen by a C program, so that no runtime is in between. */
import { expect } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { testWith } from '../../parts.ts';
import { HangFs } from '../hangfs.ts';
import { buildClient } from './client.ts';
import { FakeNvml } from './nvml.ts';

const NEEDS = ['cc', 'nvmlHeader'] as const;

type Arguments = readonly [what: 'power' | 'memory' | 'events' | 'has', of?: string | number];

/** Starts the client with a fake. */
function spawn(include: string, fake: FakeNvml, ...args: Arguments) {
  const argv = [buildClient(include), fake.library, ...args.map(String)];
  const env = { ...process.env, ...fake.env };
  return Bun.spawn(argv, { env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
}

/** What the client said until it ended. */
async function run(include: string, fake: FakeNvml, ...args: Arguments) {
  await using child = spawn(include, fake, ...args);
  const [out, error] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return {
    lines: out.split('\n').slice(0, -1),
    error,
    signal: child.signalCode,
    rc: child.exitCode,
  };
}

const answers = (count: number): string[] => Array(count).fill('0 210500 0');

testWith(NEEDS, 'a C program is answered as the header says', async ({ nvmlHeader }) => {
  using fake = new FakeNvml('h200x8', { elapsed: 0 });
  const memory = await run(nvmlHeader, fake, 'memory');
  expect(memory).toEqual({
    lines: ['0 150754820096 138412032000'],
    error: '',
    signal: null,
    rc: 0,
  });
  expect((await run(nvmlHeader, fake, 'power', 2)).lines).toEqual(['0 612000 0', '0 612000 0']);
});

testWith(NEEDS, 'a function that is missing is not found by dlsym', async ({ nvmlHeader }) => {
  using old = new FakeNvml('driver470');
  expect((await run(nvmlHeader, old, 'has', 'nvmlDeviceGetMemoryInfo_v2')).rc).toBe(1);
  expect((await run(nvmlHeader, old, 'has', 'nvmlDeviceGetMemoryInfo')).rc).toBe(0);
  expect((await run(nvmlHeader, old, 'memory')).error).toContain('undefined symbol');
});

testWith(
  NEEDS,
  'abort and segfault end the process in the call that they are said of',
  async ({ nvmlHeader }) => {
    for (const [name, signal] of [
      ['abort', 'SIGABRT'],
      ['segfault', 'SIGSEGV'],
    ] as const) {
      using fake = new FakeNvml(name);
      const end = await run(nvmlHeader, fake, 'power', 20);
      expect(end).toMatchObject({ lines: answers(10), signal });
      await fake.reached(`${name} PowerUsage`);
      // Of each process anew.
      expect((await run(nvmlHeader, fake, 'power', 20)).lines.length).toBe(10);
      fake.set('gpu 0', 'PowerUsage', 210_500);
      expect(await run(nvmlHeader, fake, 'power', 20)).toMatchObject({ lines: answers(20), rc: 0 });
    }
  },
);

testWith(NEEDS, 'a hang lasts until the process is killed', async ({ nvmlHeader }) => {
  using fake = new FakeNvml('hang');
  await using child = spawn(nvmlHeader, fake, 'power', 20);
  expect(await fake.reached('hang PowerUsage')).toBe(child.pid);
  fake.set('gpu 0', 'PowerUsage', 1);
  child.kill('SIGTERM');
  await child.exited;
  expect(child.signalCode).toBe('SIGTERM');
  expect((await child.stdout.text()).split('\n').slice(0, -1)).toEqual(answers(10));
});

testWith(
  [...NEEDS, 'fuse'],
  'a hang in a file is not ended by SIGKILL, but by an answer',
  async ({ nvmlHeader }) => {
    await using fs = await HangFs.mount({ stuck: 'x' });
    using fake = new FakeNvml('hang-file');
    await fs.hold('stuck');
    fake.set('gpu 0', 'PowerUsage', `210500; hang-file ${fs.path}/stuck 210500 after 3 calls`);
    const child = spawn(nvmlHeader, fake, 'power', 20);
    await fake.reached('hang-file PowerUsage');
    await fs.held('stuck');
    child.kill('SIGKILL');
    // The signal was taken, and the process is still there: this is what "stuck" is.
    expect(child.signalCode).toBeNull();
    expect(() => process.kill(child.pid, 0)).not.toThrow();
    await fs.free();
    await child.exited;
    expect(child.signalCode).toBe('SIGKILL');
  },
);

testWith(NEEDS, 'a driver that is not loaded is there at a later try', async ({ nvmlHeader }) => {
  using fake = new FakeNvml('no-driver');
  expect((await run(nvmlHeader, fake, 'power')).lines).toEqual(['9 0 0']);
  const nvml = fake.open();
  expect([nvml.init(), nvml.init(), nvml.init(), nvml.init()]).toEqual([9, 9, 9, 0]);
  fake.set('system', 'Init', 'SUCCESS');
  expect((await run(nvmlHeader, fake, 'power')).lines).toEqual(answers(1));
});

testWith(
  NEEDS,
  'a library whose driver was replaced under it never works again in its process',
  async ({ nvmlHeader }) => {
    using fake = new FakeNvml('mismatch');
    const nvml = fake.open();
    expect(nvml.init()).toBe(18);
    fake.set('system', 'Init', 'SUCCESS');
    expect(nvml.init()).toBe(18);
    expect((await run(nvmlHeader, fake, 'power')).lines).toEqual(answers(1));
  },
);

testWith(NEEDS, 'an XID wakes the process that waits for events', async ({ nvmlHeader }) => {
  using fake = new FakeNvml('h200x8');
  await using child = spawn(nvmlHeader, fake, 'events', 2);
  for (let gpu = 0; gpu < 8; gpu++) await fake.reached('registered RegisterEvents');
  await fake.reached('call EventSetWait');
  fake.xid(6, 79);
  fake.xid(1, 31);
  expect((await child.stdout.text()).split('\n').slice(0, -1)).toEqual(['0 6 79', '0 1 31']);
  expect(await child.exited).toBe(0);
});

testWith(NEEDS, 'slow calls take as long as they are said to', async ({ nvmlHeader }) => {
  using fake = new FakeNvml('slow');
  const from = performance.now();
  expect((await run(nvmlHeader, fake, 'power', 5)).lines).toEqual(answers(5));
  expect(performance.now() - from).toBeGreaterThan(100);
});

testWith(
  NEEDS,
  'a scenario with a mistake says where, and the library does not start',
  async ({ nvmlHeader }) => {
    using fake = new FakeNvml('gb10');
    for (const [line, mistake] of [
      ['[gpu 0]\nPowerUsag = 1', 'no such key'],
      ['[gpu 0]\nClockInfo.fast = 1', 'no such argument'],
      ['[gpu 0]\nClockInfo = 1', 'a number of what?'],
      ['[gpu 0]\nPowerUsage =', 'no value'],
      ['[gpu 0]\nusedGpuMemory = 1', 'not a key of this section'],
      ['[gpu 0]\nxid = seventy', 'no such event'],
      ['[gpu 0 disk 1]\n', 'no such section'],
      ['[gpu 0]\nPowerUsage', 'expected `key = value`'],
    ] as const) {
      writeFileSync(fake.path, `# 1\n${line}\n`);
      const { lines, error } = await run(nvmlHeader, fake, 'power');
      expect(lines).toEqual(['999 0 0']);
      expect(error).toContain(`fake nvml: ${fake.path}:${line.endsWith('\n') ? 2 : 3}: ${mistake}`);
    }
  },
);

testWith(NEEDS, 'a value that is no number is said, and the call fails', async ({ nvmlHeader }) => {
  using fake = new FakeNvml('gb10');
  fake.set('gpu 0', 'PowerUsage', 'NOT_SUPORTED');
  const { lines, error } = await run(nvmlHeader, fake, 'power');
  expect(lines).toEqual(['999 0 0']);
  expect(error).toContain('PowerUsage: "NOT_SUPORTED" is no number');
});
