import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FrameReader, FrameWriter, initialise, mappingSize } from './frame.ts';
import { createMapping } from './mapping.ts';

const FRAMES = 5000;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Both sides of one piece of memory. */
function pair(capacity: number): { bytes: Uint8Array; writer: FrameWriter; reader: FrameReader } {
  const bytes = new Uint8Array(mappingSize(capacity));
  initialise(bytes, capacity);
  return { bytes, writer: new FrameWriter(bytes), reader: new FrameReader(bytes) };
}

test('take() answers false before the first frame, and then copies the newest', () => {
  const { writer, reader } = pair(4);
  expect(reader.take()).toBe(false);
  expect(reader.written).toBe(0);
  writer.interval(1000);
  writer.write(Float64Array.of(1, 2, Number.NaN, 9), 3, 7, 1_763_600_000.5);
  writer.write(Float64Array.of(0.1, 2 ** 63, Number.NaN, 9), 3, 8, 1_763_600_001.5);
  expect(reader.written).toBe(2);
  expect(reader.take()).toBe(true);
  expect([...reader.values.subarray(0, 3)]).toEqual([0.1, 2 ** 63, Number.NaN]);
  expect(reader).toMatchObject({ version: 8, count: 3, sampleTime: 1_763_600_001.5 });
});

test('take() gives up a frame that stays half written', () => {
  const { bytes, writer, reader } = pair(2);
  writer.write(Float64Array.of(1, 1), 2, 1, 1);
  // A writer that was killed between the two steps of the sequence number of frame 1.
  new Int32Array(bytes.buffer)[24] = 3;
  expect(reader.take()).toBe(false);
  writer.write(Float64Array.of(2, 2), 2, 1, 2);
  expect(reader.take()).toBe(true);
  expect([...reader.values]).toEqual([2, 2]);
});

test('the interval is the longer of the present one and that of the frame, so that a switch is no gap', () => {
  const { writer, reader } = pair(1);
  writer.interval(10_000);
  writer.write(Float64Array.of(1), 1, 1, 1);
  reader.take();
  writer.interval(1000);
  expect(reader.interval).toBe(10_000);
  writer.write(Float64Array.of(1), 1, 1, 2);
  reader.take();
  expect(reader.interval).toBe(1000);
  writer.interval(10_000);
  expect(reader.interval).toBe(10_000);
});

test('the device is there between enter and leave, whatever its length and letters', () => {
  const { writer, reader } = pair(1);
  expect(reader.currentDevice).toBeUndefined();
  writer.enter('/sys/class/hwmon/hwmon3');
  expect(reader.reading).toBe(true);
  expect(reader.currentDevice).toBe('/sys/class/hwmon/hwmon3');
  writer.enter('/mnt/größe');
  expect(reader.currentDevice).toBe('/mnt/größe');
  writer.enter(`/${'x'.repeat(5000)}`);
  expect(reader.currentDevice).toBe(`/${'x'.repeat(4095)}`);
  writer.leave();
  expect(reader.reading).toBe(false);
  expect(reader.currentDevice).toBeUndefined();
});

test('beat() moves the heartbeat', () => {
  const { writer, reader } = pair(1);
  const before = reader.heartbeat;
  writer.beat();
  expect(reader.heartbeat).not.toBe(before);
});

test('memory that is no mapping, or too small for what it says, is refused', () => {
  expect(() => new FrameReader(new Uint8Array(mappingSize(1)))).toThrow('no mapping');
  const cut = new Uint8Array(mappingSize(1));
  initialise(cut, 100);
  expect(() => new FrameReader(cut)).toThrow('no mapping');
});

test('a reader never sees half of one frame and half of another, however fast they come', async () => {
  const directory = mkdtempSync('/dev/shm/edgegauge-frame-');
  const { name, bytes } = createMapping(directory, process.pid, 1000);
  const reader = new FrameReader(bytes);
  const fixture = fileURLToPath(new URL('frame.fixture.ts', import.meta.url));
  const child = Bun.spawn([process.execPath, fixture, `${directory}/${name}`]);
  let seen = 0;
  let torn = 0;
  let last = 0;
  let spins = 0;
  while (seen < FRAMES && child.exitCode === null) {
    if (reader.written === last || !reader.take()) {
      // Both may share one processor: the other side gets it, and is interrupted at any point of its work.
      if (++spins % 100 === 0) Atomics.wait(pause, 0, 0, 0.05);
      continue;
    }
    seen++;
    last = reader.sampleTime;
    if (reader.version !== last || reader.values.some((v) => v !== last)) torn++;
  }
  child.kill();
  await child.exited;
  rmSync(directory, { recursive: true });
  expect(torn).toBe(0);
  expect(seen).toBe(FRAMES);
}, 60_000);
