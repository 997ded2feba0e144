/**
 * /sys/class/infiniband/DEVICE/ports/PORT: state, rate and counters of RDMA ports, InfiniBand and RoCE.
 * https://www.kernel.org/doc/Documentation/ABI/stable/sysfs-class-infiniband
 *
 * A counter that the driver does not have answers EINVAL or EOPNOTSUPP, or reads `N/A (no PMA)`: that
 * counter alone is absent.
 */
import type { Draft, Labels } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { NoData, type Source } from '../board/source.ts';
import {
  INFINIBAND,
  INFINIBAND_COUNTERS,
  INFINIBAND_COUNTERS_EXT,
} from '../catalog/host/infiniband.ts';
import { INFINIBAND_HW_COUNTERS } from '../catalog/host/infiniband-hw.ts';
import type { Signal } from '../catalog/signal.ts';
import type { Device } from './device.ts';
import { deviceSource } from './device-source.ts';
import type { Guard } from './guard.ts';
import type { Reading } from './numbers.ts';
import { inode, list } from './sysfs.ts';

const ACTIVE = 4;
const BYTES_PER_GIGABIT = 125_000_000;

/** Data is counted in words of four bytes, whatever the number of lanes. */
const WORDS: Readonly<Record<string, Reading>> = {
  port_rcv_data: words,
  port_xmit_data: words,
  port_rcv_data_64: words,
  port_xmit_data_64: words,
};

const MILLISECONDS: Readonly<Record<string, Reading>> = {
  lifespan: (text) => count(text) / 1000,
};

/** Reads `paths.sysfs`; NoData where it has no class/infiniband. */
export function infiniband(paths: Paths, guard: Guard): Source {
  const directory = `${paths.sysfs}/class/infiniband`;
  return deviceSource({
    name: 'infiniband',
    collectors: ['infiniband'],
    guard,
    directories() {
      if (inode(directory) === undefined) throw new NoData(`${directory}: not there`);
      return list(directory).map((name) => `${directory}/${name}`);
    },
    describe(device, draft) {
      const name = device.directory.slice(directory.length + 1);
      const labels = {
        board_id: device.watch('board_id') ?? '',
        device: name,
        firmware_version: device.watch('fw_ver') ?? '',
        hca_type: device.watch('hca_type') ?? '',
      };
      device.constant(draft.slot(INFINIBAND.info, labels));
      for (const number of list(device.path('ports'))) {
        if (!/^\d+$/.test(number)) continue;
        port(device, `ports/${number}`, { device: name, port: number }, draft);
      }
      return true;
    },
  });
}

function port(device: Device, path: string, labels: Labels, draft: Draft): void {
  let active = false;
  let rate = Number.NaN;
  device.number(`${path}/state`, draft.slot(INFINIBAND.stateId, labels), {
    reading(text) {
      const state = stateId(text);
      active = state === ACTIVE;
      return state;
    },
  });
  device.number(`${path}/phys_state`, draft.slot(INFINIBAND.physicalStateId, labels), {
    reading: stateId,
  });
  device.number(`${path}/rate`, draft.slot(INFINIBAND.rate, labels), {
    reading(text) {
      rate = bytesPerSecond(text);
      return rate;
    },
  });
  device.computed(draft.slot(INFINIBAND.activeRate, labels), () => {
    const known = active ? rate : Number.NaN;
    // A file that cannot be read next time must not leave this answer behind.
    active = false;
    rate = Number.NaN;
    return known;
  });
  const interfaces = {
    link_layer: device.watch(`${path}/link_layer`) ?? '',
    netdev: device.watch(`${path}/gid_attrs/ndevs/0`) ?? '',
  };
  device.constant(draft.slot(INFINIBAND.portInfo, { ...labels, ...interfaces }));

  const counters = (
    folder: string,
    signals: Readonly<Record<string, Signal>>,
    readings: Readonly<Record<string, Reading>>,
  ): void => {
    for (const file of list(device.path(`${path}/${folder}`))) {
      const signal = Object.hasOwn(signals, file) ? signals[file] : undefined;
      if (signal === undefined) continue;
      const reading = readings[file] ?? count;
      device.number(`${path}/${folder}/${file}`, draft.slot(signal, labels), { reading });
    }
  };
  counters('counters', INFINIBAND_COUNTERS, WORDS);
  counters('counters_ext', INFINIBAND_COUNTERS_EXT, WORDS);
  counters('hw_counters', INFINIBAND_HW_COUNTERS, MILLISECONDS);
}

/** A 64-bit counter; all ones is how firmware says that it has none. */
function count(text: string): number {
  return /^\d+$/.test(text) && text !== '18446744073709551615' ? Number(text) : Number.NaN;
}

function words(text: string): number {
  return count(text) * 4;
}

/** `4: ACTIVE` is 4. */
function stateId(text: string): number {
  return Number(/^(\d+):/.exec(text)?.[1] ?? Number.NaN);
}

/** `200 Gb/sec (4X HDR)` is 25 billion bytes per second. */
function bytesPerSecond(text: string): number {
  return Math.trunc(Number(/^([\d.]+) Gb\/sec/.exec(text)?.[1] ?? Number.NaN) * BYTES_PER_GIGABIT);
}
