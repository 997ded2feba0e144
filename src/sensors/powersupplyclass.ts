/** /sys/class/power_supply. https://docs.kernel.org/power/power_supply_class.html */
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import {
  POWER_SUPPLY,
  POWER_SUPPLY_INFO,
  POWER_SUPPLY_INFO_LABELS,
} from '../catalog/host/powersupplyclass.ts';
import type { Signal } from '../catalog/signal.ts';
import { deviceSource } from './device-source.ts';
import { nameFilter } from './filter.ts';
import type { Guard } from './guard.ts';
import { celsius, fraction, number, type Reading } from './numbers.ts';
import { files, inode, list } from './sysfs.ts';

export interface PowerSupplyOptions {
  /** Regular expression of supplies that are left out. */
  readonly ignoredSupplies: string;
}

export const POWER_SUPPLY_DEFAULTS: PowerSupplyOptions = { ignoredSupplies: '^$' };

const SIGNALS: Readonly<Record<string, Signal>> = POWER_SUPPLY;

/** Currents, voltages, charges, energies and power are in millionths, temperatures in tenths. */
function readingOf(attribute: string): Reading {
  if (attribute.startsWith('temp')) return celsius(10);
  const micro = /^(current|voltage|charge|energy|power|precharge|constant_charge|input_current)_/;
  return micro.test(attribute) ? fraction(1e6) : number;
}

export function powerSupplyClass(
  paths: Paths,
  guard: Guard,
  options: PowerSupplyOptions = POWER_SUPPLY_DEFAULTS,
): Source {
  const root = `${paths.sysfs}/class/power_supply`;
  const takes = nameFilter('', options.ignoredSupplies);
  return deviceSource({
    name: 'powersupplyclass',
    collectors: ['powersupplyclass'],
    guard,
    directories() {
      if (inode(root) === undefined) throw new NoData(`${root}: not there`);
      return list(root)
        .filter(takes)
        .map((name) => `${root}/${name}`);
    },
    describe(device, draft) {
      const name = device.directory.slice(root.length + 1);
      const there = files(device.directory);
      const info: Record<string, string> = { power_supply: name };
      for (const attribute of POWER_SUPPLY_INFO_LABELS) {
        const text = there.includes(attribute) ? device.watch(attribute) : undefined;
        if (text !== undefined && text !== '') info[attribute] = text;
      }
      device.constant(draft.slot(POWER_SUPPLY_INFO.info, info));
      for (const file of there) {
        const signal = Object.hasOwn(SIGNALS, file) ? SIGNALS[file] : undefined;
        if (signal === undefined) continue;
        const slot = draft.slot(signal, { power_supply: name });
        device.number(file, slot, { reading: readingOf(file), slow: file.endsWith('_design') });
      }
    },
  });
}
