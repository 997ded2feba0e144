/** The power budget manager of a DGX Spark: hwmon chip `spbm`. https://github.com/antheas/spark_hwmon */
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { SPBM } from '../catalog/host/spbm.ts';
import type { Signal } from '../catalog/signal.ts';
import type { Device } from './device.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import { driverName, sensors } from './hwmon-chip.ts';
import { celsius, fraction } from './numbers.ts';
import { list } from './sysfs.ts';

const POWER: Readonly<Record<string, Signal>> = {
  input: SPBM.power,
  cap: SPBM.cap,
  min: SPBM.capMin,
  max: SPBM.capMax,
};

/** The driver's own label of the sensor that is the maximum of all junctions. */
const HOTTEST = 'tj_max';

export function spbm(paths: Paths, guard: Guard): Source {
  const root = `${paths.sysfs}/class/hwmon`;
  return deviceSource({
    name: 'spbm',
    collectors: ['spbm'],
    guard,
    directories: () => list(root).map((name) => `${root}/${name}`),
    takes: (directory) => driverName(directory) === 'spbm',
    nothing: 'no hwmon chip is called spbm',
    describe,
  });
}

function describe(device: Device, draft: Draft): void {
  for (const { type, label, files } of sensors(device.directory)) {
    // Without its label a rail is a number without a name.
    if (label === undefined || label === '') continue;
    const input = files.get('input');
    if (type === 'power') {
      for (const [property, signal] of Object.entries(POWER)) {
        const file = files.get(property);
        if (file === undefined) continue;
        device.number(file, draft.slot(signal, { rail: label }), { reading: fraction(1e6) });
      }
    } else if (type === 'energy' && input !== undefined) {
      const slot = draft.slot(SPBM.energy, { domain: label });
      device.number(input, slot, { reading: fraction(1e6) });
    } else if (type === 'temp' && label === HOTTEST && input !== undefined) {
      device.number(input, draft.slot(SPBM.hottest), { reading: celsius(1000) });
    }
  }
  device.number('prochot', draft.slot(SPBM.prochot));
  device.number('pl_level', draft.slot(SPBM.level));
}
