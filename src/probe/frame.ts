/**
 * The memory that a probe and its parent share: numbers cross in it without a system call or a copy
 * through a pipe. Two frames are written in turn, each between two steps of its own sequence number
 * (odd: being written), so the reader sees a whole sample or knows that it does not.
 *
 *     int32 0…15    magic, capacity, frames written, heartbeat, interval, length of the device's name
 *     int32 16…23   head of frame 0: sequence, topology version, slots, interval, time (double)
 *     int32 24…31   head of frame 1
 *     byte 4096     path of the device that is being read, UTF-8
 *     byte 8192     values of frame 0, then of frame 1
 */

const MAGIC = 0x31_47_45_70;
const AT = { magic: 0, capacity: 1, written: 2, heartbeat: 3, interval: 4, device: 5 } as const;
const HEAD = { sequence: 0, version: 1, count: 2, interval: 3, time: 4 } as const;
const HEADS = 16;
const HEAD_WORDS = 8;
const DEVICE_BYTE = 4096;
const DEVICE_ROOM = 4096;
const VALUES_BYTE = 8192;

/** Times that a reader tries before it keeps what it has. */
const TRIES = 3;

/** Bytes of a mapping whose frames hold `capacity` slots each. */
export const mappingSize = (capacity: number): number => VALUES_BYTE + 2 * capacity * 8;

/** Makes zeroed bytes of `mappingSize(capacity)` a mapping. */
export function initialise(bytes: Uint8Array, capacity: number): void {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, 2);
  words[AT.magic] = MAGIC;
  words[AT.capacity] = capacity;
}

const scratch = new Int32Array(1);

/**
 * Nothing before it is seen after anything behind it, on arm64 too: there a release store orders only
 * what came before it and an acquire load only what follows, so neither alone keeps a sequence number
 * in its place, but a release store is never overtaken by a later acquire load.
 */
function fence(): void {
  Atomics.store(scratch, 0, 0);
  Atomics.load(scratch, 0);
}

/** Views of a mapping. The array that Bun.mmap gave is kept: the memory lives as long as it. */
class Mapping {
  readonly capacity: number;
  protected readonly words: Int32Array;
  protected readonly device: Uint8Array;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, DEVICE_BYTE / 4);
    this.capacity = this.words[AT.capacity] as number;
    if (this.words[AT.magic] !== MAGIC || bytes.length < mappingSize(this.capacity)) {
      throw new Error('this is no mapping of a probe');
    }
    this.device = new Uint8Array(bytes.buffer, bytes.byteOffset + DEVICE_BYTE, DEVICE_ROOM);
  }

  protected frame(f: number): Float64Array {
    const { buffer, byteOffset } = this.#bytes;
    const at = byteOffset + VALUES_BYTE + f * this.capacity * 8;
    return new Float64Array(buffer, at, this.capacity);
  }

  protected time(f: number): Float64Array {
    const { buffer, byteOffset } = this.#bytes;
    return new Float64Array(buffer, byteOffset + 4 * (head(f) + HEAD.time), 1);
  }
}

const head = (f: number): number => HEADS + f * HEAD_WORDS;

/** The child's side. */
export class FrameWriter extends Mapping {
  readonly #values = [this.frame(0), this.frame(1)] as const;
  readonly #times = [this.time(0), this.time(1)] as const;
  readonly #encoder = new TextEncoder();

  /** A sign of life. */
  beat(): void {
    Atomics.add(this.words, AT.heartbeat, 1);
  }

  /** Milliseconds between polls from now on. */
  interval(ms: number): void {
    Atomics.store(this.words, AT.interval, ms);
  }

  /** Notes the device that is about to be read. A path longer than the room is cut. */
  enter(device: string): void {
    Atomics.store(this.words, AT.device, 0);
    const { written } = this.#encoder.encodeInto(device, this.device);
    Atomics.store(this.words, AT.device, written);
  }

  /** The device answered. */
  leave(): void {
    Atomics.store(this.words, AT.device, 0);
  }

  /** Writes slots 0…count-1 as the newest frame. `version`: of the topology; `time`: Unix seconds. */
  write(values: Float64Array, count: number, version: number, time: number): void {
    const { words } = this;
    const written = Atomics.load(words, AT.written) + 1;
    const f = (written & 1) as 0 | 1;
    const h = head(f);
    const sequence = Atomics.load(words, h + HEAD.sequence);
    Atomics.store(words, h + HEAD.sequence, sequence + 1);
    fence();
    words[h + HEAD.version] = version;
    words[h + HEAD.count] = count;
    words[h + HEAD.interval] = Atomics.load(words, AT.interval);
    this.#times[f][0] = time;
    this.#values[f].set(count === values.length ? values : values.subarray(0, count));
    Atomics.store(words, h + HEAD.sequence, sequence + 2);
    Atomics.store(words, AT.written, written);
  }
}

/** The parent's side. Reading allocates nothing. */
export class FrameReader extends Mapping {
  /** The frame that `take` took last, its topology version, its slots, its time in Unix seconds. */
  readonly values: Float64Array = new Float64Array(this.capacity);
  version = 0;
  count = 0;
  sampleTime: number = Number.NaN;
  #frameInterval = 0;
  readonly #values = [this.frame(0), this.frame(1)] as const;
  readonly #times = [this.time(0), this.time(1)] as const;

  /** Frames written so far: moves when there is a newer one. */
  get written(): number {
    return Atomics.load(this.words, AT.written);
  }

  get heartbeat(): number {
    return Atomics.load(this.words, AT.heartbeat);
  }

  /** Milliseconds between polls: the longer of the present one and that of the last frame taken, between which a switch may lie. */
  get interval(): number {
    return Math.max(Atomics.load(this.words, AT.interval), this.#frameInterval);
  }

  /** Whether the child is at a device. */
  get reading(): boolean {
    return Atomics.load(this.words, AT.device) > 0;
  }

  /** The device that the child is at, undefined between devices. Allocates. */
  get currentDevice(): string | undefined {
    const length = Atomics.load(this.words, AT.device);
    if (length <= 0 || length > DEVICE_ROOM) return undefined;
    return new TextDecoder().decode(this.device.slice(0, length));
  }

  /** Copies the newest frame into `values`; false (and `values` worthless) where there is none or it would not hold still. */
  take(): boolean {
    const { words } = this;
    for (let i = 0; i < TRIES; i++) {
      const written = Atomics.load(words, AT.written);
      if (written === 0) return false;
      const f = (written & 1) as 0 | 1;
      const h = head(f);
      const sequence = Atomics.load(words, h + HEAD.sequence);
      if ((sequence & 1) === 1) continue;
      this.version = words[h + HEAD.version] as number;
      this.count = Math.min(words[h + HEAD.count] as number, this.capacity);
      this.#frameInterval = words[h + HEAD.interval] as number;
      this.sampleTime = this.#times[f][0] as number;
      const from = this.#values[f];
      for (let k = 0; k < this.count; k++) this.values[k] = from[k] as number;
      fence();
      if (Atomics.load(words, h + HEAD.sequence) === sequence) return true;
    }
    return false;
  }
}
