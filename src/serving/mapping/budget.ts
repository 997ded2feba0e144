/** How much of a page goes to the board: what a server says may be made to hurt. */
import type { Value } from './memory.ts';

/** Bytes that they may take on a page: as many as the largest page that is read. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Bytes of a line beside its labels: the longest name, engine, endpoint and number, for each dialect and format. */
const LINE = 200;

/** As many of the values, from the first, as there is room for. */
export function fitting(values: readonly Value[]): readonly Value[] {
  let bytes = 0;
  const end = values.findIndex((value) => {
    bytes += sizeOf(value);
    return bytes > MOST_BYTES;
  });
  return end < 0 ? values : values.slice(0, end);
}

function sizeOf({ labels, values }: Value): number {
  let line = LINE;
  for (const name in labels) line += name.length + (labels[name] as string).length;
  return line * values.length;
}
