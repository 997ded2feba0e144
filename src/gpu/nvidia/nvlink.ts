/** NVLink, C2C and fabric of a GPU as a whole. */
import { type Fabric, FieldBatch, RETURN, U32_ALL_ONES } from '../../../ffi/nvml.ts';
import { GPU_NVLINK, GPU_NVLINK_ERRORS } from '../../catalog/gpu/nvlink.ts';
import { ByteCounter } from './byte-counter.ts';
import type { Gpu, Group, Reading, Slots } from './group.ts';
import { c2cLinks, KIB, links } from './nvlink-parts.ts';
import { count, flag, isGone, u32 } from './policy.ts';
import { type Field, fields, type Question, readFields, Table } from './table.ts';

export const nvlink: Group = {
  name: 'nvlink',
  every: 10,
  attach(gpu) {
    const all = links(gpu);
    const c2c = c2cLinks(gpu);
    return new Table(gpu, [
      ...(all === 0 ? [] : [linksUp(gpu, all), errors(gpu)]),
      ...(c2c === 0 ? [] : [c2cUp(gpu, c2c)]),
      fabric(gpu),
    ]);
  },
};

export const nvlinkTraffic: Group = {
  name: 'nvlink',
  every: 1,
  attach: (gpu) => (links(gpu) === 0 ? undefined : new Traffic(gpu)),
};

function linksUp(gpu: Gpu, links: number): Question {
  return {
    series: [GPU_NVLINK.links],
    ask(answer) {
      let up = 0;
      for (let link = 0; link < links; link++) {
        up += flag(gpu.nvml.u32('nvLinkState', gpu.handle, link));
        if (gpu.nvml.rc !== RETURN.success) return gpu.nvml.rc;
      }
      answer[0] = up;
      return RETURN.success;
    },
  };
}

/** Field ids of the sums over links; NVLink 4 and older. */
const ERRORS = { crc_flit: 38, crc_data: 45, replay: 52, recovery: 59 } as const;

function errors(gpu: Gpu): Question {
  return fields(
    gpu,
    Object.entries(ERRORS).map(
      ([error, id]): Field => ({
        id,
        series: [GPU_NVLINK_ERRORS[error as keyof typeof ERRORS], { error }],
        policy: count,
      }),
    ),
  );
}

const C2C_STATUS = 171;

function c2cUp(gpu: Gpu, links: number): Question {
  const batch = new FieldBatch(Array.from({ length: links }, (_, link) => [C2C_STATUS, link]));
  return {
    series: [GPU_NVLINK.c2cLinks],
    ask(answer) {
      const rc = readFields(gpu, batch);
      if (rc !== RETURN.success) return rc;
      let up = 0;
      for (let link = 0; link < links; link++) {
        if (batch.rc[link] !== RETURN.success) return batch.rc[link] as number;
        if (batch.value[link] === 1) up++;
      }
      answer[0] = up;
      return rc;
    },
  };
}

/** nvmlGpuFabricState_t */
const NO_FABRIC = 0;
const COMPLETED = 3;
const MOST_STATES = 3;
/** Lowest two bits of the health mask: whether the bandwidth is degraded. 0 is "not supported". */
const DEGRADED = { mask: 0x3, true: 1, false: 2 } as const;

function fabric(gpu: Gpu): Question {
  const out: Fabric = {
    cluster: '',
    status: 0,
    clique: 0,
    state: 0,
    healthMask: Number.NaN,
    healthSummary: Number.NaN,
  };
  return {
    series: [GPU_NVLINK.fabricState, GPU_NVLINK.fabricStatus, GPU_NVLINK.fabricDegraded],
    ask(answer) {
      const rc = gpu.nvml.health.fabric(gpu.handle, out);
      if (rc !== RETURN.success) return rc;
      if (out.state === NO_FABRIC) return RETURN.notSupported;
      if (out.state > MOST_STATES) return rc;
      answer[0] = out.state;
      if (out.state === COMPLETED) answer[1] = u32(out.status);
      answer[2] = degraded(out.healthMask);
      return rc;
    },
  };
}

function degraded(health: number): number {
  if (Number.isNaN(health)) return health;
  const bits = health & DEGRADED.mask;
  if (bits === DEGRADED.true) return 1;
  return bits === DEGRADED.false ? 0 : Number.NaN;
}

/** Where the driver counts payload: all links in KiB (NVLink 4), or each link in bytes (NVLink 5). */
const ALL_LINKS = [138, 139] as const;
const EACH_LINK = [202, 204] as const;

class Traffic implements Reading {
  readonly #gpu: Gpu;
  readonly #links: number;
  readonly #counters = [new ByteCounter(), new ByteCounter()] as const;
  #sources: readonly { readonly batch: FieldBatch; readonly unit: number }[] = [];
  #slots: readonly { readonly total: number; readonly rate: number }[] = [];
  #bandwidth = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#links = links(gpu);
  }

  declare(slots: Slots): void {
    this.#slots = [];
    if (this.#sources.length === 0) this.#sources = this.#find();
    if (this.#sources.length === 0) return;
    const { facts } = this.#gpu;
    const { transmitted, transmitRate, received, receiveRate, bandwidth } = GPU_NVLINK;
    this.#slots = [
      { total: slots.slot(transmitted, facts), rate: slots.slot(transmitRate, facts) },
      { total: slots.slot(received, facts), rate: slots.slot(receiveRate, facts) },
    ];
    this.#bandwidth = slots.slot(bandwidth, facts);
  }

  sample(values: Float64Array): number {
    if (this.#slots.length === 0) return 0;
    const now = performance.now();
    let bandwidth = 0;
    let rc = 0;
    for (let i = 0; i < this.#sources.length; i++) {
      const { batch, unit } = this.#sources[i] as { batch: FieldBatch; unit: number };
      const { total, rate } = this.#slots[i] as { total: number; rate: number };
      const counter = this.#counters[i] as ByteCounter;
      const code = readFields(this.#gpu, batch);
      if (isGone(code)) rc = code;
      counter.add(sum(batch) * unit, now);
      values[total] = counter.total;
      values[rate] = counter.rate;
      bandwidth += counter.rate;
    }
    values[this.#bandwidth] = bandwidth;
    return rc;
  }

  /** Sources of both directions, or none. */
  #find(): { batch: FieldBatch; unit: number }[] {
    const all = ALL_LINKS.map((id) => new FieldBatch([[id, U32_ALL_ONES]]));
    const readable = (batch: FieldBatch) =>
      readFields(this.#gpu, batch) === RETURN.success && !Number.isNaN(sum(batch));
    if (all.every(readable)) return all.map((batch) => ({ batch, unit: KIB }));
    const each = EACH_LINK.map((id) => this.#answering(id));
    return each.every((batch) => batch.length > 0 && readable(batch))
      ? each.map((batch) => ({ batch, unit: 1 }))
      : [];
  }

  /** The links that answer a field: those that are not connected never do. */
  #answering(id: number): FieldBatch {
    const batch = new FieldBatch(Array.from({ length: this.#links }, (_, link) => [id, link]));
    readFields(this.#gpu, batch);
    const scopes = [...batch.scopes].filter((_, i) => batch.rc[i] === RETURN.success);
    return new FieldBatch(scopes.map((link) => [id, link]));
  }
}

/** NaN where any is not known: part of a sum would be a counter that went back. */
function sum(batch: FieldBatch): number {
  let sum = 0;
  for (let i = 0; i < batch.length; i++) sum += count(batch.value[i] as number);
  return sum;
}
