/** Which back ends are asked, and in which order. */
import type { Guard } from '../../board/guard.ts';
import { type Backend, type Card, guardName } from './backend.ts';
import type { Asked } from './gpu.ts';

export interface BackendOptions {
  /** The library's, where it is to be used. */
  readonly library: Backend | undefined;
  readonly sysfs: Backend;
  /** That the library does not work is an error: it was asked for by name. */
  readonly libraryOnly: boolean;
  readonly complain: (message: string) => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/**
 * Milliseconds until a library that did not open is tried again: the first time, and at most. One that waits for a
 * lock takes its time to fail, and each writes lines about it.
 */
const FIRST_REST = 60_000;
const LAST_REST = 3_600_000;

/** Why it did not open. */
interface Failure {
  readonly fault: string;
  readonly rest: number;
  /** Monotonic milliseconds. */
  readonly until: number;
}

export class Backends {
  readonly #options: BackendOptions;
  readonly #guard: Guard;
  #open: readonly Backend[] = [];
  #complained = '';
  #failure: Failure | undefined;

  constructor(options: BackendOptions, guard: Guard) {
    this.#options = options;
    this.#guard = guard;
  }

  get libraryVersion(): string | undefined {
    return this.#open.find(({ name }) => name === 'rocm_smi')?.version;
  }

  /** Whether to open anew: the guard has changed its mind about the library, or it is time to try it again. */
  get outdated(): boolean {
    const { library } = this.#options;
    if (library === undefined) return false;
    if (this.#isOpen(library)) return !this.#mayEnter();
    return !this.#rests && this.#mayEnter();
  }

  /** Opens them for the cards that are there now. Throws where the library is a must and cannot be had. */
  open(): void {
    const { library, sysfs, libraryOnly } = this.#options;
    this.close();
    sysfs.open();
    const fault = library === undefined ? undefined : this.#openLibrary(library);
    if (fault !== undefined && libraryOnly) throw new Error(fault);
    if (fault !== undefined && fault !== this.#complained) {
      this.#options.complain(`${fault}; sysfs is read instead`);
    }
    this.#complained = fault ?? '';
    const opened = library !== undefined && fault === undefined ? [library] : [];
    // What the library is silent on is in the files.
    this.#open = [...opened, sysfs];
  }

  /** Names of those that the guard lets at this card. */
  allowed(card: Card): string {
    const names: string[] = [];
    for (const { name } of this.#open) {
      if (!this.#guard.enter(guardName(name, card.address))) continue;
      this.#guard.leave();
      names.push(name);
    }
    return names.join();
  }

  /** Those that have this card. Throws where the library is a must and may not be asked. */
  attach(card: Card): Asked[] {
    const { libraryOnly } = this.#options;
    const asked: Asked[] = [];
    for (const backend of this.#open) {
      // What the library does not have is not made up for by files where it is a must.
      if (libraryOnly && backend.name === 'sysfs' && asked.length === 0) continue;
      const name = guardName(backend.name, card.address);
      if (!this.#guard.enter(name)) {
        if (libraryOnly) throw new Error(leftAlone(name));
        continue;
      }
      const reader = backend.attach(card);
      this.#guard.leave();
      if (reader !== undefined) asked.push({ backend: backend.name, reader });
    }
    return asked;
  }

  close(): void {
    for (const backend of this.#open) backend.close();
    this.#open = [];
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }

  #isOpen(backend: Backend): boolean {
    return this.#open.includes(backend);
  }

  #mayEnter(): boolean {
    const may = this.#guard.enter(guardName('rocm_smi'));
    if (may) this.#guard.leave();
    return may;
  }

  get #rests(): boolean {
    return this.#failure !== undefined && this.#now() < this.#failure.until;
  }

  /** Why it cannot be used. */
  #openLibrary(library: Backend): string | undefined {
    if (this.#rests) return this.#failure?.fault;
    if (!this.#guard.enter(guardName('rocm_smi'))) {
      return leftAlone(guardName('rocm_smi'));
    }
    try {
      library.open();
      this.#failure = undefined;
      return undefined;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      const rest = Math.min(2 * (this.#failure?.rest ?? FIRST_REST / 2), LAST_REST);
      this.#failure = { fault, rest, until: this.#now() + rest };
      return fault;
    } finally {
      this.#guard.leave();
    }
  }
}

const leftAlone = (name: string): string =>
  `${name} hung or crashed a former probe and is left alone for a while`;
