/** The guard (src/sensors/guard.ts) of a supervised probe: the device goes into the shared mapping before it is touched. */
import type { FrameWriter } from './frame.ts';

export class ChildGuard {
  /** Replaced when the mapping grows. */
  writer: FrameWriter;
  #skip: ReadonlySet<string> = new Set();

  constructor(writer: FrameWriter) {
    this.writer = writer;
  }

  skip(devices: readonly string[]): void {
    this.#skip = new Set(devices);
  }

  /** False for a device that hung a former child. */
  enter(device: string): boolean {
    if (this.#skip.has(device)) return false;
    // In this order: whoever sees the device sees the sign of life too.
    this.writer.beat();
    this.writer.enter(device);
    return true;
  }

  leave(): void {
    this.writer.leave();
  }
}
