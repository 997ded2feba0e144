/**
 * rsmi_frequencies_t and rsmi_pcie_bandwidth_t, of which ROCm 5 and ROCm 6 have different ones under the same
 * name. Nothing in them says which it is, but what is read by the wrong one cannot be so.
 */
import { uint64 } from './arena.ts';
import { BANDWIDTH_5, BANDWIDTH_6, FREQUENCIES_5, FREQUENCIES_6 } from './rocm-smi-structs.ts';
import type { Levels, Link } from './rocm-smi-types.ts';

/** `current` where no level is the current one. */
const NONE = 0xffff_ffff;

interface Shape {
  readonly deepSleep: number | undefined;
  readonly count: number;
  readonly current: number;
  readonly frequencies: number;
  readonly lanes: number;
  readonly most: number;
}

const shape = (
  frequencies: typeof FREQUENCIES_5 | typeof FREQUENCIES_6,
  bandwidth: typeof BANDWIDTH_5 | typeof BANDWIDTH_6,
): Shape => ({
  deepSleep: 'u8' in frequencies ? frequencies.u8.has_deep_sleep : undefined,
  count: frequencies.u32.num_supported,
  current: frequencies.u32.current,
  frequencies: frequencies.array.frequency[0],
  lanes: bandwidth.array.lanes[0],
  most: frequencies.array.frequency[2],
});

const ROCM_5 = shape(FREQUENCIES_5, BANDWIDTH_5);
const ROCM_6 = shape(FREQUENCIES_6, BANDWIDTH_6);

/** Reads what the library filled in, zeros before. */
export class LevelReader {
  readonly #likely: Shape;
  readonly #other: Shape;

  /** `wide`: version and functions of the library are those of ROCm 6. */
  constructor(wide: boolean) {
    this.#likely = wide ? ROCM_6 : ROCM_5;
    this.#other = wide ? ROCM_5 : ROCM_6;
  }

  /** False where it can be neither of them; `out` is void then. */
  frequencies(view: DataView, out: Levels): boolean {
    const found = this.#shape(view);
    if (found === undefined) return false;
    const count = view.getUint32(found.count, true);
    const current = view.getUint32(found.current, true);
    out.min = Number.POSITIVE_INFINITY;
    out.max = Number.NEGATIVE_INFINITY;
    for (let i = sleeps(view, found) ? 1 : 0; i < count; i++) {
      const frequency = uint64(view, found.frequencies + 8 * i);
      out.min = Math.min(out.min, frequency);
      out.max = Math.max(out.max, frequency);
    }
    out.current = current === NONE ? Number.NaN : uint64(view, found.frequencies + 8 * current);
    return out.min <= out.max;
  }

  /** The same of a link. */
  link(view: DataView, out: Link): boolean {
    const found = this.#shape(view);
    if (found === undefined || !this.frequencies(view, out)) return false;
    const count = view.getUint32(found.count, true);
    const current = view.getUint32(found.current, true);
    out.width = current === NONE ? Number.NaN : view.getUint32(found.lanes + 4 * current, true);
    out.maxWidth = 0;
    for (let i = 0; i < count; i++) {
      out.maxWidth = Math.max(out.maxWidth, view.getUint32(found.lanes + 4 * i, true));
    }
    return true;
  }

  #shape(view: DataView): Shape | undefined {
    if (isPlausible(view, this.#likely)) return this.#likely;
    return isPlausible(view, this.#other) ? this.#other : undefined;
  }
}

const sleeps = (view: DataView, { deepSleep }: Shape): boolean =>
  deepSleep !== undefined && view.getUint8(deepSleep) === 1;

/** A level more or less than there are, or a clock of less than a kilohertz, is not one. */
function isPlausible(view: DataView, it: Shape): boolean {
  const count = view.getUint32(it.count, true);
  const current = view.getUint32(it.current, true);
  if (it.deepSleep !== undefined && view.getUint32(it.deepSleep, true) > 1) return false;
  if (count < 1 || count > it.most || (current >= count && current !== NONE)) return false;
  for (let i = 0; i < count; i++) {
    const frequency = uint64(view, it.frequencies + 8 * i);
    if (frequency !== 0 && (frequency < 1e3 || frequency > 1e12)) return false;
  }
  return true;
}
