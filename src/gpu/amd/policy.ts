/** What numbers of AMD GPUs are worth: what cannot be so becomes NaN. NaN goes through as NaN. */

const between = (x: number, least: number, most: number): number =>
  x >= least && x <= most ? x : Number.NaN;

/** Where 64-bit sentinels begin. */
export const count = (x: number): number => between(x, 0, 2 ** 63 - 1024);
/** No GPU, machine or link has so many bytes at once. */
export const bytes = (x: number): number => between(x, 0, 2 ** 47);
/** Per cent to a ratio. */
export const ratio = (x: number): number => between(x, 0, 100) / 100;
/** A temperature that silicon can have; a sensor that is missing says -273 or 65535. */
export const celsius = (x: number): number => between(x, -100, 250);
/** Thousandths of a degree. */
export const millicelsius = (x: number): number => celsius(x / 1000);
/** No board draws 100 kW. */
export const watts = (x: number): number => between(x, 0, 1e5);
export const microwatts = (x: number): number => watts(x / 1e6);
/** Megahertz, up to 100 GHz, to hertz. */
export const megahertz = (x: number): number => between(x, 0, 1e5) * 1e6;
/** Millivolts, up to 100 V, to volts. */
export const millivolts = (x: number): number => between(x, 0, 1e5) / 1000;
export const rpm = (x: number): number => between(x, 0, 1e5);
/** Lanes: 1 to 32; 0 is no link. */
export const lanes = (x: number): number => between(x, 1, 32);
/** Gigatransfers per second to transfers per second. */
export const gigatransfers = (x: number): number => between(x, 0.1, 1000) * 1e9;
export const flag = (x: number): number => (x === 0 || x === 1 ? x : Number.NaN);
/** What is missing on a chip is 0 there, never at work. */
export const nonZero = (x: number): number => (x === 0 ? Number.NaN : x);
/** The unit of the energy counter of gpu_metrics, in joules. */
export const ENERGY_UNIT = 2 ** -16;
export const energy = (x: number): number => count(x) * ENERGY_UNIT;

/** The first that is a number. */
export function first(...values: readonly number[]): number {
  for (const value of values) if (!Number.isNaN(value)) return value;
  return Number.NaN;
}

/** The first that is known; the second is asked only where the first is not. */
export const or = (value: number, other: () => number): number =>
  Number.isNaN(value) ? other() : value;
