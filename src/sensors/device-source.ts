/** A source made of devices that come and go, each in a directory of its own. */
import type { Draft } from '../board/layout.ts';
import { NoData, SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { Device } from './device.ts';
import type { Guard } from './guard.ts';

export interface DeviceSourceSpec {
  readonly name: string;
  readonly collectors: readonly string[];
  readonly guard: Guard;
  /** Directories of the devices that are there, in order. Throws NoData where there can be none. */
  readonly directories: () => readonly string[];
  /** Whether one of them is this source's; asked under the guard. Without it all are. */
  readonly takes?: (directory: string) => boolean;
  /** Says what is read from it. */
  readonly describe: (device: Device, draft: Draft) => void;
  /** Why there is no data when there is no device; without it a machine without devices is well. */
  readonly nothing?: string;
  /** Called before the first `describe` of a discovery: what the last one gathered is void. */
  readonly begin?: (draft: Draft) => void;
  /** Computes values from those of all devices. */
  readonly after?: (values: Float64Array) => void;
}

export function deviceSource(spec: DeviceSourceSpec): Source {
  const { guard } = spec;
  let devices: Device[] = [];

  /** Answers whether the device is (still) what was described. */
  const sample = (device: Device, values: Float64Array): boolean => {
    if (!guard.enter(device.directory)) {
      device.blank(values);
      return true;
    }
    try {
      return device.sample(values);
    } finally {
      guard.leave();
    }
  };

  return {
    name: spec.name,
    collectors: spec.collectors,
    discover(draft) {
      devices = [];
      spec.begin?.(draft);
      for (const directory of spec.directories()) {
        if (!guard.enter(directory)) continue;
        try {
          if (spec.takes?.(directory) === false) continue;
          const device = new Device(directory, draft);
          spec.describe(device, draft);
          devices.push(device);
        } finally {
          guard.leave();
        }
      }
      if (devices.length === 0 && spec.nothing !== undefined) throw new NoData(spec.nothing);
    },
    sample(values): SampleCode {
      for (const device of devices) {
        if (!sample(device, values)) return SAMPLE.rescan;
      }
      spec.after?.(values);
      return SAMPLE.ok;
    },
    close() {
      devices = [];
    },
  };
}
