/**
 * Asks file systems that may never answer how full they are. Every question holds a thread of Bun's
 * pool until it is answered, and a pool without a free thread starves the whole process; so there are
 * never more of them than leave one free, and whoever has not answered is not asked again.
 */
import { promises, type StatsFs } from 'node:fs';
import { availableParallelism } from 'node:os';
import { errorText } from './errors.ts';

/** How full a file system is, or why it does not say. */
export type Answer = StatsFs | string;

/** What answers for a path; injected so that tests own the waiting. */
export type Statfs = (path: Buffer) => Promise<StatsFs>;

/**
 * Threads of the pool, as Bun 1.4.5 makes it: as many as UV_THREADPOOL_SIZE says in the environment that
 * the process was started with, otherwise as there are CPUs, and never fewer than two.
 */
export function poolThreads(): number {
  const set = Number(process.env['UV_THREADPOOL_SIZE'] ?? Number.NaN);
  return Math.max(2, Number.isInteger(set) && set > 0 ? set : availableParallelism());
}

export interface Question {
  /** Of several mounts of one file system one is asked after the other: a dead one holds one thread. */
  readonly fileSystem: string;
  readonly path: Buffer;
  /** Called at most once, and later. */
  readonly answered: (answer: Answer) => void;
}

interface Open extends Question {
  /** Milliseconds of `performance.now()` when it was asked; undefined while it waits for its turn. */
  asked: number | undefined;
}

export class Asker {
  readonly #statfs: Statfs;
  readonly #limit: number;
  readonly #open = new Map<string, Open>();
  readonly #whenIdle: (() => void)[] = [];

  /** `limit`: how many questions may be out at once. */
  constructor(limit: number = poolThreads() - 1, statfs: Statfs = (path) => promises.statfs(path)) {
    this.#limit = limit;
    this.#statfs = statfs;
  }

  /** Asks, unless the question of this key is still open. */
  ask(key: string, question: Question): void {
    if (this.#open.has(key)) return;
    this.#open.set(key, { ...question, asked: undefined });
    this.#send();
  }

  /** Milliseconds that the file system of this question has not answered; 0 where nobody waits for it. */
  waiting(key: string): number {
    const question = this.#open.get(key);
    if (question === undefined) return 0;
    const asked =
      question.asked ?? this.#out().find((o) => o.fileSystem === question.fileSystem)?.asked;
    return asked === undefined ? 0 : performance.now() - asked;
  }

  /** Resolves when every question is answered, or after `milliseconds`. */
  idle(milliseconds: number): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#whenIdle.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #out(): Open[] {
    return [...this.#open.values()].filter((question) => question.asked !== undefined);
  }

  #send(): void {
    const out = this.#out();
    const busy = new Set(out.map((question) => question.fileSystem));
    let free = this.#limit - out.length;
    for (const [key, question] of this.#open) {
      if (free <= 0) return;
      if (question.asked !== undefined || busy.has(question.fileSystem)) continue;
      busy.add(question.fileSystem);
      free--;
      question.asked = performance.now();
      this.#statfs(question.path).then(
        (answer) => this.#settle(key, question, answer),
        (error: unknown) => this.#settle(key, question, errorText(error)),
      );
    }
  }

  #settle(key: string, question: Question, answer: Answer): void {
    this.#open.delete(key);
    question.answered(answer);
    this.#send();
    if (this.#open.size > 0) return;
    for (const tell of this.#whenIdle.splice(0)) tell();
  }
}
