/** What the text of an attribute is worth in base units; NaN where it cannot be true. */

/** Absolute zero. Nothing that computes is colder, and nothing in it survives a thousand degrees. */
const COLDEST = -273.15;
const HOTTEST = 1000;

/** All ones in 32 bits: how firmware says "no value". */
const U32_MAX = 2 ** 32 - 1;

export type Reading = (text: string) => number;

/** A decimal or `0x…` number; empty text, infinity and the sentinels of 32 and 64 bits are none. */
export function number(text: string): number {
  if (text === '') return Number.NaN;
  const value = Number(text);
  return value === U32_MAX || Math.abs(value) >= 2 ** 63 ? Number.NaN : value;
}

/** A number in 1/`parts` of the base unit. Divided, so that 35900 thousandths are 35.9 exactly. */
export function fraction(parts: number): Reading {
  return (text) => number(text) / parts;
}

/** A temperature in 1/`parts` of a degree Celsius. */
export function celsius(parts: number): Reading {
  return (text) => {
    const value = number(text) / parts;
    return value > COLDEST && value < HOTTEST ? value : Number.NaN;
  };
}
