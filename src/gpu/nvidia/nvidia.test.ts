import { describe, expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import type { Guard } from '../../board/guard.ts';
import { GPU_POWER } from '../../catalog/gpu/power.ts';
import { GPU_TEMPERATURE } from '../../catalog/gpu/temperature.ts';
import { type Group, RESHAPE } from './group.ts';
import { Machine } from './machine.fixture.ts';
import { NEEDS } from './reading.fixture.ts';
import { utilization } from './utilization.ts';

const LOST = 'GPU_IS_LOST';
const [FIRST, SECOND, THIRD] = [
  'GPU-11aa22bb-0001-4c33-8d44-5e55f6661001',
  'GPU-11aa22bb-0002-4c33-8d44-5e55f6661002',
  'GPU-11aa22bb-0003-4c33-8d44-5e55f6661003',
];
/** Three GPUs that do not lose themselves. */
const THREE = { set: { 'gpu 1': { '*': 'SUCCESS' }, 'gpu 2': { '*': 'SUCCESS' } } };

describe('GPUs that answer', () => {
  testWith(NEEDS, 'are counted, described and read', () => {
    using machine = new Machine('h200x8');
    expect(machine.values('temperature_celsius')).toEqual({
      0: 54,
      1: 55,
      2: 56,
      3: 57,
      4: 58,
      5: 59,
      6: 60,
      7: 61,
    });
    expect(machine.poll('devices')).toEqual(['devices{vendor="nvidia"} 8']);
    expect(Object.values(machine.values('lost'))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(machine.poll('driver_info')).toEqual([
      'driver_info{vendor="nvidia",driver_version="570.172.08",library_version="12.570.172.08",compute_version="12.8"} 1',
    ]);
    expect(machine.poll('info')[1]).toBe(
      'info{device="1",uuid="GPU-b15f3d22-8e4b-6017-c2da-3f9951e80412",name="NVIDIA H200",vendor="nvidia",' +
        'architecture="Hopper",compute_capability="9.0",pci_bus_id="00000000:43:00.0",minor="nvidia1",' +
        'serial="1653323000211",part_number="900-21010-0040-000",vbios_version="96.00.BC.00.07",' +
        'inforom_version="G520.0280.00.06",gsp_version="570.172.08",numa_node="0"} 1',
    );
  });

  testWith(NEEDS, 'have in the dcgm dialect what dcgm-exporter says of them', () => {
    using machine = new Machine('gb10');
    expect(machine.poll('DCGM_FI_DEV_GPU_TEMP', 1, 'dcgm')).toEqual([
      'DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-5d3c1f70-2b64-91ae-7c08-e1f4a96b3d52",pci_bus_id="0000000F:01:00.0",' +
        'device="nvidia0",modelName="NVIDIA GB10",hostname="node1",DCGM_FI_DRIVER_VERSION="580.159.03"} 70',
    ]);
  });

  testWith(NEEDS, 'are none where the driver has none', () => {
    using machine = new Machine('gb10', { set: { 'gpu 0': { absent: 'yes' } } });
    expect(machine.poll()).toEqual([
      'devices{vendor="nvidia"} 0',
      'driver_info{vendor="nvidia",driver_version="580.159.03",library_version="13.580.159.03",compute_version="13.0"} 1',
    ]);
    expect(machine.report.status).toBe('ok');
  });

  testWith(NEEDS, 'that must be there and are not are an error', () => {
    const set = { 'gpu 0': { absent: 'yes' } };
    using machine = new Machine('gb10', { set, source: { required: true } });
    expect(machine.exposed.complaints).toEqual(['nvidia: the driver has no GPU']);
  });

  testWith(NEEDS, 'that answer nothing else are there', () => {
    using machine = new Machine('unsupported');
    expect(machine.poll()).toEqual([
      'devices{vendor="nvidia"} 1',
      'driver_info{vendor="nvidia",driver_version="570.172.08"} 1',
      'info{device="0",uuid="GPU-00000000-0000-4000-8000-000000000001",name="NVIDIA Unsupported",vendor="nvidia"} 1',
      'lost{device="0",uuid="GPU-00000000-0000-4000-8000-000000000001",name="NVIDIA Unsupported"} 0',
    ]);
  });
});

describe('a GPU that is lost', () => {
  for (const code of [LOST, 'RESET_REQUIRED', 'GPU_NOT_FOUND']) {
    testWith(NEEDS, `says so and has no other series, while the others stay (${code})`, () => {
      using machine = new Machine('lost', THREE);
      expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 1: 51, 2: 52 });
      machine.fake.set('gpu 1', '*', code);
      expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 2: 52 });
      const lines = machine.poll();
      expect(lines).toContain('devices{vendor="nvidia"} 2');
      expect(lines.filter((line) => line.includes(SECOND))).toEqual([
        `lost{device="1",uuid="${SECOND}",name="NVIDIA A100-SXM4-80GB"} 1`,
      ]);
      machine.rediscover();
      expect(machine.values('lost')).toEqual({ 0: 0, 1: 1, 2: 0 });
      expect(machine.report).toEqual({ status: 'ok', error: undefined });
    });
  }

  testWith(NEEDS, 'is read again soon after it answers again', () => {
    using machine = new Machine('lost', THREE);
    machine.poll();
    machine.fake.set('gpu 1', '*', 'RESET_REQUIRED');
    expect(machine.values('lost')).toMatchObject({ 1: 1 });
    machine.fake.set('gpu 1', '*', 'SUCCESS');
    expect(machine.values('temperature_celsius', 2)).toEqual({ 0: 50, 1: 51, 2: 52 });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 0, 2: 0 });
  });

  testWith(NEEDS, 'that has no handle any more is known by its index', () => {
    using machine = new Machine('lost', THREE);
    machine.poll();
    machine.fake.set('gpu 1', '*', LOST);
    machine.poll();
    machine.rediscover();
    machine.rediscover();
    expect(machine.poll('lost').filter((line) => line.endsWith(' 1'))).toEqual([
      `lost{device="1",uuid="${SECOND}",name="NVIDIA A100-SXM4-80GB"} 1`,
    ]);
  });

  testWith(NEEDS, 'before the probe first looked is known by its index alone', () => {
    const set = { ...THREE.set, 'gpu 1': { '*': LOST } };
    using machine = new Machine('lost', { set });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 1, 2: 0 });
    expect(machine.poll('lost')).toContain('lost{device="1"} 1');
    expect(machine.poll('devices')).toEqual(['devices{vendor="nvidia"} 2']);
    machine.fake.set('gpu 1', '*', 'SUCCESS');
    machine.rediscover();
    machine.rediscover(70);
    expect(machine.poll('lost').filter((line) => line.includes('device="1"'))).toEqual([
      `lost{device="1",uuid="${SECOND}",name="NVIDIA A100-SXM4-80GB"} 0`,
    ]);
  });

  testWith(NEEDS, 'and is the only one leaves the source well, and gpu_devices at 0', () => {
    using machine = new Machine('gb10');
    machine.poll();
    machine.fake.set('gpu 0', '*', LOST);
    for (let i = 0; i < 3; i++) {
      expect(machine.poll('devices')).toEqual(['devices{vendor="nvidia"} 0']);
      expect(machine.values('lost')).toEqual({ 0: 1 });
      machine.rediscover();
    }
    machine.fake.set('gpu 0', '*', 'SUCCESS');
    machine.rediscover();
    expect(machine.values('temperature_celsius')).toEqual({ 0: 70 });
  });

  testWith(NEEDS, 'for one call but answers others does not flicker', () => {
    using machine = new Machine('lost', { ...THREE, groups: [utilization] });
    machine.poll();
    machine.fake.set('gpu 1', 'UtilizationRates', LOST);
    for (let s = 0; s < 40; s++) {
      if (s % 10 === 9) machine.rediscover(0);
      expect(machine.values('utilization_percent')).toEqual({ 0: 70, 2: 72 });
      expect(machine.values('lost', 0)).toEqual({ 0: 0, 1: 1, 2: 0 });
    }
  });
});

describe('a GPU', () => {
  testWith(NEEDS, 'that is taken out is lost, and one that is put in is found at once', () => {
    using machine = new Machine('lost', THREE);
    machine.poll();
    machine.fake.remove('gpu 2');
    expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 1: 51 });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 0, 2: 1 });
    machine.fake.unset('gpu 2', 'absent');
    expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 1: 51, 2: 52 });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 0, 2: 0 });
  });

  testWith(NEEDS, 'in whose place another one is has become that one', () => {
    using machine = new Machine('lost', THREE);
    machine.poll();
    machine.fake.set('gpu 2', 'UUID', 'GPU-another');
    machine.rediscover();
    expect(machine.poll('lost')).toEqual([
      `lost{device="0",uuid="${FIRST}",name="NVIDIA A100-SXM4-80GB"} 0`,
      `lost{device="1",uuid="${SECOND}",name="NVIDIA A100-SXM4-80GB"} 0`,
      `lost{device="2",uuid="${THIRD}",name="NVIDIA A100-SXM4-80GB"} 1`,
      'lost{device="2",uuid="GPU-another",name="NVIDIA A100-SXM4-80GB"} 0',
    ]);
  });

  testWith(NEEDS, 'that this process may not open is neither counted nor lost', () => {
    const set = { ...THREE.set, 'gpu 1': { Handle: 'NO_PERMISSION' } };
    using machine = new Machine('lost', { set });
    expect(machine.values('lost')).toEqual({ 0: 0, 2: 0 });
    expect(machine.poll('devices')).toEqual(['devices{vendor="nvidia"} 2']);
  });

  testWith(NEEDS, 'that this process may not open, and no other there is, are an error', () => {
    using machine = new Machine('gb10', { set: { 'gpu 0': { Handle: 'NO_PERMISSION' } } });
    expect(machine.exposed.complaints).toEqual(['nvidia: no GPU may be opened: no permission']);
    machine.fake.unset('gpu 0', 'Handle');
    machine.rediscover();
    expect(machine.values('lost')).toEqual({ 0: 0 });
    // Devices of a container may be taken from it while it runs.
    machine.fake.set('gpu 0', 'Handle', 'NO_PERMISSION');
    machine.rediscover();
    expect(machine.values('lost')).toEqual({ 0: 1 });
  });

  testWith(NEEDS, 'that is put into MIG mode withholds the series that its instances have', () => {
    using machine = new Machine('h200x8');
    const facts = (): (string | undefined)[] =>
      [...machine.exposed.layout.series('nvidia')]
        .filter((s) => s.signal.id === GPU_TEMPERATURE.die.id)
        .map((s) => s.labels['shared']);
    expect(new Set(facts())).toEqual(new Set(['no']));
    machine.fake.set('gpu 0-7', 'MigMode.current', 1);
    machine.rediscover();
    expect(new Set(facts())).toEqual(new Set(['yes']));
  });
});

describe('the guard', () => {
  class Watch implements Guard {
    readonly skip = new Set<string>();
    readonly entered: string[] = [];
    inside: string | undefined;

    enter(device: string): boolean {
      if (this.skip.has(device)) return false;
      this.entered.push(device);
      this.inside = device;
      return true;
    }

    leave(): void {
      this.inside = undefined;
    }
  }

  testWith(NEEDS, 'is told which GPU is read, and that it was left', () => {
    const guard = new Watch();
    const seen: (string | undefined)[] = [];
    const group: Group = {
      name: 'power',
      every: 1,
      attach: () => ({
        declare: () => void seen.push(guard.inside),
        sample() {
          seen.push(guard.inside);
          return 0;
        },
      }),
    };
    using machine = new Machine('lost', { ...THREE, guard, groups: [group] });
    machine.poll();
    expect(seen).toEqual([FIRST, SECOND, THIRD, FIRST, SECOND, THIRD]);
    expect(guard.entered).toContain('NVIDIA GPU 2');
    expect(guard.inside).toBeUndefined();
  });

  testWith(NEEDS, 'may have a GPU left out, from the beginning or later, and read again', () => {
    const guard = new Watch();
    guard.skip.add(SECOND as string);
    using machine = new Machine('lost', { ...THREE, guard });
    expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 2: 52 });
    expect(machine.poll('lost')).toContain(`lost{device="1",uuid="${SECOND}"} 1`);
    guard.skip.clear();
    guard.skip.add(THIRD as string);
    machine.rediscover();
    expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 1: 51 });
    guard.skip.clear();
    machine.rediscover();
    expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 1: 51, 2: 52 });
  });

  testWith(NEEDS, 'may have a GPU left out whose handle hangs', () => {
    const guard = new Watch();
    guard.skip.add('NVIDIA GPU 1');
    using machine = new Machine('lost', { ...THREE, guard });
    expect(machine.values('lost')).toEqual({ 0: 0, 1: 1, 2: 0 });
  });

  testWith(
    NEEDS,
    'may have the driver left out, which is a failure until it is tried again',
    () => {
      const guard = new Watch();
      guard.skip.add('the NVIDIA driver');
      using machine = new Machine('lost', { ...THREE, guard });
      expect(machine.poll()).toEqual([]);
      expect(machine.report).toEqual({
        status: 'failed',
        error: 'the NVIDIA driver hung a probe; it is tried again later',
      });
      guard.skip.clear();
      machine.rediscover();
      expect(machine.values('temperature_celsius')).toEqual({ 0: 50, 1: 51, 2: 52 });
      expect(guard.entered[0]).toBe('the NVIDIA driver');
    },
  );

  testWith(NEEDS, 'is told that a driver that is not there was left', () => {
    const guard = new Watch();
    using machine = new Machine('gb10', { guard, set: { system: { Init: 'DRIVER_NOT_LOADED' } } });
    expect(machine.report.status).toBe('absent');
    expect([guard.entered, guard.inside]).toEqual([['the NVIDIA driver'], undefined]);
  });
});

describe('series that change', () => {
  /** A group with as many series as `count` says, which it notices when it is sampled. */
  function changing(state: { count: number }): Group {
    let slots: number[] = [];
    return {
      name: 'power',
      every: 1,
      attach: ({ facts }) => ({
        declare(declare) {
          slots = Array.from({ length: state.count }, (_, i) =>
            declare.slot(GPU_POWER.power, { ...facts, name: `${i}` }),
          );
        },
        sample(values) {
          for (const slot of slots) values[slot] = state.count;
          return slots.length === state.count ? 0 : RESHAPE;
        },
      }),
    };
  }

  testWith(NEEDS, 'are right within the same poll', () => {
    const state = { count: 1 };
    using machine = new Machine('gb10', { groups: [changing(state)] });
    expect(machine.poll('power_watts')).toHaveLength(1);
    state.count = 3;
    expect(machine.poll('power_watts').map((line) => line.at(-1))).toEqual(['3', '3', '3']);
  });

  testWith(NEEDS, 'twice within a poll are right at the next', () => {
    const state = {
      asked: 0,
      get count() {
        return this.asked < 4 ? ++this.asked : 4;
      },
    };
    using machine = new Machine('gb10', { groups: [changing(state)] });
    machine.poll('power_watts');
    expect(machine.report.status).toBe('ok');
    machine.poll('power_watts');
    expect(machine.poll('power_watts').map((line) => line.at(-1))).toEqual(['4', '4', '4', '4']);
  });
});
