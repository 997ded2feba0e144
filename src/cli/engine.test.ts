import { afterEach, beforeEach, describe, expect, type Mock, spyOn, test } from 'bun:test';
import { Engine } from './engine.ts';

let policy: Mock<typeof Bun.unsafe.setJITPolicy>;
let collected: Mock<typeof Bun.gc>;
let engine: Engine;
let scrapes = 0;
beforeEach(() => {
  scrapes = 0;
  policy = spyOn(Bun.unsafe, 'setJITPolicy').mockImplementation(() => {});
  collected = spyOn(Bun, 'gc').mockImplementation(() => {});
  engine = new Engine();
});
afterEach(async () => {
  engine.stop();
  await allCollected();
  policy.mockRestore();
  collected.mockRestore();
});

const scrape = (times: number): void => {
  for (let i = 0; i < times; i++) engine.scraped();
  scrapes += times;
};
const allCollected = async (): Promise<void> => {
  while (collected.mock.calls.length < Math.floor(scrapes / 500)) await Bun.sleep(1);
};
const scales = (): number[] => policy.mock.calls.map(([scale]) => scale);

describe('Engine', () => {
  test('compiles what the first thousand scrapes run often, and little more later', () => {
    engine.start();
    scrape(999);
    expect(scales()).toHaveLength(1);
    scrape(1);
    expect(scales()).toHaveLength(2);
    const [warmUp, afterwards] = scales() as [number, number];
    expect(afterwards).toBeGreaterThan(warmUp);
    scrape(5000);
    expect(scales()).toHaveLength(2);
  });

  test('collects once per five hundred scrapes, never within one', async () => {
    scrape(1499);
    scrape(1);
    expect(collected).not.toHaveBeenCalled();
    await allCollected();
    expect(collected).toHaveBeenCalledTimes(3);
  });
});
