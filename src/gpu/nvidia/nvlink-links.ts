/** Every NVLink and C2C link by itself. */
import { FieldBatch, type Pci } from '../../../ffi/nvml.ts';
import { GPU_NVLINK_FEC, GPU_NVLINK_LINKS } from '../../catalog/gpu/nvlink.ts';
import type { Gpu, Group, Reading, Slots } from './group.ts';
import { c2cLinks, KIB, links, MEGABYTE } from './nvlink-parts.ts';
import { count, flag, isGone, nonZero, u32 } from './policy.ts';
import { type Column, type Field, fields, one, type Question, readFields, Table } from './table.ts';

export const nvlinkLinks: Group = {
  name: 'nvlink_links',
  every: 10,
  attach(gpu) {
    const all = links(gpu);
    const c2c = c2cLinks(gpu);
    if (all + c2c === 0) return undefined;
    const known = {
      speeds: knows(gpu, SPEED, all),
      throughput: knows(gpu, THROUGHPUT, all),
    };
    return new Table(gpu, [
      ...each(all, (link) => linkQuestions(gpu, link, known)),
      ...each(c2c, (link) => [c2cQuestion(gpu, link)]),
    ]);
  },
};

export const nvlinkFec: Group = {
  name: 'nvlink_fec',
  every: 10,
  attach: (gpu) =>
    new Table(
      gpu,
      each(links(gpu), (link) => [
        fields(
          gpu,
          Array.from({ length: FEC_BINS }, (_, errors) => ({
            id: [FEC + errors, link],
            series: [GPU_NVLINK_FEC.blocks, { link: String(link), errors: String(errors) }],
            policy: count,
          })),
        ),
      ]),
    ),
};

/** What is at the other end; asked at each discovery, for links come up late. */
export const nvlinkInfo: Group = {
  name: 'nvlink_links',
  every: 10,
  attach: (gpu) => (links(gpu) === 0 ? undefined : new LinkInfo(gpu)),
};

/** Field ids. */
const SPEED = 164;
/** The same of drivers before 525: an id for each link, and no scope. */
const OLD_SPEEDS: readonly number[] = [84, 85, 86, 87, 88, 89, 132, 133, 134, 135, 136, 137];
const THROUGHPUT = 138;
const FEC = 235;
const FEC_BINS = 16;
const REMOTE_LINK = 146;
const C2C_STATUS = 171;

/** NVLink 4 and older: position is nvmlNvLinkErrorCounter_t. */
const ERRORS = ['replay', 'recovery', 'crc_flit', 'crc_data'] as const;
/** NVLink 5: by field id. */
const ERROR_FIELDS: Readonly<Record<number, string>> = {
  206: 'malformed',
  207: 'buffer_overrun',
  208: 'receive',
  209: 'receive_remote',
  210: 'receive_general',
  211: 'local_integrity',
  212: 'transmit_discard',
  213: 'recovery_successful',
  214: 'recovery_failed',
  215: 'recovery_events',
};
const C2C_ERRORS: Readonly<Record<number, string>> = {
  231: 'interrupt',
  232: 'replay',
  233: 'replay_b2b',
};

function each(links: number, make: (link: number) => readonly Question[]): Question[] {
  return Array.from({ length: links }, (_, link) => make(link)).flat();
}

/** Whether any link answers a field. */
function knows(gpu: Gpu, field: number, links: number): boolean {
  const batch = new FieldBatch(Array.from({ length: links }, (_, link) => [field, link]));
  readFields(gpu, batch);
  return batch.rc.includes(0);
}

const kibibytes = (x: number): number => count(x) * KIB;
const megabytes = (x: number): number => count(x) * MEGABYTE;

/** nvml.h: four bits of mantissa above eight bits of a decimal exponent. */
export function bitErrorRatio(x: number): number {
  if (!(x >= 0 && x <= 0xfff)) return Number.NaN;
  return ((x >> 8) & 0xf) * 10 ** -(x & 0xff);
}

/**
 * `throughput`: bytes are counted as NVLink 4 does; NVLink 5 has other fields for them. `speeds`: the driver
 * tells them by link.
 */
function linkQuestions(
  gpu: Gpu,
  link: number,
  { speeds, throughput }: { readonly speeds: boolean; readonly throughput: boolean },
): Question[] {
  const labels = { link: String(link) };
  const s = GPU_NVLINK_LINKS;
  const field = (id: number, signal: typeof s.up, policy: Field['policy'], more = {}): Field => ({
    id: [id, link],
    series: [signal, { ...labels, ...more }],
    policy,
  });
  return [
    one(gpu, [s.up, labels], () => gpu.nvml.u32('nvLinkState', gpu.handle, link), flag),
    fields(gpu, [
      ...(speeds ? [field(SPEED, s.speed, megabytes)] : oldSpeed(link, [s.speed, labels])),
      ...(throughput
        ? [field(138, s.transmitted, kibibytes), field(139, s.received, kibibytes)]
        : [field(202, s.transmitted, count), field(204, s.received, count)]),
      field(201, s.transmittedPackets, count),
      field(203, s.receivedPackets, count),
      ...Object.entries(ERROR_FIELDS).map(([id, error]) =>
        field(Number(id), s.errors, count, { error }),
      ),
      field(220, s.bitErrors, bitErrorRatio, { kind: 'effective' }),
      field(222, s.bitErrors, bitErrorRatio, { kind: 'symbol' }),
    ]),
    ...ERRORS.map((error, counter) =>
      one(
        gpu,
        [s.errors, { ...labels, error }],
        () => gpu.nvml.u64('nvLinkErrorCounter', gpu.handle, link, counter),
        count,
      ),
    ),
  ];
}

function oldSpeed(link: number, series: Column): Field[] {
  const id = OLD_SPEEDS[link];
  return id === undefined ? [] : [{ id, series, policy: (x) => nonZero(megabytes(x)) }];
}

function c2cQuestion(gpu: Gpu, link: number): Question {
  const labels = { link: String(link) };
  const s = GPU_NVLINK_LINKS;
  return fields(gpu, [
    { id: [C2C_STATUS, link], series: [s.c2cUp, labels], policy: flag },
    { id: [172, link], series: [s.c2cSpeed, labels], policy: megabytes },
    ...Object.entries(C2C_ERRORS).map(
      ([id, error]): Field => ({
        id: [Number(id), link],
        series: [s.c2cErrors, { ...labels, error }],
        policy: count,
      }),
    ),
  ]);
}

/** nvmlIntNvLinkDeviceType_t */
const REMOTES: Readonly<Record<number, string>> = { 0: 'gpu', 1: 'ibmnpu', 2: 'switch' };
/** What nvmlDeviceGetNvLinkVersion counts: nvmlNvlinkVersion_t. */
const VERSIONS: Readonly<Record<number, string>> = {
  1: '1.0',
  2: '2.0',
  3: '2.2',
  4: '3.0',
  5: '3.1',
  6: '4.0',
  7: '5.0',
  8: '6.0',
};

class LinkInfo implements Reading {
  readonly #gpu: Gpu;
  readonly #links: number;
  readonly #pci: Pci = { domain: 0, bus: 0, device: 0, id: 0, subsystemId: 0, busId: '' };
  #slots: readonly number[] = [];
  #rc = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#links = links(gpu);
  }

  declare(slots: Slots): void {
    const remote = new FieldBatch(
      Array.from({ length: this.#links }, (_, link) => [REMOTE_LINK, link]),
    );
    const rc = readFields(this.#gpu, remote);
    this.#rc = isGone(rc) ? rc : 0;
    this.#slots = Array.from({ length: this.#links }, (_, link) =>
      slots.slot(GPU_NVLINK_LINKS.info, {
        ...this.#gpu.facts,
        link: String(link),
        ...this.#labels(link, remote),
      }),
    );
  }

  sample(values: Float64Array): number {
    for (const slot of this.#slots) values[slot] = 1;
    return this.#rc;
  }

  /** What is not known of a link, as of one that is down, is left out. */
  #labels(link: number, remote: FieldBatch): Record<string, string> {
    const { nvml, handle } = this.#gpu;
    const labels: Record<string, string> = {};
    const version = u32(nvml.u32('nvLinkVersion', handle, link));
    if (version > 0) labels['version'] = VERSIONS[version] ?? String(version);
    const type = nvml.u32('nvLinkRemoteDeviceType', handle, link);
    if (nvml.rc === 0) labels['remote'] = REMOTES[type] ?? 'unknown';
    if (nvml.readings.nvLinkRemotePci(handle, link, this.#pci) === 0 && this.#pci.busId !== '') {
      labels['remote_pci_bus_id'] = this.#pci.busId;
    }
    const other = u32(remote.value[link] as number);
    if (!Number.isNaN(other)) labels['remote_link'] = String(other);
    return labels;
  }
}
