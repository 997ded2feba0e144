import { dirname, relative } from 'node:path/posix';

/** A symbolic link; the target is relative to the folder that holds the link, as in a real sysfs. */
export interface Link {
  readonly link: string;
}

/** A folder with nothing in it: a mount point, a PCI bus without drivers. */
export interface Folder {
  readonly folder: true;
}

/** What lies at one path: a file's content, a link, or an empty folder. */
export type Entry = string | Uint8Array | Link | Folder;

/** A fixture machine: path below its root, without a leading slash, to what lies there. */
export type Tree = Map<string, Entry>;

/** A sysfs attribute; text gets the newline that the kernel ends every attribute with. */
export type Attribute = string | number | bigint | Uint8Array;

/** Adds one entry. Throws when two generators claim the same path. */
export function put(tree: Tree, path: string, entry: Entry): void {
  if (tree.has(path)) throw new Error(`two entries for ${path}`);
  tree.set(path, entry);
}

/** Adds a folder of one-value files, each ended with a newline (bytes are taken as they are). */
export function attributes(tree: Tree, base: string, values: Record<string, Attribute>): void {
  for (const [name, value] of Object.entries(values)) {
    put(tree, `${base}/${name}`, value instanceof Uint8Array ? value : `${value}\n`);
  }
}

/** Adds a relative link at `path` to `target`, both paths below the root of the machine. */
export function link(tree: Tree, path: string, target: string): void {
  put(tree, path, { link: relative(dirname(path), target) });
}

/** Adds an empty folder. */
export function folder(tree: Tree, path: string): void {
  put(tree, path, { folder: true });
}

/** Adds a file of lines, each ended with a newline. */
export function lines(tree: Tree, path: string, content: readonly string[]): void {
  put(tree, path, content.map((line) => `${line}\n`).join(''));
}

/**
 * The runtime power management folder that every device has in sysfs. It is called `power`, like a
 * hwmon sensor, and it is a folder: a reader that takes every name for a file stumbles over it.
 */
export function runtimePower(tree: Tree, device: string): void {
  attributes(tree, `${device}/power`, {
    control: 'auto',
    runtime_active_time: 0,
    runtime_status: 'unsupported',
    runtime_suspended_time: 0,
  });
}
