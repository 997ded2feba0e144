import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Glob } from 'bun';
import { CATALOG } from '../index.ts';
import type { Signal } from '../signal.ts';
import { GPU_CLOCK, GPU_CLOCK_LIMIT } from './clocks.ts';
import { CLOCK_EVENT_REASONS, GPU_CLOCK_EVENT_SECONDS } from './events.ts';
import { DCGM_LABELS } from './gpu.ts';
import { GPU_GROUP_NAMES, GPU_GROUPS } from './groups.ts';

const GPU_SIGNALS = CATALOG.filter((s) => s.collector === 'gpu');

const native = (name: string): Signal[] => CATALOG.filter((s) => s.dialects.native?.name === name);

/** Every signal that a file here exports, doubles included. */
async function exported(): Promise<Signal[]> {
  const out: Signal[] = [];
  for (const file of new Glob('*.ts').scanSync(import.meta.dir)) {
    if (file.endsWith('.test.ts')) continue;
    const module = (await import(join(import.meta.dir, file))) as Record<string, object>;
    for (const [name, value] of Object.entries(module)) {
      if (!/^GPU_/.test(name) || typeof value !== 'object' || Array.isArray(value)) continue;
      out.push(...(Object.values(value) as Signal[]).filter((s) => s?.dialects !== undefined));
    }
  }
  return out;
}

test('every signal of every file is in the catalog, under an id of its own', async () => {
  const ids = (await exported()).map((s) => s.id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(ids.sort()).toEqual(GPU_SIGNALS.map((s) => s.id).sort());
});

test.each([
  ['gpu_utilization_percent', 'gauge', 'percent'],
  ['gpu_temperature_celsius', 'gauge', 'celsius'],
  ['gpu_frequency_mhz', 'gauge', 'mhz'],
  ['gpu_power_watts', 'gauge', 'watts'],
  ['gpu_memory_used_bytes', 'gauge', 'bytes'],
  ['gpu_memory_total_bytes', 'gauge', 'bytes'],
  ['gpu_memory_free_bytes', 'gauge', 'bytes'],
  ['gpu_power_usage_watts', 'gauge', 'watts'],
  ['gpu_power_limit_watts', 'gauge', 'watts'],
  ['gpu_sm_clock_hz', 'gauge', 'hertz'],
  ['gpu_memory_clock_hz', 'gauge', 'hertz'],
  ['gpu_pcie_tx_bytes', 'gauge', 'bytes'],
  ['gpu_pcie_rx_bytes', 'gauge', 'bytes'],
  ['gpu_encoder_utilization_percent', 'gauge', 'percent'],
  ['gpu_decoder_utilization_percent', 'gauge', 'percent'],
  ['gpu_fan_speed_percent', 'gauge', 'percent'],
  ['gpu_process_memory_bytes', 'gauge', 'bytes'],
  ['gpu_process_sm_utilization_percent', 'gauge', 'percent'],
  ['gpu_pcie_transmit_bytes_total', 'counter', 'bytes'],
  ['gpu_memory_unified', 'gauge', ''],
  ['gpu_sensor_temperature_celsius', 'gauge', 'celsius'],
  ['gpu_power_starved', 'gauge', ''],
  ['gpu_devices', 'gauge', ''],
  ['gpu_lost', 'gauge', ''],
  ['gpu_info', 'gauge', ''],
] as const)('%s is a %s in %p', (name, type, unit) => {
  expect(native(name).map((s) => [s.type, s.unit])).toEqual([[type, unit]]);
});

describe('names', () => {
  const suffix = (name: string): boolean =>
    /_(bytes|seconds|celsius|watts|joules|volts|hz|mhz|percent|ratio|info)(_total|_per_second(_max)?)?$/.test(
      name,
    );

  test('counters end in _total, and nothing else does', () => {
    for (const s of GPU_SIGNALS) {
      const name = s.dialects.native?.name;
      if (name !== undefined)
        expect([name, name.endsWith('_total')]).toEqual([name, s.type === 'counter']);
    }
  });

  test('a signal with a unit says it in its name', () => {
    for (const s of GPU_SIGNALS) {
      const name = s.dialects.native?.name;
      if (name !== undefined && s.unit !== '') expect([name, suffix(name)]).toEqual([name, true]);
    }
  });

  test('a family has one type, unit, help, label set and switch, whatever the number of rows behind it', () => {
    for (const dialect of ['native', 'dcgm'] as const) {
      const said = new Map<string, string>();
      for (const s of GPU_SIGNALS) {
        const entry = s.dialects[dialect];
        if (entry === undefined) continue;
        const text = JSON.stringify([s.type, s.unit, entry.help ?? s.help, s.labels, s.group]);
        expect([entry.name, said.get(entry.name) ?? text]).toEqual([entry.name, text]);
        said.set(entry.name, text);
      }
    }
  });
});

test('a row of the dcgm dialect carries the labels of dcgm-exporter, and says its unit when DCGM has another', () => {
  const rows = GPU_SIGNALS.flatMap((s) => s.dialects.dcgm ?? []);
  expect(rows.length).toBeGreaterThan(40);
  for (const { name, labels, scale, unit, help } of rows) {
    expect(labels, name).toMatchObject(DCGM_LABELS);
    if (scale === undefined) continue;
    expect(unit, name).toMatch(/\S/);
    expect(help, name).toContain(`(in ${unit})`);
  }
});

test('what MIG instances give in place of their GPU is selected alike in both dialects', () => {
  const shared = GPU_SIGNALS.filter((s) => s.dialects.native?.select?.['shared'] === 'no');
  for (const s of shared) {
    expect(s.labels, s.id).toContain('mig_device');
    if (s.dialects.dcgm !== undefined) expect(s.dialects.dcgm.select).toEqual({ shared: 'no' });
  }
  const names = shared.map((s) => s.dialects.native?.name);
  expect(names).toContain('gpu_memory_used_bytes');
  expect(names).toContain('gpu_graphics_active_ratio');
  expect(names).not.toContain('gpu_temperature_celsius');
});

test('every group has a signal, and every signal but what is on with the GPUs a switch', () => {
  const groups = new Set(GPU_SIGNALS.map((s) => s.group));
  for (const name of GPU_GROUP_NAMES) expect(groups.has(`gpu.metrics.${name}`), name).toBe(true);
  expect(GPU_SIGNALS.filter((s) => s.group === undefined).map((s) => s.id)).toEqual([
    'gpu.info',
    'gpu.driver',
    'gpu.devices',
    'gpu.lost',
  ]);
});

/**
 * Series that one H200 SXM with 18 NVLinks and MIG off can have at most in the native dialect. Each
 * row is one series, but for those in FAN_OUT: nine reasons of clock events, two XID numbers seen,
 * three kinds of processes. The 18 links count once, as sums; one by one they are off.
 */
const FAN_OUT: Readonly<Record<string, number>> = {
  'gpu.clock_events.active': Object.keys(CLOCK_EVENT_REASONS).length,
  'gpu.xid.errors': 2,
  'gpu.xid.lastSeen': 2,
  'gpu.processes.count': 3,
};
/** Rows of AMD, of fans, of Grace, of MIG, of GB10, and retired pages: an H200 remaps rows instead. */
const NOT_ON_H200 = new Set([
  'gpu.encoder_decoder.media',
  'gpu.clock.fabric',
  'gpu.clock.soc',
  'gpu.clock_events.residency',
  'gpu.clock_events.samples',
  'gpu.ecc.retiredSingleBit',
  'gpu.ecc.retiredDoubleBit',
  'gpu.ecc.retiredPending',
  'gpu.ecc.badPages',
  'gpu.pcie.speed',
  'gpu.pcie.speedMax',
  'gpu.nvlink.c2cLinks',
  'gpu.fan.percent',
  'gpu.fan.rpm',
  'gpu.mig.devices',
  'gpu.mig.info',
  'gpu.mig.multiprocessors',
  'gpu.mig.partition',
  'gpu.health.powerStarved',
]);

test('an H200 has at most 97 series by default, and 100 are allowed', () => {
  const perGroup = new Map<string, number>();
  for (const s of GPU_SIGNALS) {
    if (s.dialects.native === undefined || NOT_ON_H200.has(s.id)) continue;
    if (!(s.labels ?? []).includes('uuid') || s.group === 'gpu.per_process.enabled') continue;
    const group = s.group?.slice('gpu.metrics.'.length) ?? 'info';
    if (group.startsWith('xgmi')) continue;
    if (group !== 'info' && !GPU_GROUPS[group as keyof typeof GPU_GROUPS].enabled) continue;
    perGroup.set(group, (perGroup.get(group) ?? 0) + (FAN_OUT[s.id] ?? 1));
  }
  expect(Object.fromEntries(perGroup)).toEqual({
    clock: 6,
    clock_events: 9 + 9,
    ecc: 4 + 3 + 2 + 2,
    encoder_decoder: 4,
    gpm: 5,
    health: 3,
    info: 2,
    memory: 5,
    mig: 2,
    nvlink: 1 + 2 + 4 + 3,
    pcie: 5,
    pcie_throughput: 4,
    power: 8,
    processes: 3 + 1,
    temperature: 3,
    utilization: 3,
    xid: 2 + 2,
  });
  const total = [...perGroup.values()].reduce((a, b) => a + b);
  expect(total).toBe(97);
});

test('the reasons of clock events are spelled alike in both families where both have them', () => {
  const seconds = Object.keys(GPU_CLOCK_EVENT_SECONDS);
  const both = seconds.filter((reason) => reason in CLOCK_EVENT_REASONS);
  expect(both).toEqual([
    'sw_power_cap',
    'sync_boost',
    'sw_thermal_slowdown',
    'hw_thermal_slowdown',
    'hw_power_brake_slowdown',
  ]);
});

test('every limit of a clock is named after the clock', () => {
  for (const s of Object.values(GPU_CLOCK_LIMIT)) {
    const clock = s.dialects.native?.name.replace(/_(max|min|application)_hz$/, '_hz');
    expect(Object.values(GPU_CLOCK).map((c) => c.dialects.native?.name)).toContain(clock);
  }
});
