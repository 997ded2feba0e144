/**
 * What ffi/ says of NVML's structs and functions, against the real nvml.h. The header is of one version
 * (12.4); a struct that came later is checked once the header that is found has it.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CType } from '../../ffi/library.ts';
import { Nvml } from '../../ffi/nvml.ts';
import { CALLS, type CallRow } from '../../ffi/nvml-calls.ts';
import { versionWord } from '../../ffi/nvml-core.ts';
import * as records from '../../ffi/nvml-records.ts';
import * as structs from '../../ffi/nvml-structs.ts';
import { testWith } from '../parts.ts';
import { believedFields, compile, printFields } from './layouts.ts';

const LAYOUTS: readonly structs.Layout[] = Object.values({ ...structs, ...records });
/** The array that ends nvmlGpmMetricsGet_t grows with the header; the layout is of what is before it. */
const sizeOf = (layout: structs.Layout): string =>
  layout === records.GPM_METRICS_GET
    ? 'offsetof(nvmlGpmMetricsGet_t, metrics)'
    : `sizeof(${layout.c})`;

/** What the program prints of a layout, by what ffi/ believes. */
function believed(layout: structs.Layout): string[] {
  return [
    `${layout.c} ${layout.bytes}`,
    ...(layout.version ? [`${layout.version[0]} ${versionWord(layout)}`] : []),
    ...believedFields(layout),
  ];
}

function program(): string {
  const lines = [
    '#include <stddef.h>',
    '#include <stdio.h>',
    '#include <nvml.h>',
    'int main(void) {',
  ];
  for (const layout of LAYOUTS) {
    if (layout.since !== undefined) lines.push(`#ifdef ${layout.version?.[0]}`);
    lines.push(`printf("${layout.c} %zu\\n", ${sizeOf(layout)});`);
    if (layout.version) lines.push(`printf("${layout.version[0]} %u\\n", ${layout.version[0]});`);
    lines.push(...printFields(layout));
    if (layout.since !== undefined) lines.push('#endif');
  }
  return [...lines, 'return 0; }', ''].join('\n');
}

/** Compares what the program printed; answers the structs that the header has not got. */
function compare(printed: string): string[] {
  const lines = new Set(printed.trim().split('\n'));
  const unknown: string[] = [];
  for (const layout of LAYOUTS) {
    const inHeader = [...lines].some((line) => line.startsWith(`${layout.c} `));
    if (!inHeader && layout.since !== undefined) unknown.push(layout.c);
    else expect([...lines].filter((line) => ofLayout(layout, line))).toEqual(believed(layout));
  }
  return unknown;
}

function ofLayout(layout: structs.Layout, line: string): boolean {
  const [subject = ''] = line.split(' ');
  return [layout.c, layout.version?.[0]].includes(subject.split('.')[0]);
}

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'edgegauge-abi-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

testWith(['cc', 'nvmlHeader'], 'layouts are those of nvml.h here', ({ cc, nvmlHeader }) => {
  const child = Bun.spawnSync([compile(dir, cc, program(), `-I${nvmlHeader}`)]);
  const later = LAYOUTS.filter((layout) => layout.since !== undefined).map((layout) => layout.c);
  expect(later).toEqual(expect.arrayContaining(compare(child.stdout.toString())));
});

testWith(
  ['arm64Cc', 'nvmlHeader'],
  'layouts are those of nvml.h on arm64',
  ({ arm64Cc, nvmlHeader }) => {
    const built = compile(dir, arm64Cc.cc, program(), '-static', `-I${nvmlHeader}`);
    compare(Bun.spawnSync([arm64Cc.qemu, built]).stdout.toString());
  },
);

test('no layout names a struct twice', () => {
  expect(new Set(LAYOUTS.map((layout) => layout.c)).size).toBe(LAYOUTS.length);
});

/** Every function that ffi/ binds, with the arguments that it passes. */
function bound(): Map<string, readonly CType[]> {
  const found = new Map<string, readonly CType[]>();
  const nvml = new Nvml({
    path: '',
    has: () => true,
    bind(symbols, args) {
      for (const symbol of symbols) found.set(symbol, args);
      return () => 13;
    },
  });
  for (const [name, row] of Object.entries(CALLS) as [never, CallRow][]) nvml[row.kind](name, 0);
  return found;
}

const OUTPUT = { u32: 'pu32', u64: 'pu64', text: 'pc', i32: 'pi32' } as const;

/** Type of the variable that a function writes its output to; `p` where that is a struct. */
function outputOf(symbol: string): string {
  const row = (Object.values(CALLS) as CallRow[]).find((r) => r.symbols.includes(symbol));
  const struct = row?.version !== undefined || symbol === 'nvmlDeviceGetC2cModeInfoV';
  return row === undefined || struct ? 'p' : OUTPUT[row.signed ? 'i32' : row.kind];
}

/**
 * A call as ffi/ makes it. A pointer where an integer belongs does not compile, nor one argument too many or
 * too few, nor a u64 that is read where an int was written.
 */
function callOf(symbol: string, args: readonly CType[]): string {
  const given = args.map((arg, i) => (arg !== 'ptr' ? arg : i === 0 ? 'p' : outputOf(symbol)));
  return `rc |= (int)${symbol}(${given.join(', ')});`;
}

testWith(['cc', 'nvmlHeader'], 'functions are called as nvml.h declares them', (found) => {
  const header = readFileSync(join(found.nvmlHeader, 'nvml.h'), 'utf8');
  const all = bound();
  const declared = [...all].filter(([name]) => new RegExp(`DECLDIR ${name} ?\\(`).test(header));
  // Those that came after the header are few; many would be a header that the pattern does not understand.
  expect(declared.length).toBeGreaterThan(0.9 * all.size);
  const source = [
    '#define NVML_NO_UNVERSIONED_FUNC_DEFS',
    '#include <nvml.h>',
    'int call(void *p, char *pc, int *pi32, unsigned *pu32, unsigned long long *pu64,',
    '         int i32, unsigned u32, unsigned long long u64) {',
    'int rc = pc && pi32 && pu32 && pu64 && i32 && u32 && u64;',
    ...declared.map(([symbol, args]) => callOf(symbol, args)),
    'return rc; }',
  ].join('\n');
  const flags = ['-c', '-Wconversion', '-Wno-sign-conversion', '-Wno-deprecated-declarations'];
  compile(dir, found.cc, source, ...flags, `-I${found.nvmlHeader}`);
});
