/**
 * What ffi/ says of ROCm SMI's structs, constants and functions, against the real rocm_smi.h of ROCm 5.2.3, 6.1.2
 * and 6.4.1. Of ROCm 7 no package is to be had: what is read of its structs was there before.
 */
import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StructLayout } from '../../ffi/layout.ts';
import type { CType } from '../../ffi/library.ts';
import { RocmSmi, STATUS } from '../../ffi/rocm-smi.ts';
import {
  BLOCK,
  CALLS,
  type CallRow,
  CLOCK,
  MEMORY,
  METRIC,
  SENSOR,
} from '../../ffi/rocm-smi-calls.ts';
import * as structs from '../../ffi/rocm-smi-structs.ts';
import { testWith } from '../parts.ts';
import { believedFields, compile, printFields } from './layouts.ts';

const ALWAYS = [structs.VERSION, structs.ERROR_COUNT, structs.RETIRED_PAGE];

/** The layouts that each release has. */
const RELEASES = {
  rocmHeader5: [...ALWAYS, structs.FREQUENCIES_5, structs.BANDWIDTH_5, structs.METRICS_5],
  rocmHeader6: [...ALWAYS, structs.FREQUENCIES_6, structs.BANDWIDTH_6, structs.METRICS_6],
  rocmHeader64: [...ALWAYS, structs.FREQUENCIES_6, structs.BANDWIDTH_6, structs.METRICS],
} as const satisfies Readonly<Record<string, readonly StructLayout[]>>;
type Release = keyof typeof RELEASES;
const HEADERS = Object.keys(RELEASES) as readonly Release[];

/** Constants of every release, by their C names. */
const CONSTANTS: Readonly<Record<string, number>> = {
  RSMI_MEM_TYPE_VRAM: MEMORY.vram,
  RSMI_MEM_TYPE_VIS_VRAM: MEMORY.visible,
  RSMI_MEM_TYPE_GTT: MEMORY.gtt,
  RSMI_TEMP_TYPE_EDGE: SENSOR.edge,
  RSMI_TEMP_TYPE_JUNCTION: SENSOR.junction,
  RSMI_TEMP_TYPE_MEMORY: SENSOR.memory,
  RSMI_TEMP_TYPE_HBM_0: SENSOR.hbm0,
  RSMI_TEMP_TYPE_HBM_3: SENSOR.hbm0 + 3,
  RSMI_TEMP_CURRENT: METRIC.current,
  RSMI_TEMP_CRITICAL: METRIC.critical,
  RSMI_TEMP_EMERGENCY: METRIC.emergency,
  RSMI_VOLT_TYPE_VDDGFX: 0,
  RSMI_VOLT_CURRENT: 0,
  RSMI_CLK_TYPE_SYS: CLOCK.sclk,
  RSMI_CLK_TYPE_DF: CLOCK.fclk,
  RSMI_CLK_TYPE_SOC: CLOCK.socclk,
  RSMI_CLK_TYPE_MEM: CLOCK.mclk,
  ...Object.fromEntries(
    Object.entries(BLOCK).map(([name, bit]) => [`RSMI_GPU_BLOCK_${name.toUpperCase()}`, bit]),
  ),
  RSMI_MEM_PAGE_STATUS_RESERVED: 0,
  RSMI_MEM_PAGE_STATUS_PENDING: 1,
  RSMI_MEM_PAGE_STATUS_UNRESERVABLE: 2,
  RSMI_STATUS_SUCCESS: STATUS.success,
  RSMI_STATUS_INVALID_ARGS: STATUS.invalidArgs,
  RSMI_STATUS_NOT_SUPPORTED: STATUS.notSupported,
  RSMI_STATUS_FILE_ERROR: STATUS.fileError,
  RSMI_STATUS_PERMISSION: STATUS.permission,
  RSMI_STATUS_INIT_ERROR: STATUS.initError,
  RSMI_STATUS_NOT_YET_IMPLEMENTED: STATUS.notYetImplemented,
  RSMI_STATUS_NOT_FOUND: STATUS.notFound,
  RSMI_STATUS_INSUFFICIENT_SIZE: STATUS.insufficientSize,
  RSMI_STATUS_NO_DATA: STATUS.noData,
  RSMI_STATUS_UNEXPECTED_DATA: STATUS.unexpectedData,
  RSMI_STATUS_BUSY: STATUS.busy,
  RSMI_STATUS_UNKNOWN_ERROR: STATUS.unknown,
};

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'edgegauge-rocm-abi-'));
  // The later headers want libdrm's for the types of ioctl(2), of which nothing is used here.
  mkdirSync(join(dir, 'include/libdrm'), { recursive: true });
  const types = '#include <linux/types.h>\n#include <linux/ioctl.h>\n';
  writeFileSync(join(dir, 'include/libdrm/drm.h'), types);
});
afterAll(() => rmSync(dir, { recursive: true }));

const INCLUDES = [
  '#include <stdbool.h>',
  '#include <stddef.h>',
  '#include <stdio.h>',
  '#include <rocm_smi/rocm_smi.h>',
];
const includeFlags = (header: string): string[] => [`-I${header}`, `-I${join(dir, 'include')}`];

/** What follows in METRICS is not read, and grows. */
const sizeOf = (layout: StructLayout): string =>
  layout === structs.METRICS ? `offsetof(${layout.c}, num_partition)` : `sizeof(${layout.c})`;

const program = (layouts: readonly StructLayout[]): string =>
  [
    ...INCLUDES,
    'int main(void) {',
    ...layouts.flatMap((layout) => [
      `printf("${layout.c} %zu\\n", ${sizeOf(layout)});`,
      ...printFields(layout),
    ]),
    ...Object.keys(CONSTANTS).map((name) => `printf("${name} %d\\n", (int)${name});`),
    'return 0; }',
    '',
  ].join('\n');

const believed = (layouts: readonly StructLayout[]): string[] => [
  ...layouts.flatMap((layout) => [`${layout.c} ${layout.bytes}`, ...believedFields(layout)]),
  ...Object.entries(CONSTANTS).map(([name, value]) => `${name} ${value}`),
];

const printed = (...command: readonly string[]): string[] =>
  Bun.spawnSync([...command])
    .stdout.toString()
    .trim()
    .split('\n');

for (const release of HEADERS) {
  const layouts = RELEASES[release];
  testWith(['cc', release], `layouts and constants are those of ${release} here`, (found) => {
    const built = compile(dir, found.cc, program(layouts), ...includeFlags(found[release]));
    expect(printed(built)).toEqual(believed(layouts));
  });

  testWith(
    ['arm64Cc', release],
    `layouts and constants are those of ${release} on arm64`,
    (found) => {
      const { cc, qemu } = found.arm64Cc;
      const flags = ['-static', ...includeFlags(found[release])];
      expect(printed(qemu, compile(dir, cc, program(layouts), ...flags))).toEqual(
        believed(layouts),
      );
    },
  );
}

/** Every function that ffi/ binds, with the arguments that it passes. */
function bound(): Map<string, readonly CType[]> {
  const found = new Map<string, readonly CType[]>();
  const smi = new RocmSmi({
    path: '',
    has: () => true,
    bind([symbol = ''], args) {
      found.set(symbol, args);
      return () => STATUS.notSupported;
    },
  });
  smi.init();
  for (const call of Object.keys(CALLS) as (keyof typeof CALLS)[]) smi.number(call, 0);
  return found;
}

/** C variables that are passed for pointers, where they are not those of a struct. */
const POINTERS: Readonly<Record<string, readonly string[]>> = {
  rsmi_num_monitor_devices: ['pu32'],
  rsmi_dev_power_cap_range_get: ['pu64', 'pu64'],
  rsmi_dev_energy_count_get: ['pu64', 'pf32', 'pu64'],
  rsmi_dev_memory_reserved_pages_get: ['pu32', 'p'],
};

function pointersOf(symbol: string): readonly string[] {
  const row = Object.values<CallRow>(CALLS).find((each) => each.symbol === symbol);
  return row === undefined ? (POINTERS[symbol] ?? ['p']) : [`p${row.out}`];
}

/**
 * A call as ffi/ makes it. A pointer where an integer belongs does not compile, nor one argument too many or
 * too few, nor a u64 that is read where an int was written.
 */
function callOf(symbol: string, args: readonly CType[]): string {
  const pointers = pointersOf(symbol)[Symbol.iterator]();
  const given = args.map((arg) => (arg === 'ptr' ? pointers.next().value : arg));
  return `rc |= (int)${symbol}(${given.join(', ')});`;
}

/** Functions that came after ROCm 5.2. */
const LATER = ['rsmi_dev_activity_avg_mm_get', 'rsmi_dev_current_socket_power_get'];

for (const release of HEADERS) {
  testWith(['cc', release], `functions are called as ${release} declares them`, (found) => {
    const header = readFileSync(join(found[release], 'rocm_smi/rocm_smi.h'), 'utf8');
    const all = [...bound()];
    const missing = all.filter(([name]) => !header.includes(`${name}(`)).map(([name]) => name);
    expect(missing.sort()).toEqual(release === 'rocmHeader5' ? LATER : []);
    const source = [
      ...INCLUDES,
      'int call(void *p, uint16_t *pu16, uint32_t *pu32, uint64_t *pu64, int64_t *pi64,',
      '         float *pf32, uint32_t u32, uint64_t u64) {',
      'int rc = pu16 && pu32 && pu64 && pi64 && pf32 && u32 && u64;',
      ...all.filter(([name]) => !missing.includes(name)).map(([name, args]) => callOf(name, args)),
      'return rc; }',
    ].join('\n');
    const flags = ['-c', '-Wconversion', '-Wno-sign-conversion', ...includeFlags(found[release])];
    compile(dir, found.cc, source, ...flags);
  });
}
