/** The library and the driver behind it: opened, initialised, given up and tried again. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { errorString, type Nvml, openNvml, RETURN } from '../../../ffi/nvml.ts';
import { NoData } from '../../board/source.ts';
import { isGone } from './policy.ts';

export interface SessionOptions {
  /** Path of libnvidia-ml.so.1; empty: where drivers put it. */
  readonly library: string;
  /** There must be GPUs: that there is no driver is an error. */
  readonly required: boolean;
  /** Where /proc is mounted. */
  readonly procfs: string;
  /** Ends this process, so that another loads the library that has replaced this one's. */
  readonly restart?: (reason: string) => void;
}

export class Session {
  readonly #options: SessionOptions;
  #nvml: Nvml | undefined;
  #initialised = false;
  /** File that the library came from, as it was then. */
  #origin = '';
  /** GPUs that the kernel's driver knew when NVML was initialised. */
  #known = '';

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /**
   * NVML, initialised; undefined where the driver has no GPU that it could be initialised for. Throws
   * NoData, or Error where that will not do, with the reason.
   */
  open(): Nvml | undefined {
    const nvml = this.#nvml ?? this.#load();
    if (this.#initialised) return nvml;
    this.#known = this.#gpus();
    const rc = nvml.init();
    this.#initialised = rc === RETURN.success;
    if (this.#initialised) return nvml;
    if (rc === RETURN.driverNotLoaded || rc === RETURN.libraryNotFound) throw this.#none(rc);
    if (rc === RETURN.libRmVersionMismatch) throw this.#mismatch();
    if (rc === RETURN.notFound || isGone(rc)) return undefined;
    throw new Error(`NVML cannot be initialised: ${errorString(rc)}`);
  }

  /** Whether the kernel's driver knows other GPUs than when NVML was initialised, which lists them then. */
  get outdated(): boolean {
    return this.#initialised && this.#gpus() !== this.#known;
  }

  /** The next `open` initialises again. Every handle is void. */
  reset(): void {
    if (this.#initialised) this.#nvml?.shutdown();
    this.#initialised = false;
  }

  #load(): Nvml {
    const { library } = this.#options;
    const opened = openNvml(library === '' ? undefined : library);
    if ('error' in opened) throw this.#absent(`the NVML library cannot be loaded: ${opened.error}`);
    this.#nvml = opened;
    this.#origin = origin(opened.path);
    return opened;
  }

  #none(rc: number): Error {
    return this.#absent(`NVML says: ${errorString(rc)}`);
  }

  #absent(reason: string): Error {
    return this.#options.required ? new Error(reason) : new NoData(reason);
  }

  /**
   * After an upgrade of the driver: either this process has the old library and the new module is loaded,
   * or the new library waits for a reboot. In the first case a new process finds the new library.
   */
  #mismatch(): Error {
    const reason = errorString(RETURN.libRmVersionMismatch);
    if (origin(this.#nvml?.path ?? '') !== this.#origin) {
      this.#options.restart?.(`${reason}; the library was replaced`);
    }
    return new Error(`${reason}: reload the kernel module, or reboot`);
  }

  #gpus(): string {
    try {
      return readdirSync(`${this.#options.procfs}/driver/nvidia/gpus`).sort().join();
    } catch {
      return '';
    }
  }
}

/** Which file a library's path or soname stands for now: path and inode. */
function origin(library: string): string {
  try {
    const path = library.startsWith('/') ? realpathSync(library) : mapped(basename(library));
    return `${path} ${statSync(path).ino}`;
  } catch {
    return '';
  }
}

/** Path of the file that is mapped into this process for a soname; proc_pid_maps(5). */
function mapped(soname: string): string {
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const line = maps.split('\n').find((each) => basename(each).startsWith(soname));
  return line?.slice(line.indexOf('/')) ?? '';
}
