import { describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { amdMachines } from '../../../test/trees/amd.ts';
import { put } from '../../../test/trees/tree.ts';
import type { Slots } from '../reading.ts';
import type { Card } from './backend.ts';
import { findCards } from './cards.ts';
import { parseFdinfo } from './drm-clients.ts';
import { Machine, type MachineOptions } from './machine.fixture.ts';
import { ProcessReadings } from './processes.ts';

const GROUPS: MachineOptions = { groups: ['processes'] };
const each = (top = 32): MachineOptions => ({
  groups: [],
  source: { processes: { totals: false, each: true, holders: false, top, user: false } },
});
const KFD = 'class/kfd/kfd/proc';

/** `pid value` of a family's lines of the first GPU. */
const byPid = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => line.includes('device="0"'))
    .map((line) => `${/pid="(\d*)"/.exec(line)?.[1]} ${line.slice(line.lastIndexOf(' ') + 1)}`);

describe('with KFD', () => {
  test('those with memory on a GPU are counted there', () => {
    using machine = new Machine('mi300x', GROUPS);
    expect(machine.values('processes')).toEqual({ 0: 2, 1: 1 });
    expect(machine.values('processes_memory_bytes')).toEqual({ 0: 139_586_437_120, 1: 2 ** 36 });
    machine.write(`${KFD}/4712/vram_28851`, '0\n');
    expect(machine.values('processes')).toEqual({ 0: 1, 1: 1 });
  });

  test('each has its memory and its compute units, until it ends', () => {
    using machine = new Machine('mi300x', each());
    expect(byPid(machine.poll('process_memory_bytes'))).toEqual([
      '4711 137438953472',
      '4712 2147483648',
    ]);
    expect(byPid(machine.poll('process_compute_units'))).toEqual(['4711 288', '4712 16']);
    machine.remove(`${KFD}/4711`);
    expect(byPid(machine.poll('process_memory_bytes'))).toEqual(['4712 2147483648']);
  });

  test('the smaller ones are summed beyond the most that are told', () => {
    using machine = new Machine('mi300x', each(1));
    expect(byPid(machine.poll('process_memory_bytes'))).toEqual([
      '4711 137438953472',
      ' 2147483648',
    ]);
  });

  test('none is a number, no list is none', () => {
    const tree = amdMachines.mi300x(new Map());
    using machine = new Machine(tree, GROUPS);
    machine.remove(`${KFD}/4711`);
    machine.remove(`${KFD}/4712`);
    expect(machine.values('processes')).toEqual({ 0: 0, 1: 0 });
    machine.remove(KFD);
    expect(machine.values('processes')).toEqual({});
  });

  test('a process uses a GPU with all its contexts', () => {
    const tree = amdMachines.mi300x(new Map());
    const context = 'sys/devices/virtual/kfd/kfd/proc/4712/context_0';
    put(tree, `${context}/vram_28851`, '1000\n');
    put(tree, `${context}/stats_28851/cu_occupancy`, '4\n');
    using machine = new Machine(tree, each());
    expect(byPid(machine.poll('process_memory_bytes'))[1]).toBe('4712 2147484648');
    expect(byPid(machine.poll('process_compute_units'))[1]).toBe('4712 20');
  });

  test('a process uses a GPU with all its partitions', () => {
    const tree = amdMachines.mi300x(new Map());
    const node = 'sys/devices/virtual/kfd/kfd/topology/nodes/3';
    put(tree, `${node}/gpu_id`, '777\n');
    put(tree, `${node}/properties`, `location_id ${0x500 + 2 ** 28}\ndomain 0\n`);
    put(tree, 'sys/devices/virtual/kfd/kfd/proc/4711/vram_777', '1000\n');
    using machine = new Machine(tree, each());
    expect(byPid(machine.poll('process_memory_bytes'))[0]).toBe('4711 137438954472');
  });
});

describe('on a card that draws', () => {
  test('those that draw are counted beside those that compute, and one that does both in both', () => {
    using machine = new Machine('radeon', GROUPS);
    expect(machine.poll('processes{').map((line) => line.replace(/.*(kind=)/, '$1'))).toEqual([
      'kind="compute"} 2',
      'kind="graphics"} 2',
    ]);
    // Of one that does both, what KFD tells is a part of what DRM tells, or the other way round.
    expect(machine.values('processes_memory_bytes')).toEqual({
      0: (128 + 2048 + 1024) * 2 ** 20,
    });
  });

  test('each has its memory, and compute units where KFD knows it', () => {
    using machine = new Machine('radeon', each());
    expect(byPid(machine.poll('process_memory_bytes'))).toEqual([
      '2101 134217728',
      '2102 2147483648',
      '2103 1073741824',
    ]);
    expect(byPid(machine.poll('process_compute_units'))).toEqual(['2102 64', '2103 8']);
  });
});

test('a card that KFD does not have is told of by DRM, beside others that it has', () => {
  const tree = amdMachines.radeon(new Map());
  tree.set('sys/devices/virtual/kfd/kfd/topology/nodes/1/gpu_id', '0\n');
  using machine = new Machine(tree, GROUPS);
  expect(machine.poll('processes{')).toEqual([expect.stringMatching(/kind="graphics"\} 2$/)]);
});

describe('in a container with pids of its own', () => {
  const facts = { device: '0', uuid: 'GPU-1', name: 'x', shared: 'no' } as const;
  const on = { totals: true, each: true, holders: true, top: 9, user: false };

  /** Labels and values of everything that is told of a card, as `signal{…} value`. */
  function told(machine: Machine, card: Card, ids: readonly string[]): string[] {
    const { procfs, sysfs, rootfs } = machine.tree;
    const readings = new ProcessReadings({ procfs, sysfs, rootfs }, on, true);
    const lines: string[] = [];
    const slots: Slots = {
      slot: ({ id }, { pid = '', process = '', kind = '' } = {}) =>
        lines.push(`${id}{${pid || kind}${process && ` ${process}`}}`) - 1,
    };
    const all = readings.of(card, facts, ids);
    for (const reading of all) reading.declare(slots);
    const values = new Float64Array(lines.length).fill(Number.NaN);
    for (const reading of all) reading.sample(values);
    return lines.map((line, i) => `${line} ${values[i]}`);
  }

  test('a process that computes has no name that another has, and is joined with no server', () => {
    using machine = new Machine('radeon');
    const [card] = findCards(machine.tree.sysfs) as [Card];
    expect(told(machine, card, ['61011'])).toEqual([
      'gpu.processes.count{compute} 2',
      'gpu.processes.count{graphics} NaN',
      'gpu.processes.memory{} NaN',
      'gpu.per_process.memory{2102} 2147483648',
      'gpu.per_process.computeUnits{2102} 64',
      'gpu.per_process.memory{2103} 536870912',
      'gpu.per_process.computeUnits{2103} 8',
    ]);
  });

  test('how many draw is not known; those of the container are', () => {
    using machine = new Machine('apu');
    const [card] = findCards(machine.tree.sysfs) as [Card];
    const lines = told(machine, card, []);
    expect(lines.slice(0, 2)).toEqual([
      'gpu.processes.count{graphics} NaN',
      'gpu.processes.memory{} NaN',
    ]);
    expect(lines.slice(-2)).toEqual([
      'gpu.per_process.memory{2001 Xorg} 67108864',
      'gpu.per_process.memory{2002 llama-server} 268435456',
    ]);
  });
});

describe('without KFD', () => {
  test('those that have the DRM device open are counted, a client once', () => {
    using machine = new Machine('apu', GROUPS);
    expect(machine.poll('processes{')).toEqual([expect.stringMatching(/kind="graphics"\} 2$/)]);
    expect(machine.values('processes_memory_bytes')).toEqual({ 0: (65_536 + 262_144) * 1024 });
  });

  test('each has its memory, and no activity', () => {
    using machine = new Machine('apu', each());
    expect(byPid(machine.poll('process_'))).toEqual(['2001 67108864', '2002 268435456']);
  });

  test('open files that have nothing to say are none', () => {
    using machine = new Machine('apu', GROUPS);
    rmSync(join(machine.tree.procfs, '2001/fdinfo'), { recursive: true });
    expect(machine.values('processes')).toEqual({ 0: 1 });
  });
});

describe('fdinfo', () => {
  const text = (...lines: string[]): string => `pos:\t0\n${lines.join('\n')}\n`;
  const client = ['drm-driver:\tamdgpu', 'drm-client-id:\t7', 'drm-pdev:\t0000:05:00.0'];

  test('units are of 1024', () => {
    const memory = (line: string) => parseFdinfo(text(...client, line))?.memory;
    expect(memory('drm-memory-vram:\t3 KiB')).toBe(3072);
    expect(memory('drm-memory-vram:\t3 MiB')).toBe(3 * 2 ** 20);
    expect(memory('drm-memory-vram: 12')).toBe(12);
    expect(memory('drm-resident-vram:\t5 KiB')).toBe(5120);
    expect(memory('drm-memory-vram:\t3 bananas')).toBeNaN();
    expect(memory('drm-memory-gtt:\t3 KiB')).toBeNaN();
  });

  test('a client worked that used an engine', () => {
    const worked = (...lines: string[]) => parseFdinfo(text(...client, ...lines))?.worked;
    expect(worked('drm-engine-compute:\t12 ns')).toBe(true);
    expect(worked('drm-engine-gfx:\t0 ns', 'drm-engine-capacity-gfx:\t1')).toBe(false);
    expect(worked()).toBe(false);
  });

  test('of another driver, or of no device, is none', () => {
    expect(parseFdinfo(text('drm-driver:\ti915', ...client.slice(1)))).toBeUndefined();
    expect(parseFdinfo(text(...client.slice(0, 2)))).toBeUndefined();
    expect(parseFdinfo('')).toBeUndefined();
  });
});
