import { expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FrameReader } from './frame.ts';
import { adoptMapping } from './mapping.ts';
import { Lines, type Order, parseMessage, type Report } from './messages.ts';

setDefaultTimeout(60_000);

const FIXTURE = fileURLToPath(new URL('probe.fixture.ts', import.meta.url));

/** A child whose parent is the test itself. */
class Child implements AsyncDisposable {
  readonly directory = mkdtempSync(`${tmpdir()}/edgegauge-child-`);
  readonly process: Bun.Subprocess<'pipe', 'pipe', 'pipe'>;
  readonly #reports: AsyncGenerator<Report>;

  constructor(...devices: string[]) {
    mkdirSync(`${this.directory}/devices`);
    mkdirSync(`${this.directory}/shared`);
    for (const device of devices) {
      mkdirSync(`${this.directory}/devices/${device}`);
      writeFileSync(`${this.directory}/devices/${device}/value`, '1');
    }
    const argv = [process.execPath, FIXTURE, `${this.directory}/devices`];
    this.process = Bun.spawn(argv, { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' });
    this.#reports = reports(this.process.stdout);
  }

  order(order: Order): void {
    this.process.stdin.write(`${JSON.stringify(order)}\n`);
    this.process.stdin.flush();
  }

  begin(interval = 3_600_000): void {
    this.order({ directory: `${this.directory}/shared`, owner: process.pid, interval, skip: [] });
  }

  /** The next report that says this. */
  async said<K extends keyof Report>(key: K): Promise<NonNullable<Report[K]>> {
    for (;;) {
      const { done, value } = await this.#reports.next();
      if (done) throw new Error(`the child ended without saying its ${key}`);
      if (value[key] !== undefined) return value[key];
    }
  }

  async frames(): Promise<FrameReader> {
    return new FrameReader(adoptMapping(`${this.directory}/shared`, await this.said('mapping')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.exited;
    rmSync(this.directory, { recursive: true });
  }
}

async function* reports(stream: ReadableStream<Uint8Array>): AsyncGenerator<Report> {
  const lines = new Lines();
  for await (const chunk of stream) {
    for (const line of lines.push(chunk)) yield parseMessage<Report>(line) ?? {};
  }
}

async function written(reader: FrameReader, count: number): Promise<void> {
  while (reader.written < count) await Bun.sleep(1);
}

test('a child ends when its standard input does, with 0, and leaves no file', async () => {
  await using child = new Child('a');
  child.begin();
  await child.said('topology');
  expect(readdirSync(`${child.directory}/shared`)).toHaveLength(1);
  child.process.stdin.end();
  expect(await child.process.exited).toBe(0);
  expect(readdirSync(`${child.directory}/shared`)).toEqual([]);
});

test('a child that was told nothing ends likewise', async () => {
  await using child = new Child();
  child.process.stdin.end();
  expect(await child.process.exited).toBe(0);
});

test('a child leaves the signals of its group to its parent', async () => {
  await using child = new Child('a');
  child.begin();
  const reader = await child.frames();
  await written(reader, 1);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) child.process.kill(signal);
  child.order({ poll: true });
  await written(reader, 2);
  expect(child.process.exitCode).toBeNull();
});

test('each order is followed by a poll at once, and the interval says when the next comes', async () => {
  await using child = new Child('a');
  child.begin();
  const reader = await child.frames();
  await written(reader, 1);
  child.order({ poll: true });
  await written(reader, 2);
  child.order({ interval: 1 });
  await written(reader, 20);
  expect(reader.interval).toBe(1);
});

test('what is told is the topology before its first frame, and the state of the sources', async () => {
  await using child = new Child('a', 'b');
  child.begin();
  const reader = await child.frames();
  const topology = await child.said('topology');
  const [sources] = await child.said('sources');
  await written(reader, 1);
  expect(reader.take()).toBe(true);
  expect(reader.version).toBe(topology.version);
  const slots = topology.series
    .filter((s) => topology.signals[s.signal]?.id === 'test.value')
    .map((s) => [s.labels['device'], reader.values[s.slot]]);
  expect(slots).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  expect(sources).toMatchObject({ name: 'devices', status: 'ok' });
});

test('a child that finds no room for its mapping ends and says why', async () => {
  await using child = new Child('a');
  child.order({ directory: `${child.directory}/none`, owner: process.pid });
  expect(await child.process.stderr.text()).toContain('ENOENT');
  expect(await child.process.exited).not.toBe(0);
});
