/** Names of users, from /etc/passwd. Users of a directory service are not in it. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export class UserNames {
  readonly #path: string;
  #read = '';
  #names = new Map<string, string>();

  constructor(rootfs: string) {
    this.#path = join(rootfs, 'etc/passwd');
  }

  /** The name of a uid, or the uid itself where it has none. */
  of(uid: string): string {
    this.#refresh();
    return this.#names.get(uid) ?? uid;
  }

  /** useradd(8) writes a new file in place of the old. */
  #refresh(): void {
    try {
      const { ino, mtimeMs, size } = statSync(this.#path);
      const stamp = `${ino} ${mtimeMs} ${size}`;
      if (stamp === this.#read) return;
      this.#names = parse(readFileSync(this.#path, 'utf8'));
      this.#read = stamp;
    } catch {
      this.#names = new Map();
      this.#read = '';
    }
  }
}

/** The first of several names of a uid, as getpwuid(3) answers. */
function parse(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name !== undefined && uid !== undefined && !names.has(uid)) names.set(uid, name);
  }
  return names;
}
