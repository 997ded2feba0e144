/** One card that is read: what is asked of it, by whom, and when. */
import { existsSync } from 'node:fs';
import type { Guard } from '../../board/guard.ts';
import { GPU_INFO } from '../../catalog/gpu/info.ts';
import { GPU_MIG } from '../../catalog/gpu/mig.ts';
import { RESHAPE, type Reading, type Slots } from '../reading.ts';
import { readBytes, readText } from './attribute.ts';
import { type Backend, type Card, guardName, type Reader } from './backend.ts';
import type { Identity } from './identity.ts';
import { type AmdGroup, newQuantities, rangeOf } from './quantities.ts';
import { GroupSeries } from './series.ts';

/** A group that is on. */
export interface Wanted {
  readonly group: AmdGroup;
  /** What else it is reckoned from. */
  readonly also?: AmdGroup;
  /** Polls from one sample to the next while somebody scrapes. */
  readonly every: number;
}

export interface GpuOptions {
  readonly guard: Guard;
  /** Back ends that the guard lets at this card. */
  readonly readBy: string;
  /** Milliseconds between two polls while somebody scrapes. */
  readonly interval: number;
  readonly groups: readonly Wanted[];
  /** Whether partitions are told. */
  readonly partitions: boolean;
  /** What is not quantities: processes. At each poll. */
  readonly readings: readonly Reading[];
}

/** Who reads it, in the order in which they are asked. */
export interface Asked {
  readonly backend: Backend['name'];
  readonly reader: Reader;
}

interface Entry {
  readonly wanted: Wanted;
  readonly series: GroupSeries;
  /** Monotonic milliseconds. */
  readonly period: number;
  sampledAt: number;
  due: boolean;
}

/** What a sample answers of a card that does not answer. */
export const GONE = 1;

/** Scratch of whoever is asked. */
const answer = newQuantities();

export class AmdGpu {
  readonly card: Card;
  readonly identity: Identity;
  readonly #asked: readonly Asked[];
  readonly #options: GpuOptions;
  readonly #entries: readonly Entry[];
  readonly #all = newQuantities();
  #info = -1;
  #partition = -1;
  #suspended = false;
  #slots: number[] = [];

  constructor(card: Card, identity: Identity, asked: readonly Asked[], options: GpuOptions) {
    this.card = card;
    this.identity = identity;
    this.#asked = asked;
    this.#options = options;
    this.#entries = options.groups.map((wanted) => ({
      wanted,
      series: new GroupSeries(identity.facts, wanted.group),
      // A poll that comes a little early must not skip what was due.
      period: (wanted.every - 0.5) * options.interval,
      sampledAt: Number.NEGATIVE_INFINITY,
      due: false,
    }));
  }

  get uuid(): string {
    return this.identity.facts.uuid;
  }

  get readBy(): string {
    return this.#options.readBy;
  }

  /** Looks what it can tell, so that `declare` knows. */
  prime(): void {
    this.#sampleGroups(new Float64Array(0), 0, isSuspended(this.card));
    for (const entry of this.#entries) entry.sampledAt = Number.NEGATIVE_INFINITY;
  }

  declare(to: Slots): void {
    this.#slots = [];
    const slots: Slots = {
      slot: (...declared) => {
        const slot = to.slot(...declared);
        this.#slots.push(slot);
        return slot;
      },
    };
    this.#info = slots.slot(GPU_INFO.info, this.identity.info);
    const partition = this.#options.partitions ? partitionOf(this.card) : undefined;
    this.#partition =
      partition === undefined
        ? -1
        : slots.slot(GPU_MIG.partition, { ...this.identity.facts, ...partition });
    for (const { series } of this.#entries) series.declare(slots);
    for (const reading of this.#options.readings) reading.declare(slots);
  }

  /** Samples what is due. Answers 0, GONE, or RESHAPE where something was seen that has no series. */
  sample(values: Float64Array, now: number): number {
    // Asking a card that sleeps for anything would wake it, and keep it awake.
    const suspended = isSuspended(this.card);
    if (!isThere(this.card, suspended)) return GONE;
    values[this.#info] = 1;
    if (this.#partition >= 0) values[this.#partition] = 1;
    let code = 0;
    for (const reading of this.#options.readings) {
      if (reading.sample(values) === RESHAPE) code = RESHAPE;
    }
    return this.#sampleGroups(values, now, suspended) ? RESHAPE : code;
  }

  /** Nothing of it is known any more. */
  blank(values: Float64Array): void {
    for (const slot of this.#slots) values[slot] = Number.NaN;
  }

  #sampleGroups(values: Float64Array, now: number, suspended: boolean): boolean {
    if (suspended || this.#suspended) {
      for (const entry of this.#entries) {
        entry.sampledAt = Number.NEGATIVE_INFINITY;
        entry.series.blank(values);
      }
    }
    this.#suspended = suspended;
    if (suspended) return false;
    for (const entry of this.#entries) {
      entry.due = now - entry.sampledAt >= entry.period;
      if (!entry.due) continue;
      entry.sampledAt = now;
      this.#forget(entry.wanted.group);
      if (entry.wanted.also !== undefined) this.#forget(entry.wanted.also);
    }
    for (const each of this.#asked) this.#ask(each);
    let unseen = false;
    for (const { due, series } of this.#entries) {
      if (due && series.write(values, this.#all)) unseen = true;
    }
    if (unseen) {
      for (const entry of this.#entries) {
        if (entry.due) entry.sampledAt = Number.NEGATIVE_INFINITY;
      }
    }
    return unseen;
  }

  /** Fills what nobody before has known. */
  #ask({ backend, reader }: Asked): void {
    if (!this.#options.guard.enter(guardName(backend, this.card.address))) return;
    reader.begin?.();
    for (const { due, wanted } of this.#entries) {
      if (!due) continue;
      this.#read(reader, wanted.group);
      if (wanted.also !== undefined) this.#read(reader, wanted.also);
    }
    this.#options.guard.leave();
  }

  #read(reader: Reader, group: AmdGroup): void {
    const [from, to] = rangeOf(group);
    answer.fill(Number.NaN, from, to);
    reader.read(group, answer);
    for (let i = from; i < to; i++) {
      if (Number.isNaN(this.#all[i])) this.#all[i] = answer[i] as number;
    }
  }

  #forget(group: AmdGroup): void {
    this.#all.fill(Number.NaN, ...rangeOf(group));
  }
}

const header = Buffer.alloc(4);

/**
 * Whether a card still answers: one that fell off the bus has all ones in its configuration. `suspended`: it is
 * not asked, since that would wake it.
 */
export function isThere({ directory }: Card, suspended: boolean): boolean {
  if (!existsSync(directory)) return false;
  if (suspended || readBytes(`${directory}/config`, header) < header.length) return true;
  return header.readUInt32LE(0) !== 0xffff_ffff;
}

export const isSuspended = ({ directory }: Card): boolean =>
  readText(`${directory}/power/runtime_status`) === 'suspended';

/** Undefined for a chip that cannot be cut. */
function partitionOf({ directory }: Card): Record<string, string> | undefined {
  const compute = readText(`${directory}/current_compute_partition`);
  const memory = readText(`${directory}/current_memory_partition`);
  if (compute === undefined && memory === undefined) return undefined;
  return {
    ...(compute === undefined ? {} : { compute }),
    ...(memory === undefined ? {} : { memory }),
  };
}
