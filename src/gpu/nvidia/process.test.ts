import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RETURN } from '../../../ffi/nvml.ts';
import { testWith } from '../../../test/parts.ts';
import { perProcess, processes } from './process.ts';
import { NEEDS, Polled, type PolledOptions } from './reading.fixture.ts';

const MIB = 2 ** 20;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'edgegauge-process-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** A process of the machine. */
function run(pid: number, comm: string, cgroup: string, uid = 0): void {
  const folder = join(root, 'proc', String(pid));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'comm'), `${comm}\n`);
  writeFileSync(join(folder, 'cgroup'), `0::${cgroup}\n`);
  writeFileSync(join(folder, 'status'), `Name:\t${comm}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
}

const group = (top = 32, user = false) =>
  perProcess({ procfs: join(root, 'proc'), rootfs: root }, { top, user });
const polled = (scenario: string, options: PolledOptions & { top?: number; user?: boolean } = {}) =>
  new Polled(scenario, group(options.top, options.user), options);

/** Lines of memory alone, without the family's name. */
const memoryOf = (lines: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(lines)
      .filter(([line]) => line.startsWith('process_memory_bytes'))
      .map(([line, value]) => [line.replace('process_memory_bytes', ''), value]),
  );
const line = (pid: number): string => `{pid=${pid},process=,container=}`;
const REST = '{pid=,process=,container=}';

describe('processes', () => {
  testWith(NEEDS, 'counts by kind and sums memory', () => {
    using gpu = new Polled('gb10', processes);
    expect(gpu.poll()).toEqual({
      'processes{kind=compute}': 1,
      'processes{kind=graphics}': 2,
      'processes{kind=mps}': 0,
      processes_memory_bytes: (67012 + 179 + 48) * MIB,
    });
  });

  testWith(NEEDS, 'one that computes and draws counts in both, its memory once', () => {
    using gpu = new Polled('gb10', processes);
    gpu.fake.set('gpu 0 process 2804', 'type', 'compute graphics');
    expect(gpu.poll()).toEqual({
      'processes{kind=compute}': 2,
      'processes{kind=graphics}': 2,
      'processes{kind=mps}': 0,
      processes_memory_bytes: (67012 + 179 + 48) * MIB,
    });
  });

  testWith(NEEDS, 'the sum is unknown while the memory of one is', () => {
    using gpu = new Polled('gb10', processes);
    gpu.fake.set('gpu 0 process 3060', 'usedGpuMemory', '0xFFFFFFFFFFFFFFFF');
    expect(gpu.poll()).not.toContainKey('processes_memory_bytes');
    gpu.fake.unset('gpu 0 process 3060', 'usedGpuMemory');
    expect(gpu.poll()).toContainKey('processes_memory_bytes');
  });

  testWith(NEEDS, 'an idle GPU has none', () => {
    using gpu = new Polled('gb10', processes);
    for (const pid of [1784176, 2804, 3060]) gpu.fake.remove(`gpu 0 process ${pid}`);
    expect(gpu.poll()).toMatchObject({ 'processes{kind=compute}': 0, processes_memory_bytes: 0 });
  });

  testWith(NEEDS, 'older functions, with records of 24 and 16 bytes, give the same', () => {
    using today = new Polled('gb10', processes);
    const expected = today.poll();
    const missing: string[] = [];
    for (const version of ['_v3', '_v2']) {
      for (const mode of ['Compute', 'Graphics', 'MPSCompute']) {
        missing.push(`nvmlDeviceGet${mode}RunningProcesses${version}`);
      }
      using gpu = new Polled('gb10', processes, { missing });
      expect(gpu.poll()).toEqual(expected);
    }
  });

  testWith(NEEDS, 'records of 32 bytes are read as such', () => {
    using gpu = new Polled('driver535', processes);
    expect(gpu.poll()).toMatchObject({
      'processes{kind=compute}': 2,
      'processes{kind=mps}': 1,
      processes_memory_bytes: 10_000 * MIB,
    });
  });

  testWith(NEEDS, 'processes of MIG devices are found on each of them', () => {
    using gpu = new Polled('h100-mig', processes);
    expect(gpu.gpu.facts.shared).toBe('yes');
    expect(gpu.poll()).toEqual({
      'processes{kind=compute}': 4,
      'processes{kind=graphics}': 0,
      'processes{kind=mps}': 0,
    });
  });

  testWith(NEEDS, 'says that the GPU is lost', () => {
    using gpu = new Polled('gb10', processes);
    gpu.poll();
    gpu.fake.set('gpu 0', '*', 'GPU_IS_LOST');
    gpu.poll();
    expect(gpu.rc).toBe(RETURN.gpuIsLost);
  });
});

describe('per_process', () => {
  testWith(NEEDS, 'has memory and utilization with name, container and user', () => {
    run(1784176, 'llama-server', '/system.slice/ollama.service', 0);
    run(2804, 'Xorg', '/user.slice/user-1000.slice/session-2.scope', 1000);
    using gpu = polled('gb10', { user: true });
    const llama = '{pid=1784176,process=llama-server,container=ollama.service,user=0}';
    const xorg = '{pid=2804,process=Xorg,container=session-2.scope,user=1000}';
    const shell = '{pid=3060,process=,container=,user=}';
    const lines = gpu.poll();
    expect(memoryOf(lines)).toEqual({
      [llama]: 67012 * MIB,
      [xorg]: 179 * MIB,
      [shell]: 48 * MIB,
    });
    expect(lines).toMatchObject({
      [`process_sm_utilization_percent${llama}`]: 91,
      [`process_sm_utilization_percent${xorg}`]: 2,
      [`process_sm_utilization_percent${shell}`]: 0,
      [`process_memory_utilization_ratio${llama}`]: 0,
    });
  });

  testWith(NEEDS, 'processes come and go with the next poll', () => {
    using gpu = polled('gb10');
    gpu.poll();
    gpu.fake.remove('gpu 0 process 2804');
    gpu.fake.set('gpu 0 process 77', 'usedGpuMemory', '5MiB');
    const lines = gpu.poll();
    expect(gpu.rc).toBe(0);
    expect(Object.keys(memoryOf(lines)).filter((l) => /pid=(2804|77),/.test(l))).toEqual([
      line(77),
    ]);
    expect(Object.keys(lines).some((l) => l.includes('pid=2804'))).toBe(false);
  });

  testWith(NEEDS, 'beyond the top, processes are summed under an empty pid', () => {
    using gpu = polled('h200x8', { top: 3 });
    const lines = gpu.poll();
    expect(memoryOf(lines)).toEqual({
      [line(410006)]: 16050 * MIB,
      [line(410007)]: 16060 * MIB,
      [line(410008)]: 16070 * MIB,
      [REST]: (5 * 16000 + 0 + 10 + 20 + 30 + 40) * MIB,
    });
    expect(lines[`process_sm_utilization_percent${REST}`]).toBe(3 + 4 + 5 + 6 + 7);
    expect(lines[`process_memory_utilization_ratio${REST}`]).toBeCloseTo(0.15, 9);
  });

  testWith(NEEDS, 'series do not flap when ranks change by little', () => {
    using gpu = polled('h200x8', { top: 1 });
    for (let poll = 0; poll < 9; poll++) {
      gpu.fake.set('gpu 0 process 410001', 'usedGpuMemory', `${16069 + 2 * (poll % 2)}MiB`);
      expect(Object.keys(memoryOf(gpu.poll()))).toEqual([line(410008), REST]);
    }
  });

  testWith(NEEDS, 'memory that NVML does not tell is absent', () => {
    using gpu = polled('gb10');
    gpu.fake.set('gpu 0 process 2804', 'usedGpuMemory', '0xFFFFFFFFFFFFFFFF');
    expect(Object.keys(memoryOf(gpu.poll()))).toHaveLength(2);
  });

  testWith(NEEDS, 'a process without records is idle, after two polls', () => {
    using gpu = polled('gb10');
    const sm = 'process_sm_utilization_percent';
    const found = (lines: Record<string, number>) =>
      Object.entries(lines).find(([l]) => l.startsWith(`${sm}{pid=2804,`))?.[1];
    expect(found(gpu.poll())).toBe(2);
    gpu.fake.set('gpu 0', 'ProcessesUtilizationInfo', 'NOT_FOUND');
    expect(found(gpu.poll())).toBe(2);
    expect(found(gpu.poll())).toBe(0);
  });

  testWith(NEEDS, 'processes in MIG devices have their labels', () => {
    using gpu = polled('h100-mig');
    const at = (mig: number, profile: string, gi: number, ci: number, pid: number) =>
      `{mig_device=${mig},mig_profile=${profile},gpu_instance_id=${gi},compute_instance_id=${ci},pid=${pid},process=,container=}`;
    const lines = gpu.poll();
    expect(lines).toEqual({
      [`process_memory_bytes${at(0, '1c.3g.40gb', 1, 0, 52001)}`]: 9000 * MIB,
      [`process_memory_bytes${at(1, '2c.3g.40gb', 1, 1, 52002)}`]: 20500 * MIB,
      [`process_memory_bytes${at(2, '2g.20gb', 5, 0, 52003)}`]: 14800 * MIB,
    });
  });

  testWith(NEEDS, 'an old driver tells nothing of JPEG and OFA', () => {
    using gpu = polled('driver470');
    const lines = Object.keys(gpu.poll());
    expect(lines.some((l) => l.startsWith('process_sm_utilization_percent'))).toBe(true);
    expect(lines.some((l) => /process_(jpeg|ofa)/.test(l))).toBe(false);
  });

  for (const scenario of ['unsupported', 'unwritten', 'garbage']) {
    testWith(NEEDS, `there is nothing of ${scenario}`, () => {
      using gpu = polled(scenario);
      expect(gpu.poll()).toEqual({});
      expect(gpu.rc).toBe(0);
    });
  }

  testWith(NEEDS, 'sentinels are left out, and what has a pid that cannot be', () => {
    using gpu = polled('sentinels');
    gpu.fake.setAll('gpu 0 process 4194304', {
      usedGpuMemory: '0xFFFFFFFFFFFFFFFF',
      smUtil: '0xFFFFFFFF',
      memUtil: 101,
      encUtil: '0xFFFFFFFF',
      decUtil: 100,
      jpgUtil: '0xFFFFFFFF',
      ofaUtil: '0xFFFFFFFF',
    });
    expect(gpu.poll()).toEqual({ [`process_decoder_utilization_ratio${line(4194304)}`]: 1 });
  });
});
