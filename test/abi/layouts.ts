/** C programs that tell what a compiler thinks of a struct, for comparison with what ffi/ believes. */
import { expect } from 'bun:test';
import { join } from 'node:path';
import type { StructLayout } from '../../ffi/layout.ts';

const BYTES = { u8: 1, u16: 2, u32: 4, u64: 8, f64: 8, ptr: 8 } as const;

type Field = readonly [name: string, offset: number, bytes: number];

/** Fields of a layout: name, offset, size. */
function fields(layout: StructLayout): Field[] {
  const numbers = Object.entries(BYTES).flatMap(([type, bytes]) =>
    Object.entries(layout[type as keyof typeof BYTES] ?? {}).map(
      ([name, offset]): Field => [name, offset, bytes],
    ),
  );
  const texts = Object.entries(layout.text ?? {}).map(
    ([name, [offset, length]]): Field => [name, offset, length],
  );
  const arrays = Object.entries(layout.array ?? {}).map(
    ([name, [offset, width, count]]): Field => [name, offset, width * count],
  );
  return [...numbers, ...texts, ...arrays];
}

/** What a program prints of the fields, by what ffi/ believes. */
export const believedFields = (layout: StructLayout): string[] =>
  fields(layout).map(([name, offset, bytes]) => `${layout.c}.${name} ${offset} ${bytes}`);

/** C statements that print them. */
export const printFields = (layout: StructLayout): string[] =>
  fields(layout).map(([name]) => {
    const at = `offsetof(${layout.c}, ${name}), sizeof(((${layout.c} *)0)->${name})`;
    return `printf("${layout.c}.${name} %zu %zu\\n", ${at});`;
  });

/** Compiles C below `dir` and answers the program's path. */
export function compile(
  dir: string,
  cc: string,
  source: string,
  ...flags: readonly string[]
): string {
  const out = join(dir, `program-${Bun.hash([cc, source, ...flags].join())}`);
  const child = Bun.spawnSync([cc, '-Wall', '-Werror', ...flags, '-xc', '-', '-o', out], {
    stdin: new TextEncoder().encode(source),
  });
  expect(child.stderr.toString()).toBe('');
  return out;
}
