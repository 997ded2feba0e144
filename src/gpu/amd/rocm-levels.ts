/** Clocks and the PCIe link, by the levels that the library lists. */
import type { Levels, Link } from '../../../ffi/rocm-smi.ts';
import * as policy from './policy.ts';
import { at, type Quantity } from './quantities.ts';
import { type Read, several } from './rocm-ask.ts';

/** Hertz. */
const hertz = (x: number): number => policy.megahertz(x / 1e6);
const transfers = (x: number): number => policy.gigatransfers(x / 1e9);

const levels: Levels = { current: Number.NaN, min: Number.NaN, max: Number.NaN };

export const clock = (quantity: Quantity, which: number): Read =>
  several(
    levels,
    (smi, device, out) => smi.clock(device, which, out),
    ({ current }, out) => {
      out[at(quantity)] = hertz(current);
    },
  );

export const clockRange = (min: Quantity, max: Quantity, which: number): Read =>
  several(
    levels,
    (smi, device, out) => smi.clock(device, which, out),
    (read, out) => {
      out[at(min)] = hertz(read.min);
      out[at(max)] = hertz(read.max);
    },
  );

export const link: Read = several<Link>(
  { ...levels, width: Number.NaN, maxWidth: Number.NaN },
  (smi, device, out) => smi.link(device, out),
  ({ current, max, width, maxWidth }, out) => {
    out[at('pcieSpeed')] = transfers(current);
    out[at('pcieSpeedMax')] = transfers(max);
    out[at('pcieWidth')] = policy.lanes(width);
    out[at('pcieWidthMax')] = policy.lanes(maxWidth);
  },
);
