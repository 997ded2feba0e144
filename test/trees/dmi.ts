import { type Attribute, attributes, link, runtimePower, type Tree } from './tree.ts';

/** Adds what the firmware says of the machine (sys/class/dmi/id), beside the usual clutter. */
export function dmi(tree: Tree, fields: Record<string, Attribute>): void {
  const base = 'sys/devices/virtual/dmi/id';
  attributes(tree, base, { ...fields, modalias: 'dmi:fixture', uevent: 'MODALIAS=dmi:fixture' });
  runtimePower(tree, base);
  link(tree, `${base}/subsystem`, 'sys/class/dmi');
  link(tree, 'sys/class/dmi/id', base);
}
