/**
 * How fast the page of a model server is read: in a process with the compilers that the probe has, on one core
 * at a time. Budget: 100 MB of vLLM's page in a second.
 */
import { join } from 'node:path';
import { SERVING_ENVIRONMENT } from '../src/cli/serving-probe.ts';
import type { Scope } from './scope.ts';
import type { Row } from './table.ts';

const CHILD = join(import.meta.dir, 'exposition.child.ts');
const BYTES = 100e6;

interface Said {
  readonly size: number;
  /** Bytes per second. */
  readonly walk: number;
  readonly decode: number;
  readonly all: number;
}

export async function exposition({ quick }: Scope): Promise<Row[]> {
  const child = Bun.spawn([process.execPath, CHILD, quick ? '1000' : '5000'], {
    env: { ...process.env, ...SERVING_ENVIRONMENT },
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const said = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error('the reader failed');
  const { size, walk, decode, all } = JSON.parse(said) as Said;
  const speed = (rate: number): string => `${(rate / 1e6).toFixed(0)} MB/s`;
  console.log(
    `  a page of ${(size / 1000).toFixed(0)} kB: samples ${speed(walk)}, with all names and labels ${speed(decode)}, mapped ${speed(all)}`,
  );
  return [
    {
      what: 'exposition: the samples of 100 MB of pages of vLLM',
      measured: (BYTES / walk) * 1000,
      unit: 'ms',
      budget: { of: 1000, factor: 1 },
    },
    {
      what: 'exposition: the same with every name and label',
      measured: (BYTES / decode) * 1000,
      unit: 'ms',
      budget: { of: 1000, factor: 1 },
    },
    {
      what: 'exposition: the samples with recognition, mapping and sums over ranks',
      measured: (BYTES / all) * 1000,
      unit: 'ms',
    },
  ];
}
