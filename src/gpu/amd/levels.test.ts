import { expect, test } from 'bun:test';
import { type Clock, type Link, linkSpeed, parseClock, parseLink } from './levels.ts';

const clock = (text: string): Clock => {
  const out = { current: 0, min: 0, max: 0 };
  parseClock(text, out);
  return out;
};
const link = (text: string): Link => {
  const out = { speed: 0, width: 0, maxSpeed: 0, maxWidth: 0 };
  parseLink(text, out);
  return out;
};
const { NaN: NONE } = Number;

test('the level with the star is the current clock, whatever the order', () => {
  expect(clock('0: 300Mhz \n1: 1283Mhz *\n2: 900Mhz \n')).toEqual({
    current: 1283,
    min: 300,
    max: 1283,
  });
});

test('deep sleep is a clock, and no level', () => {
  expect(clock('S: 19Mhz *\n0: 615Mhz \n1: 800Mhz \n')).toEqual({
    current: 19,
    min: 615,
    max: 800,
  });
  expect(clock('S: 19Mhz\n0: 615Mhz *\n')).toEqual({ current: 615, min: 615, max: 615 });
});

test('without a star there is a range and no current clock', () => {
  expect(clock('0: 300Mhz\n1: 500Mhz\n')).toEqual({ current: NONE, min: 300, max: 500 });
});

test.each(['', 'nonsense', '0: fast *', 'E: 5Mhz *'])('%j tells nothing', (text) => {
  expect(clock(text)).toEqual({ current: NONE, min: NONE, max: NONE });
  expect(link(text)).toEqual({ speed: NONE, width: NONE, maxSpeed: NONE, maxWidth: NONE });
});

test('levels of a link, with and without the clock behind them', () => {
  expect(link('0: 2.5GT/s, x1 310Mhz \n1: 16.0GT/s, x16 619Mhz *\n')).toEqual({
    speed: 16,
    width: 16,
    maxSpeed: 16,
    maxWidth: 16,
  });
  expect(link('0: 2.5GT/s, x8 *\n1: 8.0GT/s, x16\n')).toEqual({
    speed: 2.5,
    width: 8,
    maxSpeed: 8,
    maxWidth: 16,
  });
});

test('speed of a link as PCI writes it', () => {
  expect(linkSpeed('16.0 GT/s PCIe')).toBe(16);
  expect(linkSpeed('2.5 GT/s')).toBe(2.5);
  expect(linkSpeed('Unknown')).toBeNaN();
  expect(linkSpeed(undefined)).toBeNaN();
});
