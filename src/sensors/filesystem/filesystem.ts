/**
 * How full file systems are: statfs(2) of each mount in /proc/1/mountinfo.
 *
 * A local file system answers from memory. One that asks somebody else (NFS, FUSE …) may not answer for
 * hours, and the thread that asked cannot be killed meanwhile: those are asked by other threads, and a
 * sample takes the last answer that is not too old.
 */
import { statfsSync } from 'node:fs';
import type { Paths } from '../../board/paths.ts';
import { SAMPLE, type Source } from '../../board/source.ts';
import {
  FILESYSTEM,
  FILESYSTEM_MOUNT_POINTS,
  FILESYSTEM_TYPES,
} from '../../catalog/host/filesystem.ts';
import type { Guard } from '../guard.ts';
import { guarded } from '../guarded.ts';
import { type Answer, Asker } from './asker.ts';
import { errorText } from './errors.ts';
import { type MountOptions, readTable, wantedMounts } from './mount-table.ts';
import { declare, type Mounted, STUCK } from './series.ts';

export interface FilesystemOptions extends MountOptions {
  /** Milliseconds after which a mount that does not answer is said to be stuck. */
  readonly mountTimeout: number;
}

export const FILESYSTEM_DEFAULTS: FilesystemOptions = {
  mountPointsExclude: FILESYSTEM_MOUNT_POINTS,
  mountPointsInclude: '',
  fsTypesExclude: FILESYSTEM_TYPES,
  fsTypesInclude: '',
  mountTimeout: 5000,
};

export interface FilesystemSource extends Source {
  /** Resolves when every mount that was asked has answered or is stuck; for whoever samples only once. */
  settled(): Promise<void>;
}

/** Samples after which an answer is too old to be repeated. */
const MOST_SAMPLES = 3;

/** `asker` asks the file systems that may not answer. */
export function filesystem(
  paths: Paths,
  guard: Guard,
  options: FilesystemOptions = FILESYSTEM_DEFAULTS,
  asker: Asker = new Asker(),
): FilesystemSource {
  const wanted = wantedMounts(paths.rootfs, options);
  let table = '';
  let mounted = new Map<string, Mounted>();
  let samples = 0;
  /** The discovery that a sample called for has asked already: that sample shows what it learned. */
  let called = false;
  let fresh = false;
  let stuckSlot = 0;

  /** Takes the mounts of a new table; what was there before keeps its answer. */
  const takeTable = (text: string): void => {
    table = text;
    const next = new Map<string, Mounted>();
    for (const one of wanted(text)) {
      const { mount } = one;
      const key = `${mount.major}:${mount.minor} ${mount.device} ${mount.point}`;
      const before = mounted.get(key);
      next.set(key, {
        ...one,
        answer: before?.answer,
        answered: before?.answered ?? 0,
        error: before?.error ?? '',
        declared: '',
        slots: [],
      });
    }
    mounted = next;
  };

  const ask = (): void => {
    for (const [key, one] of mounted) {
      if (!one.remote) {
        one.answer = guarded(guard, one.point, () => askLocal(one.path));
        one.answered = samples;
        one.error = one.answer === undefined ? STUCK : errorOf(one.answer);
        continue;
      }
      if (samples - one.answered > MOST_SAMPLES) one.answer = undefined;
      one.error = asker.waiting(key) < options.mountTimeout ? errorOf(one.answer) : STUCK;
      const fileSystem = `${one.mount.major}:${one.mount.minor}`;
      asker.ask(key, {
        fileSystem,
        path: one.path,
        answered(answer) {
          const now = mounted.get(key);
          if (now === undefined) return;
          now.answer = answer;
          now.answered = samples;
        },
      });
    }
  };

  /** Asks again; answers whether the series are no longer those that were declared. */
  const changed = (): boolean => {
    samples++;
    if (readTable(paths.procfs) !== table) return true;
    ask();
    return [...mounted.values()].some((one) => one.error !== one.declared);
  };

  return {
    name: 'filesystem',
    collectors: ['filesystem'],
    discover(draft) {
      const text = readTable(paths.procfs);
      if (text !== table) takeTable(text);
      ask();
      for (const one of mounted.values()) declare(one, draft);
      stuckSlot = draft.slot(FILESYSTEM.mountsStuck);
      fresh = called;
      called = false;
    },
    sample(values) {
      if (!fresh && changed()) {
        called = true;
        return SAMPLE.rescan;
      }
      fresh = false;
      let stuck = 0;
      for (const one of mounted.values()) {
        if (one.error === STUCK) stuck++;
        for (const { slot, value } of one.slots) values[slot] = value(one);
      }
      values[stuckSlot] = stuck;
      return SAMPLE.ok;
    },
    settled: () => asker.idle(options.mountTimeout),
    close() {},
  };
}

function askLocal(path: Buffer): Answer {
  try {
    return statfsSync(path);
  } catch (error) {
    return errorText(error);
  }
}

const errorOf = (answer: Answer | undefined): string => (typeof answer === 'string' ? answer : '');
