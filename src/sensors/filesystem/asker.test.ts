import { describe, expect, test } from 'bun:test';
import type { StatsFs } from 'node:fs';
import { ROOT, testWith } from '../../../test/parts.ts';
import { type Answer, Asker, poolThreads } from './asker.ts';

const STATS = { bsize: 1 } as StatsFs;

/** A statfs whose answers the test gives. */
class Slow {
  readonly asked: string[] = [];
  readonly answers = new Map<string, PromiseWithResolvers<StatsFs>>();
  readonly statfs = (path: Buffer): Promise<StatsFs> => {
    const answer = Promise.withResolvers<StatsFs>();
    this.asked.push(path.toString());
    this.answers.set(path.toString(), answer);
    return answer.promise;
  };
}

/** Lets every promise that is settled run its callbacks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(limit: number) {
  const slow = new Slow();
  const asker = new Asker(limit, slow.statfs);
  const got: [string, Answer][] = [];
  const ask = (name: string, fileSystem = name): void =>
    asker.ask(name, {
      fileSystem,
      path: Buffer.from(name),
      answered: (answer) => got.push([name, answer]),
    });
  return { slow, asker, got, ask };
}

describe('Asker', () => {
  test('hands over the answer, once', async () => {
    const { slow, got, ask } = setUp(2);
    ask('/a');
    slow.answers.get('/a')?.resolve(STATS);
    await settled();
    expect(got).toEqual([['/a', STATS]]);
  });

  test('hands over what the error says', async () => {
    const { slow, got, ask } = setUp(2);
    ask('/a');
    const error = Object.assign(new Error("ESTALE: unknown error, statfs '/a'"), { errno: -116 });
    slow.answers.get('/a')?.reject(error);
    await settled();
    expect(got).toEqual([['/a', 'stale NFS file handle']]);
  });

  test('does not ask again before there is an answer, and does afterwards', async () => {
    const { slow, ask } = setUp(9);
    ask('/a');
    ask('/a');
    expect(slow.asked).toEqual(['/a']);
    slow.answers.get('/a')?.resolve(STATS);
    await settled();
    ask('/a');
    expect(slow.asked).toEqual(['/a', '/a']);
  });

  test('has no more questions out than it may, and asks the rest in turn', async () => {
    const { slow, got, ask } = setUp(2);
    for (const name of ['/a', '/b', '/c', '/d']) ask(name);
    expect(slow.asked).toEqual(['/a', '/b']);
    slow.answers.get('/b')?.resolve(STATS);
    await settled();
    expect(slow.asked).toEqual(['/a', '/b', '/c']);
    slow.answers.get('/c')?.resolve(STATS);
    await settled();
    expect(slow.asked).toEqual(['/a', '/b', '/c', '/d']);
    expect(got.map(([name]) => name)).toEqual(['/b', '/c']);
  });

  test('asks the mounts of one file system one after the other, and waits for it with all of them', async () => {
    const { slow, asker, ask } = setUp(9);
    ask('/a', '0:52');
    ask('/b', '0:52');
    ask('/c', '0:53');
    expect(slow.asked).toEqual(['/a', '/c']);
    const started = performance.now();
    while (performance.now() === started);
    expect(asker.waiting('/b')).toBeGreaterThan(0);
    slow.answers.get('/a')?.resolve(STATS);
    await settled();
    expect(slow.asked).toEqual(['/a', '/c', '/b']);
  });

  test('waits for nobody who has answered, and not for a question that found no thread', async () => {
    const { slow, asker, ask } = setUp(1);
    ask('/a');
    ask('/b');
    const started = performance.now();
    while (performance.now() === started);
    expect(asker.waiting('/a')).toBeGreaterThan(0);
    expect(asker.waiting('/b')).toBe(0);
    slow.answers.get('/a')?.resolve(STATS);
    await settled();
    expect(asker.waiting('/a')).toBe(0);
  });

  test('is idle when all have answered, or when it was waited for long enough', async () => {
    const { slow, asker, got, ask } = setUp(2);
    await asker.idle(60_000);
    ask('/a');
    await asker.idle(1);
    expect(got).toEqual([]);
    const idle = asker.idle(60_000);
    slow.answers.get('/a')?.resolve(STATS);
    await idle;
    expect(got).toEqual([['/a', STATS]]);
  });
});

/** Run by a Bun of its own with the number of threads to block; reads a file with one left, and prints whether it can with none. */
const STARVING = `
  import { promises } from 'node:fs';
  const { HangFs } = await import(${JSON.stringify(`${ROOT}/test/fakes/hangfs.ts`)});
  const { poolThreads } = await import(${JSON.stringify(`${import.meta.dir}/asker.ts`)});
  await using fs = await HangFs.mount();
  await fs.hold('statfs');
  const block = () => { promises.statfs(fs.path).catch(() => {}); return fs.held('statfs'); };
  for (let i = 1; i < poolThreads(); i++) await block();
  await promises.readFile('/proc/self/comm');
  await block();
  const more = promises.readFile('/proc/self/comm').then(() => 'reads');
  console.log(poolThreads(), await Promise.race([more, Bun.sleep(300).then(() => 'starves')]));
  await fs.free();
`;

describe('poolThreads()', () => {
  for (const size of ['2', '5']) {
    testWith(
      ['fuse'],
      `is how many blocked questions starve Bun with ${size} threads`,
      async () => {
        const child = Bun.spawn([process.execPath, '-e', STARVING], {
          env: { ...process.env, UV_THREADPOOL_SIZE: size },
        });
        expect(await child.stdout.text()).toBe(`${size} starves\n`);
      },
    );
  }

  test('is two at least', () => {
    expect(poolThreads()).toBeGreaterThanOrEqual(2);
  });
});
