import { describe, expect, spyOn } from 'bun:test';
import { Exposed } from '../../../test/exposed.ts';
import { FakeNvml } from '../../../test/fakes/nvml/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { type Guard, UNGUARDED } from '../../board/guard.ts';
import type { GpuLog } from '../reading.ts';
import { nvidiaEvents } from './events.ts';
import { NEEDS } from './reading.fixture.ts';
import type { XidError } from './xid.ts';

/** Longest wait of a sample, milliseconds; what a test waits for where nothing happens. */
const WAIT = 20;
const GPU = 'device="0",uuid="GPU-a04e2c11-7d3a-5f06-b1c9-2e8840d7f301",name="NVIDIA H200"';
const OTHER = 'device="3",uuid="GPU-d3715f44-a06d-8239-e4fc-51bb730a2634",name="NVIDIA H200"';

class Listening implements Disposable {
  readonly fake: FakeNvml;
  readonly exposed: Exposed;
  readonly log: string[] = [];
  readonly #close: () => void;

  constructor(
    scenario: string,
    set: Readonly<Record<string, string>> = {},
    guard: Guard = UNGUARDED,
    before: readonly XidError[] = [],
  ) {
    this.fake = new FakeNvml(scenario);
    this.fake.setAll('system', set);
    this.fake.open();
    const { library } = this.fake;
    const session = { library, required: false, procfs: '/nonexistent' };
    const log: GpuLog = (level, message, { device, xid }) => {
      this.log.push(`${level} ${message} ${device} ${xid}`);
    };
    const source = nvidiaEvents({ ...session, host: {}, wait: WAIT, before, log }, guard);
    this.#close = () => source.close();
    this.exposed = new Exposed(source);
  }

  /** Lines without the times. */
  poll(): string[] {
    return this.exposed.sample('native').map((line) => line.replace(/(timestamp.*) \S+$/, '$1'));
  }

  [Symbol.dispose](): void {
    this.#close();
    this.fake[Symbol.dispose]();
  }
}

const total = (gpu: string, xid: number, n: number): string =>
  `gpu_xid_errors_total{${gpu},xid="${xid}"} ${n}`;
const time = (gpu: string, xid: number): string =>
  `gpu_xid_last_timestamp_seconds{${gpu},xid="${xid}"}`;

describe('XID errors', () => {
  testWith(NEEDS, 'are counted by GPU and number, in the sample that waits for them', () => {
    using listening = new Listening('h200x8');
    expect(listening.poll()).toEqual([]);
    listening.fake.xid(0, 79);
    expect(listening.poll()).toEqual([total(GPU, 79, 1), time(GPU, 79)]);
    listening.fake.xid(0, 79);
    listening.fake.xid(3, 31);
    listening.fake.xid(0, 79);
    expect(listening.poll()).toEqual([
      total(GPU, 79, 3),
      total(OTHER, 31, 1),
      time(GPU, 79),
      time(OTHER, 31),
    ]);
  });

  testWith(NEEDS, 'are logged, those of one number once a minute', () => {
    using listening = new Listening('h200x8');
    listening.poll();
    listening.fake.xid(0, 79);
    listening.fake.xid(0, 79);
    listening.fake.xid(0, 31);
    listening.fake.xid(3, 79);
    listening.poll();
    listening.fake.xid(0, 79);
    listening.poll();
    const now = spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
    listening.fake.xid(0, 79);
    listening.poll();
    now.mockRestore();
    expect(listening.log).toEqual([
      'warn XID error 0 79',
      'warn XID error 0 31',
      'warn XID error 3 79',
      'warn XID error 0 79',
    ]);
  });

  testWith(NEEDS, 'have the time at which they were seen last', () => {
    using listening = new Listening('h200x8');
    listening.poll();
    const before = Date.now() / 1000;
    listening.fake.xid(0, 79);
    const line = listening.exposed.sample('native', 'gpu_xid_last')[0] as string;
    const seen = Number(line.split(' ').at(-1));
    expect(seen).toBeGreaterThanOrEqual(Math.floor(before * 1000) / 1000);
    expect(seen).toBeLessThanOrEqual(Date.now() / 1000);
  });

  testWith(NEEDS, 'are 0 in the dcgm dialect while the driver listens and none was seen', () => {
    using listening = new Listening('h200x8');
    const last = (): string[] =>
      listening.exposed
        .sample('dcgm', 'DCGM_FI_DEV_XID_ERRORS{gpu="0"')
        .map((line) => line.split(' ').at(-1) as string);
    expect(last()).toEqual(['0']);
    listening.fake.xid(0, 48);
    listening.fake.xid(0, 63);
    expect(last()).toEqual(['63']);
  });

  testWith(NEEDS, 'of a GPU that has no events are not known to be none', () => {
    using listening = new Listening('unsupported');
    expect(listening.exposed.sample('dcgm', 'DCGM')).toEqual([]);
  });

  testWith(NEEDS, 'are still heard after looking for GPUs again', () => {
    using listening = new Listening('h200x8');
    listening.poll();
    listening.fake.xid(0, 79);
    listening.poll();
    listening.exposed.registry.rediscover();
    listening.fake.xid(0, 79);
    // The first sample after a discovery does not wait, and shows what is known.
    listening.poll();
    expect(listening.poll()).toContain(total(GPU, 79, 2));
  });

  testWith(NEEDS, 'that came between two discoveries are not lost', () => {
    using listening = new Listening('h200x8');
    listening.poll();
    listening.fake.xid(0, 79);
    listening.exposed.registry.rediscover();
    listening.poll();
    expect(listening.poll()).toContain(total(GPU, 79, 1));
  });

  testWith(NEEDS, 'that other kinds of events are among are counted alone', () => {
    using listening = new Listening('h200x8');
    listening.poll();
    listening.fake.event(0, 0x2, 79);
    listening.fake.xid(0, 13);
    expect(listening.poll()).toEqual([total(GPU, 13, 1), time(GPU, 13)]);
  });

  testWith(NEEDS, 'of a GPU that is lost stay, and the others are heard', () => {
    using listening = new Listening('h200x8');
    listening.poll();
    listening.fake.xid(0, 79);
    listening.poll();
    listening.fake.set('gpu 0', '*', 'GPU_IS_LOST');
    listening.poll();
    listening.exposed.registry.rediscover();
    listening.poll();
    listening.fake.xid(3, 31);
    expect(listening.poll()).toContain(total(OTHER, 31, 1));
    expect(listening.poll()).toContain(total(GPU, 79, 1));
  });

  testWith(
    NEEDS,
    'of the others are heard at once when one is lost, and nothing is asked in vain',
    () => {
      using listening = new Listening('h200x8');
      listening.poll();
      listening.fake.set('gpu 0', '*', 'GPU_IS_LOST');
      listening.poll();
      listening.fake.xid(3, 31);
      expect(listening.poll()).toContain(total(OTHER, 31, 1));
      // A driver that goes on saying so is not asked who is there each time.
      listening.fake.set('system', 'EventSetWait', 'GPU_IS_LOST');
      for (let n = 0; n < 3; n++) listening.poll();
      const before = listening.fake.spent().calls;
      listening.poll();
      expect(listening.fake.spent().calls - before).toBe(1);
    },
  );

  testWith(NEEDS, 'of a GPU that is back are heard again', () => {
    using listening = new Listening('h200x8');
    listening.poll();
    listening.fake.set('gpu 0', '*', 'GPU_IS_LOST');
    listening.poll();
    listening.exposed.registry.rediscover();
    listening.fake.unset('gpu 0', '*');
    listening.exposed.registry.rediscover();
    listening.poll();
    listening.fake.xid(0, 79);
    expect(listening.poll()).toContain(total(GPU, 79, 1));
  });
});

describe('XID errors that a former probe counted', () => {
  const facts = (labels: string) =>
    Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as unknown as XidError['facts'];
  const before: readonly XidError[] = [
    { facts: facts(GPU), xid: 79, count: 2, time: 1_700_000_000 },
    { facts: facts(GPU), xid: 31, count: 1, time: 1_600_000_000 },
  ];

  testWith(NEEDS, 'are counted on', () => {
    using listening = new Listening('h200x8', {}, UNGUARDED, before);
    expect(listening.poll()).toContain(total(GPU, 79, 2));
    listening.fake.xid(0, 79);
    expect(listening.poll()).toContain(total(GPU, 79, 3));
  });

  testWith(NEEDS, 'say which was the last of all', () => {
    using listening = new Listening('h200x8', {}, UNGUARDED, before);
    expect(listening.exposed.sample('dcgm', 'DCGM_FI_DEV_XID_ERRORS{gpu="0"')).toEqual([
      expect.stringMatching(/ 79$/),
    ]);
  });

  testWith(NEEDS, 'are still there when their GPU is not, or no driver', () => {
    using listening = new Listening('h200x8', {}, UNGUARDED, before);
    listening.fake.remove('gpu 0');
    listening.exposed.registry.rediscover();
    expect(listening.poll()).toContain(total(GPU, 79, 2));
    using none = new Listening('h200x8', { Init: 'DRIVER_NOT_LOADED' }, UNGUARDED, before);
    expect(none.poll()).toContain(total(GPU, 79, 2));
    none.fake.set('system', 'Init', 'SUCCESS');
    none.exposed.registry.rediscover();
    none.poll();
    none.fake.xid(0, 79);
    expect(none.poll()).toContain(total(GPU, 79, 3));
  });
});

testWith(NEEDS, 'without a driver there is nothing to say, and no complaint', () => {
  using listening = new Listening('h200x8', { Init: 'DRIVER_NOT_LOADED' });
  expect(listening.poll()).toEqual([]);
  expect(listening.exposed.complaints).toEqual([]);
  listening.fake.set('system', 'Init', 'SUCCESS');
  listening.exposed.registry.rediscover();
  listening.poll();
  listening.fake.xid(0, 79);
  expect(listening.poll()).toContain(total(GPU, 79, 1));
});

testWith(NEEDS, 'a driver that forgot its client is asked to listen anew', () => {
  using listening = new Listening('h200x8');
  listening.poll();
  const nvml = listening.fake.open();
  while (nvml.shutdown() === 0);
  listening.poll();
  listening.exposed.registry.rediscover();
  listening.poll();
  listening.fake.xid(0, 79);
  expect(listening.poll()).toContain(total(GPU, 79, 1));
});

testWith(
  NEEDS,
  'a wait that hung a former probe is left out, which is a failure, and tried again',
  () => {
    const skip = new Set(['the events of the NVIDIA driver']);
    const guard = { enter: (device: string) => !skip.has(device), leave() {} };
    using listening = new Listening('h200x8', {}, guard);
    listening.poll();
    expect(listening.exposed.registry.reports()[0]).toMatchObject({
      status: 'failed',
      error: 'the events of the NVIDIA driver hung a probe; it is tried again later',
    });
    skip.clear();
    listening.exposed.registry.rediscover();
    listening.poll();
    listening.fake.xid(0, 79);
    expect(listening.poll()).toContain(total(GPU, 79, 1));
  },
);
