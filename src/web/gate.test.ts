import { expect, test } from 'bun:test';
import { Gate } from './gate.ts';

/** Work that ends when it is told to, and counts itself. */
class Work {
  running = 0;
  most = 0;
  readonly #ends: (() => void)[] = [];

  readonly run = async (): Promise<string> => {
    this.running++;
    this.most = Math.max(this.most, this.running);
    await new Promise<void>((resolve) => this.#ends.push(resolve));
    this.running--;
    return 'done';
  };

  /** Ends the one that has run for longest; waits until the next has begun. */
  async end(): Promise<void> {
    this.#ends.shift()?.();
    await Bun.sleep(0);
  }
}

test('runs no more at once than it may, and everything in the end', async () => {
  const gate = new Gate({ running: 2, perClient: 9, all: 9 });
  const work = new Work();
  const all = Array.from({ length: 9 }, () => gate.enter('a', work.run));
  expect(all).not.toContain(undefined);
  for (let i = 0; i < 9; i++) await work.end();
  expect(await Promise.all(all)).toEqual(Array(9).fill('done'));
  expect(work.most).toBe(2);
  expect(gate.inside).toBe(0);
});

test('refuses at once what is too much of one client, and lets another in', async () => {
  const gate = new Gate({ running: 1, perClient: 2, all: 3 });
  const work = new Work();
  const enter = (client: string): boolean => gate.enter(client, work.run) !== undefined;
  expect(['a', 'a', 'a', 'b', 'c'].map(enter)).toEqual([true, true, false, true, false]);
  await work.end();
  expect(['c', 'a'].map(enter)).toEqual([true, false]);
});

test('who comes when one ends does not get in beside who waits', async () => {
  const gate = new Gate({ running: 1, perClient: 9, all: 9 });
  const work = new Work();
  const first = gate.enter('a', work.run);
  void gate.enter('a', work.run);
  const late = first?.then(() => void gate.enter('b', work.run));
  await work.end();
  await late;
  await Bun.sleep(0);
  expect([work.running, work.most]).toEqual([1, 1]);
});

test('work that fails makes room', async () => {
  const gate = new Gate({ running: 1, perClient: 1, all: 1 });
  const failing = gate.enter('a', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await gate.enter('a', async () => 'yes')).toBe('yes');
});
