/**
 * Shared libraries of vendors, opened by libc's own dlopen(3) and bound symbol by symbol. bun:ffi's dlopen
 * is not used for them: it throws when one symbol is missing, and looks into the current directory.
 */
import type { Pointer } from 'bun:ffi';
import { bunFfi, region, setText } from './arena.ts';

/** dlopen(3): resolve everything now, so that a broken library fails here and not in the middle of a call. */
const RTLD_NOW = 2;
/** Longest path that the kernel takes, with its NUL. */
const PATH_MAX = 4096;

/** C type of an argument, as bun:ffi names it. A `ptr` or `u64` is given as a number. */
export type CType = 'ptr' | 'i32' | 'u32' | 'u64';

/** A C function of pointers and integers that answers an int. */
export type CCall = (...args: readonly number[]) => number;

/** An open library. It stays open for the life of the process. */
export interface Library {
  /** The candidate that could be opened. */
  readonly path: string;
  has(symbol: string): boolean;
  /**
   * The first of `symbols` that the library has, with these arguments; where it has none of them, a
   * function that answers `missing`.
   */
  bind(symbols: readonly string[], args: readonly CType[], missing: number): CCall;
}

/** Why no candidate could be opened. */
export interface LibraryError {
  readonly error: string;
}

/**
 * Opens the first candidate that can be. A candidate is an absolute path, or a soname, for which the
 * loader searches LD_LIBRARY_PATH, its cache and its own directories; a relative path is refused.
 * Never throws.
 */
export function openLibrary(candidates: readonly string[]): Library | LibraryError {
  try {
    const loader = openLoader();
    const failures: string[] = [];
    for (const path of candidates) {
      const handle = isAllowed(path) ? loader.open(path) : 0;
      if (handle !== 0) return bindable(path, handle, loader);
      failures.push(isAllowed(path) ? loader.error() : `${path}: not an absolute path`);
    }
    return { error: summary(failures) };
  } catch (error) {
    // No JIT (MemoryDenyWriteExecute=), or a C library that is not glibc.
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function isAllowed(candidate: string): boolean {
  return candidate.startsWith('/') || !candidate.includes('/');
}

/** One line: a library that is there and cannot be loaded says more than all that are not there. */
function summary(failures: readonly string[]): string {
  const absent = /No such file or directory/;
  const telling = failures.filter((failure) => !absent.test(failure));
  if (telling.length > 0) return telling.join('; ');
  return failures[0] ?? 'no library to open';
}

function bindable(path: string, handle: number, loader: Loader): Library {
  const { CFunction } = bunFfi();
  return {
    path,
    has: (symbol) => loader.symbol(handle, symbol) !== 0,
    bind(symbols, args, missing) {
      for (const symbol of symbols) {
        const ptr = loader.symbol(handle, symbol);
        if (ptr === 0) continue;
        const definition = { ptr: ptr as Pointer, args: [...args], returns: 'i32' } as const;
        return CFunction(definition) as unknown as CCall;
      }
      return () => missing;
    },
  };
}

interface Loader {
  /** Handle, or 0. */
  open(path: string): number;
  /** What went wrong in the last call, as dlerror(3) puts it. */
  error(): string;
  /** Address, or 0. */
  symbol(handle: number, name: string): number;
}

let opened: Loader | undefined;

function openLoader(): Loader {
  if (opened !== undefined) return opened;
  const { dlopen, dlsym, dlerror } = loaderSymbols();
  const name = region(PATH_MAX);
  const cstring = (value: string): Pointer => {
    setText(name, 0, value);
    return name.pointer;
  };
  opened = {
    open: (path) => Number(dlopen(cstring(path), RTLD_NOW) ?? 0),
    error: () => String(dlerror()),
    symbol: (handle, symbol) => Number(dlsym(handle as Pointer, cstring(symbol)) ?? 0),
  };
  return opened;
}

/** The loader's functions moved from libdl into libc with glibc 2.34. Both are loaded already: Bun needs them. */
function loaderSymbols() {
  const functions = {
    dlopen: { args: ['ptr', 'i32'], returns: 'ptr' },
    dlsym: { args: ['ptr', 'ptr'], returns: 'ptr' },
    dlerror: { args: [], returns: 'cstring' },
  } as const;
  const { dlopen } = bunFfi();
  try {
    return dlopen('libc.so.6', functions).symbols;
  } catch {
    return dlopen('libdl.so.2', functions).symbols;
  }
}
