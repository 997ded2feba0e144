/** One child process: started, spoken to in lines, killed, let go. */
import { readFileSync } from 'node:fs';
import { Lines, type Order } from './messages.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ProcessEvents {
  output(line: string): void;
  error(line: string): void;
  /** Once, and after the last line. */
  exit(exit: Exit): void;
}

/** Milliseconds that the output of an ended process is waited for: a process of its own may hold it open. */
const LAST_WORDS = 100;

/** What the parent's environment must not hand on: the runtime's switches, and what systemd means for the parent alone. */
const PRIVATE = /^(BUN_|NODE_OPTIONS$|NOTIFY_SOCKET$|WATCHDOG_|LISTEN_)/;

/**
 * How a probe's runtime is set, measured at one poll a second: without a JIT it needs a third less memory
 * and no more processor time, because each poll finds cold caches; collections by what was allocated (every
 * 2 MiB instead of 8) and none by the clock keep it small at any pace and cost half. A probe that calls
 * libraries overrides it: bun:ffi needs BUN_JSC_useJIT=1. A mount that does not answer holds a thread of the
 * pool, however few CPUs there are; threads that nobody needs are never made.
 */
export const PROBE_ENVIRONMENT = {
  BUN_JSC_useJIT: '0',
  BUN_JSC_largeHeapSize: '2097152',
  BUN_GC_TIMER_DISABLE: '1',
  UV_THREADPOOL_SIZE: '16',
} as const;

/** Whether a process that does not end is held by another than its main thread (proc_pid_stat(5): state Z). */
export function mainThreadEnded(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return false;
  }
}

/** Whether a promise is fulfilled within so many milliseconds. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  const done = await Promise.race([promise.then(() => true), late.promise]);
  clearTimeout(timer);
  return done;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `own` over PROBE_ENVIRONMENT over what a child may have of `parent`. A crash is reported to nobody but the parent. */
export function childEnvironment(parent: Environment, own: Environment = {}): Environment {
  const kept = Object.entries(parent).filter(([name]) => !PRIVATE.test(name));
  return {
    ...Object.fromEntries(kept),
    BUN_ENABLE_CRASH_REPORTING: '0',
    ...PROBE_ENVIRONMENT,
    ...own,
  };
}

export class ProbeProcess {
  readonly pid: number;
  /** When the kernel has given the process up. */
  readonly exited: Promise<Exit>;
  readonly #process: Bun.Subprocess<'pipe', 'pipe', 'pipe'>;
  readonly #readers: { cancel(): Promise<void> }[] = [];

  /** Throws what posix_spawn(3) answers. */
  constructor(argv: readonly string[], env: Environment, events: ProcessEvents) {
    this.#process = Bun.spawn([...argv], { env, stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' });
    this.pid = this.#process.pid;
    const drained = Promise.all([
      this.#read(this.#process.stdout, events.output),
      this.#read(this.#process.stderr, events.error),
    ]);
    this.exited = this.#process.exited.then(() => ({
      code: this.#process.exitCode,
      signal: this.#process.signalCode === null ? null : String(this.#process.signalCode),
    }));
    this.exited.then(async (exit) => {
      await within(drained, LAST_WORDS);
      events.exit(exit);
    });
  }

  order(order: Order): void {
    try {
      this.#process.stdin.write(`${JSON.stringify(order)}\n`);
      this.#process.stdin.flush();
    } catch {
      // It has just ended; its exit says so.
    }
  }

  /** Ends its standard input, upon which a probe ends. */
  end(): void {
    try {
      this.#process.stdin.end();
    } catch {
      // It has ended.
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** The parent may end without it. */
  release(): void {
    for (const reader of this.#readers) reader.cancel().catch(() => {});
    this.#process.unref();
  }

  async #read(stream: ReadableStream<Uint8Array>, each: (line: string) => void): Promise<void> {
    const reader = stream.getReader();
    this.#readers.push(reader);
    const lines = new Lines();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const line of lines.push(value)) each(line);
    }
  }
}
