import { afterEach, beforeEach, expect, test } from 'bun:test';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signature, type Watch, watch } from './watch.ts';

let folder: string;
let watched: Watch;
let changes: number;
/** Resolves at the next change. */
let next: PromiseWithResolvers<void>;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgegauge-watch-'));
  changes = 0;
  next = Promise.withResolvers();
  watched = watch(async () => {
    changes++;
    next.resolve();
    next = Promise.withResolvers();
  }, 5);
});
afterEach(() => {
  watched.close();
  rmSync(folder, { recursive: true });
});

async function follow(...names: readonly string[]): Promise<void> {
  const files = names.map(at);
  watched.follow(files, await signature(files));
}

test('tells of a write, a write of the same size in the same time, a rename, a removal and a return', async () => {
  writeFileSync(at('a'), 'one');
  await follow('a');
  const changed = async (change: () => void): Promise<void> => {
    const { promise } = next;
    change();
    await promise;
  };
  await changed(() => writeFileSync(at('a'), 'two'));
  await changed(() => {
    writeFileSync(at('a'), 'six');
    utimesSync(at('a'), 1, 1);
  });
  await changed(() => {
    writeFileSync(at('b'), 'two');
    renameSync(at('b'), at('a'));
  });
  await changed(() => rmSync(at('a')));
  await changed(() => writeFileSync(at('a'), 'new'));
  expect(changes).toBe(5);
});

test('follows links to where they lead, over several steps', async () => {
  for (const name of ['1', '2']) {
    mkdirSync(at(name));
    writeFileSync(at(`${name}/a`), 'same');
  }
  symlinkSync('1', at('data'));
  symlinkSync('data/a', at('a'));
  await follow('a');
  symlinkSync('2', at('new'));
  renameSync(at('new'), at('data'));
  await next.promise;
  expect(changes).toBe(1);
});

test('tells of what changed between the look at a file and the reading of it', async () => {
  writeFileSync(at('a'), 'one');
  const before = await signature([at('a')]);
  writeFileSync(at('a'), 'two!');
  watched.follow([at('a')], before);
  await next.promise;
});

test('waits while a file is being written', async () => {
  writeFileSync(at('a'), '');
  await follow('a');
  const { promise } = next;
  let size = 0;
  // Each look finds it longer, for many looks.
  const until = performance.now() + 200;
  while (performance.now() < until) {
    size += 10;
    writeFileSync(at('a'), 'x'.repeat(size));
    await Bun.sleep(1);
  }
  const before = changes;
  await promise;
  expect(before).toBeLessThanOrEqual(2);
});

test('the signature of a list is those of its parts', async () => {
  for (const name of ['a', 'b']) writeFileSync(at(name), name);
  const parts = [await signature([at('a')]), await signature([at('b'), at('none')])];
  expect(await signature(['a', 'b', 'none'].map(at))).toBe(parts.join(' '));
  expect(parts[1]).toEndWith(' ENOENT');
});
