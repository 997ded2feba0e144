/**
 * The file behind a shared mapping. It has a name only until both sides have mapped it (milliseconds),
 * so whatever still has one later was left by a crash and is swept.
 */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { initialise, mappingSize } from './frame.ts';

const NAME = /^edgegauge-(\d+)-(\d+)-[0-9a-z]+$/;
/** Milliseconds after which a named file can no longer be one that is about to be mapped. */
const STALE = 10_000;

export interface Created {
  /** Of the file in its directory. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where mappings are made: systemd's RUNTIME_DIRECTORY, else /dev/shm, else the directory for temporary files. */
export function mappingDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const runtime = env['RUNTIME_DIRECTORY']?.split(':')[0];
  for (const directory of [runtime, '/dev/shm']) {
    if (directory === undefined || directory === '') continue;
    try {
      accessSync(directory, constants.W_OK | constants.X_OK);
      return directory;
    } catch {
      // The next one.
    }
  }
  return tmpdir();
}

/** Makes and maps a file for `owner` (the parent's pid). Throws what open(2) and write(2) answer. */
export function createMapping(directory: string, owner: number, capacity: number): Created {
  const name = `edgegauge-${owner}-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const path = `${directory}/${name}`;
  const fd = openSync(path, 'wx', 0o600);
  try {
    // Written, not truncated to size: a full tmpfs answers ENOSPC here instead of SIGBUS at the first touch.
    const zeroes = new Uint8Array(mappingSize(capacity));
    for (let n = 0; n < zeroes.length; ) n += writeSync(fd, zeroes, n);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  const bytes = Bun.mmap(path, { shared: true });
  initialise(bytes, capacity);
  return { name, bytes };
}

/** Maps what the other side made, and takes its name away. Throws where there is no such file. */
export function adoptMapping(directory: string, name: string): Uint8Array {
  if (!NAME.test(name)) throw new Error(`"${name}" is no mapping of a probe`);
  const path = `${directory}/${name}`;
  const bytes = Bun.mmap(path, { shared: true });
  rmSync(path, { force: true });
  return bytes;
}

/** Removes the files of a child of this process that has ended. */
export function removeMappings(directory: string, child: number): void {
  for (const name of readdirSync(directory)) {
    const [, owner, maker] = NAME.exec(name) ?? [];
    if (Number(owner) === process.pid && Number(maker) === child) {
      rmSync(`${directory}/${name}`, { force: true });
    }
  }
}

/** Removes the files that nobody mapped: of owners that are gone, and of this process. */
export function sweepMappings(directory: string, now: number = Date.now()): void {
  for (const name of readdirSync(directory)) {
    const owner = NAME.exec(name)?.[1];
    if (owner === undefined || livesElsewhere(Number(owner))) continue;
    remove(`${directory}/${name}`, now);
  }
}

function livesElsewhere(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function remove(path: string, now: number): void {
  try {
    // Another container on the same /dev/shm has pids of its own: its file is young while it needs the name.
    if (now - statSync(path).mtimeMs > STALE) rmSync(path, { force: true });
  } catch {
    // Somebody else's, or gone meanwhile.
  }
}
