/** What files were like before an installation, so that they can be put back when it fails. */
import { linkSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const asideOf = (path: string): string => join(dirname(path), `.${basename(path)}.before`);

/** Takes away what a run that was killed has kept of a file. */
export function forget(path: string): void {
  rmSync(asideOf(path), { force: true });
}

/** Disposing of it forgets what was kept. */
export class Before implements Disposable {
  /** Second names by path; undefined for what was not there. */
  readonly #kept = new Map<string, string | undefined>();

  /**
   * To be called before a file is replaced by another: under a second name it keeps bytes, owner and mode,
   * and takes no space.
   */
  keep(path: string): void {
    if (this.#kept.has(path)) return;
    const aside = asideOf(path);
    forget(path);
    try {
      linkSync(path, aside);
      this.#kept.set(path, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#kept.set(path, undefined);
    }
  }

  /** Puts back what was there, and takes away what was not. */
  restore(): void {
    for (const [path, aside] of this.#kept) {
      if (aside === undefined) rmSync(path, { force: true });
      else renameSync(aside, path);
    }
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    // A file that was never replaced still has both names: rename(2) leaves them then.
    for (const aside of this.#kept.values())
      if (aside !== undefined) rmSync(aside, { force: true });
    this.#kept.clear();
  }
}
