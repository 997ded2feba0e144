import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { signals } from '../catalog/signal.ts';
import { FrameWriter } from './frame.ts';
import { Incarnation } from './incarnation.ts';
import { createMapping } from './mapping.ts';
import { ProbeProcess } from './process.ts';
import { encodeTopology } from './topology.ts';

const TEST = signals('test', {
  value: { type: 'gauge', help: 'A value.', labels: ['device'], native: 'test_value' },
});

/** A child of which the test is the writing side. */
class Played implements Disposable {
  readonly incarnation: Incarnation;
  readonly parent = new Layout(new Board());
  writer: FrameWriter;
  readonly #child = new Layout(new Board());
  readonly #directory = mkdtempSync(`${tmpdir()}/edgegauge-incarnation-`);

  constructor() {
    const silent = { output() {}, error() {}, exit() {} };
    this.incarnation = new Incarnation(new ProbeProcess(['true'], {}, silent), 0);
    this.writer = this.map();
  }

  map(): FrameWriter {
    const { name, bytes } = createMapping(this.#directory, process.pid, 16);
    this.report({ mapping: name });
    this.writer = new FrameWriter(bytes);
    return this.writer;
  }

  /** The devices that there are from now on; `tell` what the parent is told of it. */
  declare(...devices: string[]): { tell: () => void } {
    const draft = this.#child.draft('any');
    for (const device of devices) draft.slot(TEST.value, { device });
    draft.commit();
    const topology = encodeTopology(this.#child);
    return { tell: () => this.report({ topology }) };
  }

  write(value: number): void {
    const { board, version } = this.#child;
    this.writer.write(new Float64Array(board.used).fill(value), board.used, version, value);
  }

  shown(device: string): number {
    const series = [...this.parent.series()].find((s) => s.labels['device'] === device);
    return this.parent.board.values[series?.slot ?? -1] ?? Number.NaN;
  }

  take(now: number): boolean {
    return this.incarnation.take(this.parent.board.values, now);
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true });
  }

  private report(report: Parameters<Incarnation['report']>[0]): void {
    this.incarnation.report(report, this.parent, 'probe:x', this.#directory);
  }
}

test('take() waits with a frame for the topology that it belongs to, and keeps what it has', () => {
  using child = new Played();
  child.declare('a').tell();
  child.write(1);
  expect(child.take(0)).toBe(true);
  expect(child.shown('a')).toBe(1);

  const changed = child.declare('b', 'a');
  child.write(2);
  expect(child.take(10)).toBe(false);
  expect(child.shown('a')).toBe(1);
  changed.tell();
  expect(child.take(20)).toBe(true);
  expect([child.shown('a'), child.shown('b')]).toEqual([2, 2]);
});

test('take() does not take a frame of the old topology under the new one', () => {
  using child = new Played();
  child.declare('a').tell();
  child.write(1);
  child.declare('b').tell();
  expect(child.take(0)).toBe(false);
  expect(child.shown('b')).toBeNaN();
  child.write(2);
  expect(child.take(0)).toBe(true);
  expect(child.shown('b')).toBe(2);
});

test('take() goes on in a larger mapping, whatever the count of its frames', () => {
  using child = new Played();
  child.declare('a').tell();
  child.write(1);
  expect(child.take(0)).toBe(true);
  child.map();
  expect(child.take(10)).toBe(false);
  child.write(2);
  expect(child.take(20)).toBe(true);
  expect(child.shown('a')).toBe(2);
});

test('a sample’s age counts from when it was first seen, not from when it was taken', () => {
  using child = new Played();
  child.declare('a').tell();
  expect(child.incarnation.age(50)).toBeNaN();
  child.write(1);
  child.incarnation.observe(100, 1000);
  expect(child.incarnation.sampled).toBe(true);
  expect(child.take(5000)).toBe(true);
  expect(child.incarnation.age(5000)).toBe(4900);
});

test('time without a sign of life adds up, a long pause of the parent counts as one look, and a sign ends it', () => {
  using child = new Played();
  const { incarnation, writer } = child;
  writer.beat();
  incarnation.observe(1000, 2000);
  expect(incarnation.still).toBe(0);
  incarnation.observe(2000, 2000);
  incarnation.observe(3000, 2000);
  expect(incarnation.still).toBe(2000);
  // The machine slept for an hour.
  incarnation.observe(3_603_000, 2000);
  expect(incarnation.still).toBe(4000);
  writer.beat();
  incarnation.observe(3_604_000, 2000);
  expect(incarnation.still).toBe(0);
});
