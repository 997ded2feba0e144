import { realpathSync } from 'node:fs';

/** What a binary says about where it comes from. */
export interface Stamp {
  /** Full commit hash, `-dirty` appended when tracked files were changed; `unknown` outside git. */
  readonly commit: string;
  /** RFC 3339, UTC, whole seconds; `unknown` when there is neither a commit nor SOURCE_DATE_EPOCH. */
  readonly date: string;
}

/**
 * The stamp of the checkout at `root`. `epoch` (SOURCE_DATE_EPOCH: seconds since 1970) overrides the
 * commit's time, see https://reproducible-builds.org/specs/source-date-epoch/. Throws when it is not
 * a whole number.
 */
export function stampOf(root: string, epoch?: string | undefined): Stamp {
  // A source tree inside somebody else's repository must not be stamped with their commit.
  const mine = git(root, 'rev-parse', '--show-toplevel') === realpathSync(root);
  const seconds = epoch ?? (mine ? git(root, 'log', '-1', '--format=%ct') : '');
  return {
    commit:
      (mine && git(root, 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*')) ||
      'unknown',
    date: seconds === '' ? 'unknown' : rfc3339(seconds),
  };
}

function rfc3339(seconds: string): string {
  if (!/^\d{1,11}$/.test(seconds)) {
    throw new Error(`SOURCE_DATE_EPOCH must be seconds since 1970, not '${seconds}'`);
  }
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Output of a git command, empty when it fails or git is not there. */
function git(root: string, ...args: readonly string[]): string {
  if (Bun.which('git') === null) return '';
  // A container often builds a checkout that belongs to another user, which git refuses by default.
  const child = Bun.spawnSync(['git', '-C', root, '-c', `safe.directory=${root}`, ...args]);
  return child.exitCode === 0 ? child.stdout.toString().trim() : '';
}
