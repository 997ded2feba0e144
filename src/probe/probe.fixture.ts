/**
 * The child of the tests: every directory below its argument is a device, and the file `value` in it its
 * number, or a word that says what befalls the child when it reads it. A FIFO hangs it. The device
 * "unguarded" is read without the guard; "background" by a thread of the pool. "told" is no directory: its
 * number is what the child was told at its start.
 */
import { promises, readdirSync, readFileSync } from 'node:fs';
import type { Draft } from '../board/layout.ts';
import { NoData, SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { signals } from '../catalog/signal.ts';
import { runProbe } from './child.ts';
import type { ChildGuard } from './child-guard.ts';

const TEST = signals('test', {
  value: {
    type: 'gauge',
    unit: 'bytes',
    help: 'What the file of a device says.',
    labels: ['device'],
    native: 'test_value_bytes',
    node: { name: 'node_test_value_kb', scale: 0.001 },
  },
});

const BEFALLS: Record<string, () => void> = {
  abort: () => process.abort(),
  exit: () => process.exit(3),
  loop: () => {
    for (;;);
  },
  segv: () => process.kill(process.pid, 'SIGSEGV'),
  throw: () => {
    throw new Error('the device is broken');
  },
};

class Devices implements Source {
  readonly name = 'devices';
  readonly collectors = ['test'];
  readonly #root: string;
  readonly #guard: ChildGuard;
  readonly #told: unknown;
  #toldSlot = 0;
  #devices: { path: string; slot: number }[] = [];

  constructor(root: string, guard: ChildGuard, told: unknown) {
    this.#root = root;
    this.#guard = guard;
    this.#told = told;
  }

  discover(draft: Draft): void {
    const names = readdirSync(this.#root).sort();
    if (names.length === 0) throw new NoData('no devices');
    if (this.#told !== undefined) this.#toldSlot = draft.slot(TEST.value, { device: 'told' });
    this.#devices = names.map((device) => ({
      path: `${this.#root}/${device}`,
      slot: draft.slot(TEST.value, { device }),
    }));
  }

  sample(values: Float64Array): SampleCode {
    if (this.#told !== undefined) values[this.#toldSlot] = Number(this.#told);
    for (const { path, slot } of this.#devices) {
      values[slot] = Number.NaN;
      if (path.endsWith('/unguarded')) this.#guard.leave();
      else if (!this.#guard.enter(path)) continue;
      let text: string;
      try {
        if (path.endsWith('/background')) {
          promises.readFile(`${path}/value`).catch(() => {});
          this.#guard.leave();
          continue;
        }
        text = readFileSync(`${path}/value`, 'utf8').trim();
      } catch {
        return SAMPLE.rescan;
      }
      if (text === 'abort within') process.abort();
      this.#guard.leave();
      BEFALLS[text]?.();
      if (text !== '') values[slot] = Number(text);
    }
    return SAMPLE.ok;
  }

  close(): void {}
}

const root = process.argv[2] ?? '';
await runProbe({
  sources: (guard, { tell }) => (root === '' ? [] : [new Devices(root, guard, tell)]),
  rediscover: 200,
  ...(process.argv[3] === undefined ? {} : { collect: Number(process.argv[3]) }),
});
