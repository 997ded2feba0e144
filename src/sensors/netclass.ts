/**
 * /sys/class/net/INTERFACE: state, carrier, speed and identity of network interfaces.
 * https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-net
 *
 * Two dozen files per interface are too many to read every second. Four of them say that something
 * happened (operstate, flags, carrier, carrier_changes); the others are read again when one of the four
 * changed, and at every discovery.
 */
import { existsSync } from 'node:fs';
import type { Draft, Labels } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { NoData, SAMPLE, type Source } from '../board/source.ts';
import { NETCLASS, NETCLASS_NATIVE } from '../catalog/host/netclass.ts';
import type { Signal } from '../catalog/signal.ts';
import type { Guard } from './guard.ts';
import { guarded } from './guarded.ts';
import { linkName, list, readNumber, readText, resolve } from './sysfs.ts';

export interface NetclassOptions {
  /** Regular expression: interfaces to leave out (`--collector.netclass.ignored-devices`); none by default. */
  readonly ignoredDevices?: string;
  /** Leaves `node_network_speed_bytes` out where the driver says that it does not know. */
  readonly ignoreInvalidSpeed?: boolean;
  /** Regular expression: interfaces in the native dialect; without it those that have a device behind them. */
  readonly native?: string;
}

const IFF_UP = 1;
const BYTES_PER_MEGABIT = 125_000;
/** SPEED_UNKNOWN as some drivers print it: -1 in 32 bits without a sign. */
const UNKNOWN_SPEED = 2 ** 32 - 1;

/** Files that hold one number, and what it is. */
const NUMBERS: readonly (readonly [file: string, signal: Signal])[] = [
  ['addr_assign_type', NETCLASS.addressAssignType],
  ['carrier_up_count', NETCLASS.carrierUpChanges],
  ['carrier_down_count', NETCLASS.carrierDownChanges],
  ['dev_id', NETCLASS.deviceId],
  ['dormant', NETCLASS.dormant],
  ['ifindex', NETCLASS.ifaceId],
  ['iflink', NETCLASS.ifaceLink],
  ['link_mode', NETCLASS.ifaceLinkMode],
  ['name_assign_type', NETCLASS.nameAssignType],
  ['netdev_group', NETCLASS.netDevGroup],
  ['tx_queue_len', NETCLASS.transmitQueueLength],
  ['type', NETCLASS.protocolType],
];

/** One series and its value. */
type Measured = readonly [signal: Signal, labels: Labels, value: number];

interface Interface {
  readonly name: string;
  readonly path: string;
  readonly physical: boolean;
  /** The four that say whether something happened, as one text. */
  signs: string;
  /** Always the same signals in the same order. */
  measured: readonly Measured[];
  slots: readonly number[];
}

interface Signs {
  readonly operstate: string | undefined;
  readonly flags: number;
  readonly changes: number;
  readonly text: string;
}

/** Reads `paths.sysfs`; NoData where that has no interfaces. */
export function netclass(paths: Paths, guard: Guard, options: NetclassOptions = {}): Source {
  const directory = `${paths.sysfs}/class/net`;
  const ignored = new RegExp(options.ignoredDevices ?? '^$');
  const native = options.native === undefined ? undefined : new RegExp(options.native);
  let interfaces: Interface[] = [];
  /** The discovery that a sample called for has read everything: that sample shows what it read. */
  let called = false;
  let fresh = false;

  const describe = (name: string, path: string, draft: Draft): Interface => {
    const signs = readSigns(path);
    const physical = native?.test(name) ?? existsSync(`${path}/device`);
    const measured = readAll(name, path, physical, signs, options);
    const slots = measured.map(([signal, labels]) => draft.slot(signal, labels));
    return { name, path, physical, signs: signs.text, measured, slots };
  };

  return {
    name: 'netclass',
    collectors: ['netclass'],
    discover(draft) {
      interfaces = [];
      for (const name of list(directory)) {
        const path = `${directory}/${name}`;
        // bonding_masters is a file; a name that is not UTF-8 leads nowhere.
        if (ignored.test(name) || !existsSync(`${path}/.`)) continue;
        const found = guarded(guard, path, () => describe(name, path, draft));
        if (found !== undefined) interfaces.push(found);
      }
      fresh = called;
      called = false;
      if (interfaces.length === 0) throw new NoData(`${directory}: no interfaces`);
    },
    sample(values) {
      for (const one of interfaces) {
        const shape = fresh || guarded(guard, one.path, () => refresh(one, options));
        if (shape === false) {
          called = true;
          return SAMPLE.rescan;
        }
        for (const [i, slot] of one.slots.entries()) {
          values[slot] = shape === undefined ? Number.NaN : (one.measured[i] as Measured)[2];
        }
      }
      fresh = false;
      return SAMPLE.ok;
    },
    close() {},
  };
}

/** Reads again what may have changed; false where the interface is gone or a label is another one. */
function refresh(one: Interface, options: NetclassOptions): boolean {
  const signs = readSigns(one.path);
  if (signs.operstate === undefined && !existsSync(one.path)) return false;
  if (signs.text === one.signs) return true;
  const before = one.measured;
  one.signs = signs.text;
  one.measured = readAll(one.name, one.path, one.physical, signs, options);
  return one.measured.every(([, labels], i) => same(labels, (before[i] as Measured)[1]));
}

const same = (a: Labels, b: Labels): boolean =>
  Object.entries(a).every(([name, value]) => b[name] === value);

function readSigns(path: string): Signs {
  const operstate = readText(`${path}/operstate`);
  const flags = readNumber(`${path}/flags`);
  const changes = readNumber(`${path}/carrier_changes`);
  // The carrier of an interface that is down answers EINVAL, and a failed read costs more than a good one.
  const carrier = (flags & IFF_UP) === 0 ? '' : readText(`${path}/carrier`);
  return { operstate, flags, changes, text: `${operstate} ${flags} ${changes} ${carrier}` };
}

function readAll(
  name: string,
  path: string,
  physical: boolean,
  signs: Signs,
  options: NetclassOptions,
): Measured[] {
  const text = (file: string): string => readText(`${path}/${file}`) ?? '';
  const number = (file: string): number => readNumber(`${path}/${file}`);
  const { operstate, flags, changes } = signs;
  const device = { device: name, physical: physical ? 'yes' : 'no' };
  const up = operstate === undefined ? Number.NaN : Number(operstate === 'up');
  const carrier = number('carrier');
  const mtu = number('mtu');
  const speed = number('speed');
  const address = text('address');
  const info = {
    address,
    adminstate: adminState(flags),
    broadcast: text('broadcast'),
    device: name,
    duplex: text('duplex'),
    ifalias: text('ifalias'),
    operstate: operstate ?? '',
  };
  const shown = speed < 0 && options.ignoreInvalidSpeed === true ? Number.NaN : speed;
  const measured: Measured[] = [
    [NETCLASS.up, device, up],
    [NETCLASS.info, info, 1],
    [NETCLASS.carrier, device, carrier],
    [NETCLASS.carrierChanges, device, changes],
    [NETCLASS.flags, device, flags],
    [NETCLASS.mtu, device, mtu],
    [NETCLASS.speed, device, speedBytes(shown)],
    ...NUMBERS.map(([file, signal]): Measured => [signal, device, number(file)]),
  ];
  if (!physical) return measured;
  const hardware = {
    device: name,
    address,
    driver: linkName(`${path}/device/driver`) ?? '',
    bus_address: resolve(`${path}/device`)?.split('/').at(-1) ?? '',
  };
  const linked = carrier === 1 && speed > 0 && speed < UNKNOWN_SPEED;
  return measured.concat([
    [NETCLASS_NATIVE.hardware, hardware, 1],
    [NETCLASS_NATIVE.linkSpeed, device, linked ? speedBytes(speed) : Number.NaN],
  ]);
}

const adminState = (flags: number): string => {
  if (Number.isNaN(flags)) return 'unknown';
  return (flags & IFF_UP) === 0 ? 'down' : 'up';
};

/** Megabits per second as whole bytes per second. */
const speedBytes = (megabits: number): number => Math.trunc(megabits * BYTES_PER_MEGABIT);
