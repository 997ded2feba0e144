/**
 * What NVML's answers are worth. The only place that knows sentinels: a number that says "not available",
 * or that cannot be so, becomes NaN, never zero. Results are in base units. NaN goes through as NaN.
 */
import { RETURN, U32_ALL_ONES } from '../../../ffi/nvml.ts';

/** Where 64-bit sentinels begin: 0x7FFF_FFFF_FFFF_FFF0 and what is above, all-ones included. */
const NO_U64 = 2 ** 63 - 1024;
/** No GPU, machine or link has so many bytes at once. */
const MOST_BYTES = 2 ** 47;

/** Whether a return code says that the GPU no longer answers, or the driver as a whole (isDriverGone). */
export function isGone(rc: number): boolean {
  return (
    rc === RETURN.gpuIsLost ||
    rc === RETURN.resetRequired ||
    rc === RETURN.gpuNotFound ||
    isDriverGone(rc)
  );
}

/** Whether a return code says that NVML has to be initialised again. */
export function isDriverGone(rc: number): boolean {
  return (
    rc === RETURN.uninitialized ||
    rc === RETURN.driverNotLoaded ||
    rc === RETURN.libRmVersionMismatch
  );
}

/** Whether a return code says that this GPU, driver or library does not have what was asked for. */
export function isUnsupported(rc: number): boolean {
  return (
    rc === RETURN.notSupported ||
    rc === RETURN.functionNotFound ||
    rc === RETURN.invalidArgument ||
    rc === RETURN.noPermission ||
    rc === RETURN.argumentVersionMismatch ||
    rc === RETURN.deprecated
  );
}

function between(x: number, least: number, most: number): number {
  return x >= least && x <= most ? x : Number.NaN;
}

/** A 32-bit number: anything but all-ones. */
export const u32 = (x: number): number => between(x, 0, U32_ALL_ONES - 1);

/** A 64-bit count. */
export const count = (x: number): number => between(x, 0, NO_U64 - 1);

/** An amount of memory. */
export const bytes = (x: number): number => between(x, 0, MOST_BYTES);

/** 0 or 1. */
export const flag = (x: number): number => (x === 0 || x === 1 ? x : Number.NaN);

/** For what some GPU says 0 of, whatever it is: a 0 there means nothing. */
export const nonZero = (x: number): number => (x === 0 ? Number.NaN : x);

/** Per cent as they are. */
export const percent = (x: number): number => between(x, 0, 100);

/** Per cent to a ratio. */
export const ratio = (x: number): number => percent(x) / 100;

/** A fan may be told to turn faster than its noise allows: beyond 100 per cent. */
export const fanPercent = (x: number): number => between(x, 0, 200);

/** A temperature that silicon can have, or degrees between two: signed. */
export const celsius = (x: number): number => between(x, -100, 250);

/** The same of a die, whose -1 is an unsigned number's all-ones. A margin may well be -1. */
export const dieCelsius = (x: number): number => (x === -1 ? Number.NaN : celsius(x));

/** Milliwatts to watts; no board draws 100 kW. */
export const watts = (x: number): number => between(x, 0, 1e8) / 1000;

/** Millijoules to joules. */
export const joules = (x: number): number => count(x) / 1000;

/** Megahertz as they are, up to 100 GHz. */
export const megahertz = (x: number): number => between(x, 0, 1e5);

/** Megahertz to hertz. */
export const hertz = (x: number): number => megahertz(x) * 1e6;

/** P0 to P15; 32 is NVML's "unknown". */
export const performanceState = (x: number): number => between(x, 0, 15);

/** Nanoseconds to seconds. */
export const seconds = (x: number): number => count(x) / 1e9;

/** Microseconds by which the clocks of driver and machine may differ. */
const AHEAD = 10e6;

/**
 * Whether a time of the driver's, in microseconds since 1970, is yet to come: the machine's clock was set
 * back since, and what is newer than that would be long in coming.
 */
export const isAhead = (time: number): boolean => time > Date.now() * 1000 + AHEAD;
