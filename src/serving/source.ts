/** Model servers as a source: what they said last, while it is young enough. */
import type { Draft, Labels } from '../board/layout.ts';
import { SAMPLE, type Source } from '../board/source.ts';
import { LLM, LLM_SERVER } from '../catalog/serving.ts';
import type { Fleet } from './fleet.ts';
import { onlyModel } from './gpu-processes.ts';
import type { Holder } from './holders.ts';
import type { Server } from './server.ts';

/** Intervals after which an answer is too old to be shown. */
const TOO_OLD = 3;

export interface ServingOptions {
  readonly fleet: Fleet;
  /** Milliseconds between two requests to one server. */
  readonly interval: number;
  /** Whether somebody scrapes: nobody is asked otherwise. */
  readonly busy: () => boolean;
  /** Label `instance` beside `endpoint`. */
  readonly instanceLabel: boolean;
  /** Label `gpu` on the figures of a server that holds exactly one. */
  readonly gpuLabel: boolean;
  readonly holders: (server: Server) => readonly Holder[];
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

interface Shown {
  readonly server: Server;
  readonly up: number;
  readonly duration: number;
  readonly limited: ReadonlyMap<string, number>;
  /** Constant series. */
  readonly infos: readonly number[];
  readonly trouble: number | undefined;
  /** Of the server's values, in their order, which is a part of its shape. */
  readonly slots: readonly number[];
}

export function serving(options: ServingOptions): Source {
  let shown: readonly Shown[] = [];
  let unasked: readonly number[] = [];
  let shape = '';
  return {
    name: 'serving',
    collectors: ['serving'],
    discover(draft) {
      options.fleet.look();
      const { servers } = options.fleet;
      shape = shapeOf(servers, options);
      shown = servers.map((server) => declare(draft, server, options));
      unasked = options.fleet.unasked.map(({ engine, pid, reason }) =>
        draft.slot(LLM_SERVER.trouble, { engine, pid: String(pid), reason }),
      );
    },
    sample(values) {
      const { servers } = options.fleet;
      if (options.busy()) for (const server of servers) server.poll();
      if (shapeOf(servers, options) !== shape) return SAMPLE.rescan;
      for (const each of shown) write(each, values, options);
      for (const slot of unasked) values[slot] = 1;
      return SAMPLE.ok;
    },
    complete: () => !options.busy() || options.fleet.servers.every((s) => s.settled),
    close() {},
  };
}

/** What decides which series there are. */
const shapeOf = (servers: readonly Server[], { holders }: ServingOptions): string =>
  servers
    .map((s) => `${s.endpoint} ${holders(s).map((h) => `${h.pid} ${h.uuid}`)} ${s.shape}`)
    .join();

function declare(draft: Draft, server: Server, options: ServingOptions): Shown {
  const { endpoint, target, info, trouble } = server;
  const instance: Labels = options.instanceLabel ? { instance: endpoint } : {};
  const own = { ...server.labels, ...instance };
  const holders = options.holders(server);
  const gpus = new Map(holders.map((h) => [h.uuid, h.gpu]));
  const gpu = options.gpuLabel && gpus.size === 1 ? [...gpus.values()][0] : undefined;
  const model = onlyModel(server);
  const one = { ...server.labels, ...(model === undefined ? {} : { model }) };
  const models = new Set<string>();
  const slots = server.values.map((value) => {
    const labels = { ...value.labels, ...own, ...(gpu === undefined ? {} : { gpu }) };
    if (value.labels['model'] !== undefined) models.add(value.labels['model']);
    const signal = LLM[value.signal];
    const histogram = value.bounds === undefined ? {} : { bounds: value.bounds };
    return draft.slot(signal, labels, histogram);
  });
  if (models.size === 0) models.add(info.model ?? target.model ?? '');
  const facts = {
    ...server.labels,
    ...(info.version === undefined ? {} : { version: info.version }),
    ...(target.process === undefined ? {} : { pid: String(target.process.pid) }),
    port: new URL(`http://${endpoint}`).port || '80',
  };
  const limited = [...server.limited.keys()].map((reason): [string, number] => [
    reason,
    draft.slot(LLM_SERVER.limited, { target: endpoint, reason }),
  ]);
  return {
    server,
    up: draft.slot(LLM_SERVER.up, own),
    duration: draft.slot(LLM_SERVER.scrapeDuration, own),
    limited: new Map(limited),
    infos: [
      ...[...models].map((name) =>
        draft.slot(LLM_SERVER.info, { ...facts, ...(name === '' ? {} : { model: name }) }),
      ),
      ...[...gpus].map(([uuid, device]) =>
        draft.slot(LLM_SERVER.gpuInfo, { ...one, gpu: device, uuid }),
      ),
      ...holders.map(({ pid, uuid }) =>
        draft.slot(LLM_SERVER.holder, { ...one, pid: String(pid), uuid }),
      ),
    ],
    trouble:
      trouble === undefined
        ? undefined
        : draft.slot(LLM_SERVER.trouble, { ...server.labels, reason: trouble }),
    slots,
  };
}

function write(
  { server, up, duration, limited, infos, trouble, slots }: Shown,
  values: Float64Array,
  { interval, now }: ServingOptions,
): void {
  const young = now() - server.answeredAt <= TOO_OLD * interval;
  values[up] = server.up === undefined ? Number.NaN : Number(server.up);
  values[duration] = server.duration;
  if (trouble !== undefined) values[trouble] = 1;
  for (const slot of infos) values[slot] = 1;
  for (const [reason, slot] of limited) values[slot] = server.limited.get(reason) ?? Number.NaN;
  for (const [i, value] of server.values.entries()) {
    const slot = slots[i] as number;
    if (young) values.set(value.values, slot);
    else values.fill(Number.NaN, slot, slot + value.values.length);
  }
}
