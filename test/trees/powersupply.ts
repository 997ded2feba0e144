import { type Attribute, attributes, link, runtimePower, type Tree } from './tree.ts';

/** Adds a power supply at an ACPI device (Documentation/ABI/testing/sysfs-class-power). */
export function powerSupply(
  tree: Tree,
  name: string,
  acpiDevice: string,
  values: Record<string, Attribute>,
): void {
  const device = `sys/devices/LNXSYSTM:00/LNXSYBUS:00/${acpiDevice}`;
  const base = `${device}/power_supply/${name}`;
  attributes(tree, device, { hid: acpiDevice.split(':')[0] ?? '', status: 15 });
  attributes(tree, base, { ...values, uevent: `POWER_SUPPLY_NAME=${name}` });
  runtimePower(tree, base);
  link(tree, `${base}/device`, device);
  link(tree, `${base}/subsystem`, 'sys/class/power_supply');
  link(tree, `sys/class/power_supply/${name}`, base);
}
