import { describe, expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { NoData, type Source } from '../board/source.ts';
import { signals } from '../catalog/signal.ts';
import { type DeviceSourceSpec, deviceSource } from './device-source.ts';
import { type Guard, UNGUARDED } from './guard.ts';
import { list } from './sysfs.ts';
import { OnDisk } from './tree.fixture.ts';

const row = { type: 'gauge', help: 'Test.', labels: ['device'] } as const;
const TEST = signals('test', {
  fast: { ...row, node: 'fast' },
  slow: { ...row, node: 'slow' },
  info: { ...row, labels: ['device', 'text'], node: 'info' },
  first: { ...row, node: 'first' },
  second: { ...row, node: 'second' },
  sum: { ...row, node: 'sum' },
});

/** Devices are the directories below `devices`. */
function source(disk: OnDisk, more: Partial<DeviceSourceSpec> = {}): Source {
  const root = `${disk.root}/devices`;
  return deviceSource({
    name: 'test',
    collectors: ['test'],
    guard: UNGUARDED,
    directories: () => list(root).map((name) => `${root}/${name}`),
    describe(device, draft) {
      const labels = { device: device.directory.slice(root.length + 1) };
      device.number('fast', draft.slot(TEST.fast, labels));
      device.number('slow', draft.slot(TEST.slow, labels), { slow: true });
      const text = device.watch('text') ?? '';
      device.constant(draft.slot(TEST.info, { ...labels, text }));
    },
    ...more,
  });
}

const two = (): OnDisk =>
  new OnDisk(
    new Map([
      ['devices/a/fast', '1\n'],
      ['devices/a/slow', '10\n'],
      ['devices/b/fast', '2\n'],
      ['devices/b/slow', '20\n'],
      ['devices/b/text', 'word\n'],
    ]),
  );

test('deviceSource() reads the attributes of each device', () => {
  using disk = two();
  expect(new Exposed(source(disk)).sample()).toEqual([
    'fast{device="a"} 1',
    'fast{device="b"} 2',
    'info{device="a",text=""} 1',
    'info{device="b",text="word"} 1',
    'slow{device="a"} 10',
    'slow{device="b"} 20',
  ]);
});

test('deviceSource() reads at every sample, but slow attributes only after a discovery', () => {
  using disk = two();
  const exposed = new Exposed(source(disk));
  exposed.sample();
  disk.write('devices/a/fast', '3\n');
  disk.write('devices/a/slow', '30\n');
  const later = exposed.sample();
  expect(later).toContain('fast{device="a"} 3');
  expect(later).toContain('slow{device="a"} 10');
  exposed.registry.rediscover();
  expect(exposed.sample()).toContain('slow{device="a"} 30');
});

test('deviceSource() leaves out one attribute that cannot be read, and has it again when it can', () => {
  using disk = two();
  const exposed = new Exposed(source(disk));
  disk.breakFile('devices/a/fast');
  expect(exposed.sample('node', 'fast')).toEqual(['fast{device="b"} 2']);
  disk.remove('devices/a/fast');
  expect(exposed.sample('node', 'fast')).toEqual(['fast{device="b"} 2']);
  disk.write('devices/a/fast', '');
  expect(exposed.sample('node', 'fast')).toEqual(['fast{device="b"} 2']);
  disk.write('devices/a/fast', '5\n');
  expect(exposed.sample('node', 'fast')).toEqual(['fast{device="a"} 5', 'fast{device="b"} 2']);
  expect(exposed.complaints).toEqual([]);
});

test('deviceSource() drops a device that went away at the next sample, and disturbs no other', () => {
  using disk = two();
  const exposed = new Exposed(source(disk));
  exposed.sample();
  const kept = [...exposed.layout.series('test')].filter((s) => s.labels['device'] === 'b');
  disk.remove('devices/a');
  expect(exposed.sample('node', 'fast')).toEqual(['fast{device="b"} 2']);
  expect([...exposed.layout.series('test')]).toEqual(kept);
});

test('deviceSource() finds a new device at the next discovery', () => {
  using disk = two();
  const exposed = new Exposed(source(disk));
  exposed.sample();
  disk.write('devices/c/fast', '7\n');
  exposed.registry.rediscover();
  expect(exposed.sample('node', 'fast')).toContain('fast{device="c"} 7');
});

test('deviceSource() looks anew once a watched text differs or appears', () => {
  using disk = two();
  const exposed = new Exposed(source(disk));
  exposed.sample();
  disk.write('devices/b/text', 'other\n');
  disk.write('devices/a/text', 'new\n');
  expect(exposed.sample('node', 'info')).toEqual([
    'info{device="a",text="new"} 1',
    'info{device="b",text="other"} 1',
  ]);
});

test('deviceSource() spreads one attribute over several slots and computes after reading', () => {
  using disk = two();
  const exposed = new Exposed(
    source(disk, {
      describe(device, draft) {
        const slots = [draft.slot(TEST.first), draft.slot(TEST.second)];
        let sum = 0;
        device.numbers('fast', slots, (text, at) => {
          sum += Number(text);
          return Number(text) * 100 + at;
        });
        device.computed(draft.slot(TEST.sum), () => sum);
      },
      takes: (directory) => directory.endsWith('/b'),
    }),
  );
  expect(exposed.sample()).toEqual(['first 200', 'second 201', 'sum 4']);
});

test('deviceSource() is without data where it takes no device and says what is missing', () => {
  using disk = two();
  const nothing = new Exposed(source(disk, { takes: () => false, nothing: 'none of them' }));
  expect(nothing.sample()).toEqual([]);
  expect(nothing.registry.reports()[0]).toMatchObject({ status: 'absent', error: 'none of them' });
  const well = new Exposed(source(disk, { takes: () => false }));
  well.sample();
  expect(well.registry.reports()[0]).toMatchObject({ status: 'ok' });
});

test('deviceSource() is without data where the class is not there', () => {
  using disk = two();
  const exposed = new Exposed(
    source(disk, {
      directories() {
        throw new NoData('no such class');
      },
    }),
  );
  expect(exposed.registry.reports()[0]).toMatchObject({ status: 'absent', error: 'no such class' });
});

describe('with a guard, deviceSource()', () => {
  /** Notes who is entered, and refuses who is in `refused`. */
  class Log implements Guard {
    readonly calls: string[] = [];
    readonly refused = new Set<string>();

    enter(device: string): boolean {
      const name = device.split('/').at(-1) ?? '';
      if (this.refused.has(name)) return false;
      this.calls.push(name);
      return true;
    }

    leave(): void {
      this.calls.push('left');
    }
  }

  test('enters and leaves each device in discovery and in sampling', () => {
    using disk = two();
    const guard = new Log();
    const exposed = new Exposed(source(disk, { guard }));
    expect(guard.calls).toEqual(['a', 'left', 'b', 'left']);
    exposed.sample();
    expect(guard.calls.slice(4)).toEqual(['a', 'left', 'b', 'left']);
  });

  test('does not touch a device that is refused', () => {
    using disk = two();
    const guard = new Log();
    guard.refused.add('a');
    let asked = '';
    const exposed = new Exposed(
      source(disk, {
        guard,
        takes(directory) {
          asked += directory.at(-1);
          return true;
        },
      }),
    );
    expect(exposed.sample('node', 'fast')).toEqual(['fast{device="b"} 2']);
    expect(asked).toBe('b');
  });

  test('makes a device absent that is refused after it was found, and reads it whole afterwards', () => {
    using disk = two();
    const guard = new Log();
    const exposed = new Exposed(source(disk, { guard }));
    exposed.sample();
    guard.refused.add('a');
    expect(exposed.sample()).toEqual([
      'fast{device="b"} 2',
      'info{device="b",text="word"} 1',
      'slow{device="b"} 20',
    ]);
    guard.refused.clear();
    expect(exposed.sample()).toHaveLength(6);
  });

  test('leaves a device whose description throws', () => {
    using disk = two();
    const guard = new Log();
    const exposed = new Exposed(
      source(disk, {
        guard,
        describe() {
          throw new Error('broken');
        },
      }),
    );
    expect(guard.calls).toEqual(['a', 'left']);
    expect(exposed.complaints).toEqual(['test: broken']);
  });
});
