import { type Attribute, attributes, lines, link, type Tree } from './tree.ts';

/** One software RAID. */
export interface Raid {
  readonly name: string;
  /** Lines of /proc/mdstat, without the empty line that ends them. */
  readonly status: readonly string[];
  /** sys/block/mdN/md */
  readonly attributes: Record<string, Attribute>;
  /** Block devices that it is made of: folder below sys/devices, state. */
  readonly members: readonly (readonly [path: string, state: string])[];
}

/** Adds proc/mdstat and the `md` folder of each array (Documentation/admin-guide/md.rst). */
export function md(tree: Tree, raids: readonly Raid[]): void {
  lines(tree, 'proc/mdstat', [
    'Personalities : [raid0] [raid1] [raid6] [raid5] [raid4] [raid10] ',
    ...raids.flatMap((raid) => [...raid.status, '      ']),
    'unused devices: <none>',
  ]);
  for (const raid of raids) {
    const base = `sys/devices/virtual/block/${raid.name}`;
    attributes(tree, `${base}/md`, raid.attributes);
    raid.members.forEach(([path, state], slot) => {
      const member = path.slice(path.lastIndexOf('/') + 1);
      attributes(tree, `${base}/md/dev-${member}`, { errors: 0, slot, state });
      link(tree, `${base}/md/rd${slot}`, `${base}/md/dev-${member}`);
      link(tree, `${base}/slaves/${member}`, `sys/devices/${path}`);
    });
  }
}
