/** The C program client.c, which uses the fake without anybody else's bindings. */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { ROOT } from '../../parts.ts';

/** Path of the program, built unless it is there; `include`: where nvml.h is. */
export function buildClient(include: string): string {
  const source = `${ROOT}/test/fakes/nvml/client.c`;
  const binary = `${ROOT}/.cache/fakes/nvml/client`;
  if (existsSync(binary) && statSync(binary).mtimeMs >= statSync(source).mtimeMs) return binary;
  mkdirSync(`${ROOT}/.cache/fakes/nvml`, { recursive: true });
  const made = `${binary}.${process.pid}`;
  const built = Bun.spawnSync([
    'cc',
    '-D_GNU_SOURCE',
    '-Wall',
    '-Werror',
    '-isystem',
    include,
    source,
    '-ldl',
    '-o',
    made,
  ]);
  if (built.exitCode !== 0) throw new Error(`client.c: ${built.stderr}`);
  renameSync(made, binary);
  return binary;
}
