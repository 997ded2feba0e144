/** Clocks and links by level, as pp_dpm_sclk and pp_dpm_pcie tell them. */

/** Megahertz; NaN what is not told. */
export interface Clock {
  current: number;
  /** Of the levels, deep sleep (`S:`) not among them. */
  min: number;
  max: number;
}

/**
 * Fills `out` from lines such as `1: 1283Mhz *`, the star at the current one. The driver writes a clock of
 * deep sleep as `S: 19Mhz *`.
 */
export function parseClock(text: string, out: Clock): void {
  out.current = Number.NaN;
  out.min = Number.NaN;
  out.max = Number.NaN;
  for (const line of text.split('\n')) {
    const [, level, clock, star] = /^\s*(S|\d+):\s*(\d+)\s*Mhz\s*(\*?)/i.exec(line) ?? [];
    if (clock === undefined) continue;
    const mhz = Number(clock);
    if (star === '*') out.current = mhz;
    if (level === 'S') continue;
    if (!(out.min <= mhz)) out.min = mhz;
    if (!(out.max >= mhz)) out.max = mhz;
  }
}

/** Gigatransfers per second and lanes; NaN what is not told. */
export interface Link {
  speed: number;
  width: number;
  maxSpeed: number;
  maxWidth: number;
}

/** Fills `out` from lines such as `1: 16.0GT/s, x16 619Mhz *`. */
export function parseLink(text: string, out: Link): void {
  out.speed = Number.NaN;
  out.width = Number.NaN;
  out.maxSpeed = Number.NaN;
  out.maxWidth = Number.NaN;
  for (const line of text.split('\n')) {
    const [, gigatransfers, lanes] = /^\s*\d+:\s*([\d.]+)\s*GT\/s,?\s*x(\d+)/.exec(line) ?? [];
    if (gigatransfers === undefined) continue;
    const speed = Number(gigatransfers);
    const width = Number(lanes);
    if (line.includes('*')) {
      out.speed = speed;
      out.width = width;
    }
    if (!(out.maxSpeed >= speed)) out.maxSpeed = speed;
    if (!(out.maxWidth >= width)) out.maxWidth = width;
  }
}

/** `16.0 GT/s PCIe` of current_link_speed in gigatransfers per second; NaN for `Unknown`. */
export const linkSpeed = (text: string | undefined): number =>
  Number(/^([\d.]+) GT\/s/.exec(text ?? '')?.[1] ?? Number.NaN);
