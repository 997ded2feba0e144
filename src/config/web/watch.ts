/** Notices that files have changed, however: written, replaced, or behind a link that points elsewhere now. */
import { stat } from 'node:fs/promises';

/** Milliseconds between two looks. What changed must look the same at two of them: it may be half written. */
const INTERVAL = 1000;

export interface Watch {
  /** From now on these files are looked at; `signature` is what they were like when they were read. */
  follow(files: readonly string[], signature: string): void;
  close(): void;
}

/** Calls `changed` once for each change. A look that does not end, on a dead network mount, holds nobody up. */
export function watch(changed: () => Promise<void>, interval: number = INTERVAL): Watch {
  let files: readonly string[] = [];
  let known: string | undefined;
  let before: string | undefined;
  let looking = false;

  const look = async (): Promise<void> => {
    if (looking || known === undefined) return;
    looking = true;
    try {
      const now = await signature(files);
      if (now !== known && now === before) {
        known = now;
        await changed();
      }
      before = now;
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), interval);
  return {
    follow(list, signature) {
      files = list;
      known = signature;
    },
    close: () => clearInterval(timer),
  };
}

/**
 * What files are like; that of a list is those of its parts with a space between. To be taken before they are
 * read, so that a change in between is one. A rename changes the inode, a write the time of change; a link is followed (stat(2)).
 */
export async function signature(files: readonly string[]): Promise<string> {
  const parts = files.map(async (file) => {
    try {
      const { dev, ino, size, ctimeNs } = await stat(file, { bigint: true });
      return `${dev}:${ino}:${size}:${ctimeNs}`;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? '';
    }
  });
  return (await Promise.all(parts)).join(' ');
}
