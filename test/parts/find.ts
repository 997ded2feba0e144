/** How parts are looked for. */
import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, without a slash at its end. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where tools/parts.sh unpacks Debian packages, a directory for each suite. */
export const UNPACKED = `${ROOT}/.cache/parts`;

/** Path of a program on PATH. */
export function path(program: string): string | undefined {
  return Bun.which(program) ?? undefined;
}

/** The file, where it can be run. */
export function executable(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return file;
  } catch {
    return undefined;
  }
}

export function succeeds(program: string, ...args: readonly string[]): boolean {
  const file = path(program);
  return file !== undefined && Bun.spawnSync([file, ...args]).exitCode === 0;
}
