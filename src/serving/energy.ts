/**
 * Energy of GPUs by the model servers that hold them. Of each GPU's counter the growth since the last look
 * goes to the processes on it by their use of its multiprocessors, by their memory while all are idle, in
 * equal parts where neither is known; a server has the parts of its processes, and all parts together are
 * the growth. It runs in the serving process, where the board has both the servers and the GPUs.
 */
import type { Layout, Series } from '../board/layout.ts';
import { SAMPLE, type Source } from '../board/source.ts';
import { GPU_POWER } from '../catalog/gpu/power.ts';
import { GPU_HOLDER } from '../catalog/gpu/process.ts';
import { LLM_SERVER } from '../catalog/serving.ts';

/** One process on a GPU. */
interface Share {
  /** Place of its server in the totals; -1 of a process that is no model server. */
  readonly server: number;
  /** Slots; -1 where there is none. */
  readonly busy: number;
  readonly memory: number;
}

interface Gpu {
  readonly uuid: string;
  readonly energy: number;
  readonly shares: readonly Share[];
  /** Joules at the last look. */
  last: number;
}

export class LlmEnergy {
  readonly #layout: Layout;
  #version = -1;
  #gpus: readonly Gpu[] = [];
  /** By the labels of servers; kept while edgegauge runs, for a counter only goes up. */
  readonly #places = new Map<string, number>();
  #totals = new Float64Array(16);
  #servers: readonly Series[] = [];

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Whether there is a server that holds a GPU. */
  get wanted(): boolean {
    if (this.#layout.version !== this.#version) this.#refresh();
    return this.#gpus.length > 0;
  }

  /** Takes in what the GPUs used since the last look. To be called after each poll of them. */
  look(): void {
    if (this.#layout.version !== this.#version) this.#refresh();
    const { values } = this.#layout.board;
    for (let i = 0; i < this.#gpus.length; i++) {
      const gpu = this.#gpus[i] as Gpu;
      const joules = values[gpu.energy] as number;
      const grown = joules - gpu.last;
      // A GPU that was away, or whose driver was loaded anew, has lost the time between.
      if (grown > 0) this.#share(gpu.shares, grown, values);
      if (!Number.isNaN(joules)) gpu.last = joules;
    }
  }

  source(): Source {
    /** Pairs of slot and place among the totals. */
    let slots: number[] = [];
    let declared: readonly Series[] = [];
    return {
      name: 'llm-energy',
      collectors: ['serving'],
      discover: (draft) => {
        this.look();
        declared = this.#servers;
        slots = declared.flatMap((series) => [
          draft.slot(LLM_SERVER.energy, labelsOf(series)),
          this.#places.get(keyOf(series)) as number,
        ]);
      },
      sample: (values) => {
        this.look();
        if (declared !== this.#servers) return SAMPLE.rescan;
        for (let i = 0; i < slots.length; i += 2) {
          values[slots[i] as number] = this.#totals[slots[i + 1] as number] as number;
        }
        return SAMPLE.ok;
      },
      close() {},
    };
  }

  #share(shares: readonly Share[], grown: number, values: Float64Array): void {
    let weight: 'busy' | 'memory' | 'equal' = 'busy';
    let sum = weighed(shares, weight, values);
    if (sum === 0) {
      weight = 'memory';
      sum = weighed(shares, weight, values);
    }
    if (sum === 0) {
      weight = 'equal';
      sum = shares.length;
    }
    for (let i = 0; i < shares.length; i++) {
      const share = shares[i] as Share;
      if (share.server < 0) continue;
      const part = (grown * weightOf(share, weight, values)) / sum;
      this.#totals[share.server] = (this.#totals[share.server] as number) + part;
    }
  }

  /** Finds the slots anew: processes, servers or GPUs came or went. */
  #refresh(): void {
    this.#version = this.#layout.version;
    const all = [...this.#layout.series()];
    const holders = all.filter((s) => s.signal.id === LLM_SERVER.holder.id);
    const places = new Map<string, number>();
    for (const series of holders) {
      places.set(`${series.labels['uuid']} ${series.labels['pid']}`, this.#place(keyOf(series)));
    }
    const gpus: Gpu[] = [];
    for (const { signal, labels, slot } of all) {
      const { uuid = '', mig_device: mig } = labels;
      if (signal.id !== GPU_POWER.energy.id || mig !== undefined) continue;
      const shares = sharesOf(uuid, all, places);
      if (!shares.some((share) => share.server >= 0)) continue;
      const last = this.#gpus.find((gpu) => gpu.uuid === uuid)?.last ?? Number.NaN;
      gpus.push({ uuid, energy: slot, shares, last });
    }
    this.#gpus = gpus;
    const servers = [...new Map(holders.map((s) => [keyOf(s), s])).values()];
    if (servers.map(keyOf).join() !== this.#servers.map(keyOf).join()) this.#servers = servers;
  }

  #place(key: string): number {
    const place = this.#places.get(key) ?? this.#places.size;
    this.#places.set(key, place);
    if (place >= this.#totals.length) {
      const grown = new Float64Array(2 * this.#totals.length);
      grown.set(this.#totals);
      this.#totals = grown;
    }
    return place;
  }
}

function labelsOf({ labels }: Series): Record<string, string> {
  const { model, engine, endpoint } = labels;
  return Object.fromEntries(
    Object.entries({ model, engine, endpoint }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
}

const keyOf = (series: Series): string => JSON.stringify(labelsOf(series));

const KINDS: Readonly<Record<string, 'busy' | 'memory'>> = {
  [GPU_HOLDER.busy.id]: 'busy',
  [GPU_HOLDER.memory.id]: 'memory',
};

/** The processes on one GPU, those summed under an empty pid among them. */
function sharesOf(
  uuid: string,
  all: readonly Series[],
  places: ReadonlyMap<string, number>,
): Share[] {
  const found = new Map<string, { pid: string; busy: number; memory: number }>();
  for (const { signal, labels, slot } of all) {
    const kind = KINDS[signal.id];
    if (labels['uuid'] !== uuid || kind === undefined) continue;
    const pid = labels['pid'] ?? '';
    // A process may be on several parts of a GPU.
    const key = `${pid} ${labels['mig_device'] ?? ''}`;
    const slots = found.get(key) ?? { pid, busy: -1, memory: -1 };
    slots[kind] = slot;
    found.set(key, slots);
  }
  return [...found.values()].map(({ pid, busy, memory }) => ({
    server: places.get(`${uuid} ${pid}`) ?? -1,
    busy,
    memory,
  }));
}

function weighed(
  shares: readonly Share[],
  weight: 'busy' | 'memory',
  values: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < shares.length; i++) sum += weightOf(shares[i] as Share, weight, values);
  return sum;
}

function weightOf(share: Share, weight: 'busy' | 'memory' | 'equal', values: Float64Array): number {
  if (weight === 'equal') return 1;
  const slot = share[weight];
  const value = slot < 0 ? 0 : (values[slot] as number);
  return value > 0 ? value : 0;
}
