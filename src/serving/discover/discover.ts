/** Model servers on this machine: no port is touched to find one. */
import type { Guard } from '../../board/guard.ts';
import type { Engine } from '../engines/engine.ts';
import type { Target } from '../target.ts';
import { Fingerprints, modelOf, portOf } from './fingerprint.ts';
import { familyOf, type Process, readProcesses } from './process-table.ts';
import {
  type Listener,
  readAddress,
  readListeners,
  readSocketInodes,
  readUids,
} from './sockets.ts';

/** A model server that is there and is not asked. */
export interface Unasked {
  readonly engine: string;
  readonly pid: number;
  readonly reason: string;
}

export interface Discovered {
  readonly targets: readonly Target[];
  readonly unasked: readonly Unasked[];
  readonly processes: ReadonlyMap<number, Process>;
}

export interface DiscoveryOptions {
  readonly procfs: string;
  readonly engines: readonly Engine[];
  readonly guard: Guard;
  /** Servers are asked too that are not reached by the loopback address. */
  readonly elsewhere: boolean;
}

export class Discovery {
  readonly #options: DiscoveryOptions;
  /** Made once, for whoever else tells processes apart. */
  readonly fingerprints: Fingerprints;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.fingerprints = new Fingerprints(options.engines);
  }

  /** Reads /proc: some milliseconds. */
  look(): Discovered {
    const { procfs, guard } = this.#options;
    const processes = readProcesses(procfs, guard);
    const servers = [...processes.values()].flatMap((process) => {
      const engine = this.fingerprints.engineOf(process);
      return engine === undefined ? [] : [{ process, engine }];
    });
    // A server's workers carry its command line too, where they were forked of it.
    const heads = servers.filter(
      ({ process, engine }) =>
        !servers.some((s) => s.engine === engine && s.process.pid === process.parent),
    );
    const own = readListeners(procfs, 'self');
    const targets = new Map<string, Target>();
    const unasked: Unasked[] = [];
    for (const { process, engine } of heads) {
      const found = this.#locate(process, engine, processes, own);
      if ('reason' in found) unasked.push({ engine: engine.name, pid: process.pid, ...found });
      else targets.set(found.url, { ...found, ...targets.get(found.url) });
    }
    return { targets: [...targets.values()], unasked, processes };
  }

  /** Where a listener is reached from here, or why it is not asked. */
  #hostOf(
    { host, port, loopback, everywhere, inode }: Listener,
    { pid }: Process,
    own: readonly Listener[],
  ): string | { readonly reason: string } {
    const { procfs, elsewhere } = this.#options;
    if (!own.some((l) => l.inode === inode)) {
      const there = everywhere ? readAddress(procfs, pid) : loopback ? undefined : host;
      if (elsewhere && there !== undefined) return there;
      if (loopback && !everywhere) {
        return { reason: `port ${port} is on the loopback address of another network namespace` };
      }
      const what = elsewhere ? 'without an address' : 'of its own';
      return { reason: `port ${port} is in a network namespace ${what}` };
    }
    if (loopback || elsewhere) return host;
    return { reason: `it listens on ${host}:${port} and not on the loopback address` };
  }

  #locate(
    process: Process,
    engine: Engine,
    processes: ReadonlyMap<number, Process>,
    own: readonly Listener[],
  ): Target | { readonly reason: string } {
    const { procfs } = this.#options;
    const print = engine.process as NonNullable<Engine['process']>;
    const { port, said } = portOf(process.command, print);
    const family = familyOf(process.pid, processes);
    const theirs = readListeners(procfs, process.pid);
    const held = heldBy(family, procfs);
    const mine = held === undefined ? startedBy(process.pid, theirs, procfs) : heldIn(held, theirs);
    const listener =
      best(mine.filter((l) => l.port === port)) ??
      // Its port stands nowhere, but it, or it with its workers, has one alone.
      (said || held === undefined
        ? undefined
        : (only(heldIn(readSocketInodes(procfs, process.pid), theirs)) ?? only(mine)));
    if (listener === undefined) {
      const rights = held === undefined ? ' (its sockets are not readable by this user)' : '';
      return { reason: `it does not listen on port ${port}${rights}` };
    }
    const host = this.#hostOf(listener, process, own);
    if (typeof host !== 'string') return host;
    const root = this.fingerprints.rootOf(process, engine, processes);
    const model = modelOf(process.command, print) ?? modelOf(root.command, print);
    return {
      engine: engine.name,
      url: `http://${host}:${listener.port}`,
      ...(model === undefined ? {} : { model }),
      process: {
        pid: root.pid,
        startTime: root.startTime,
        ...(listener.everywhere && host === listener.host ? { everywhere: true } : {}),
      },
    };
  }
}

/** Inodes of the sockets of a family; undefined where none of its members may be looked into. */
function heldBy(family: ReadonlySet<number>, procfs: string): Set<string> | undefined {
  const sets = [...family]
    .map((pid) => readSocketInodes(procfs, pid))
    .filter((s) => s !== undefined);
  return sets.length === 0 ? undefined : new Set(sets.flatMap((set) => [...set]));
}

const heldIn = (
  inodes: ReadonlySet<string> | undefined,
  listeners: readonly Listener[],
): readonly Listener[] => listeners.filter((l) => inodes?.has(l.inode) === true);

/** Without those of other users; root's stay, for a server may have started as root. */
function startedBy(
  pid: number,
  listeners: readonly Listener[],
  procfs: string,
): readonly Listener[] {
  const uids = readUids(procfs, pid);
  return listeners.filter(({ uid }) => uids === undefined || uid === '0' || uids.has(uid));
}

/** The one that is reached by the loopback address, if one is. */
const best = (listeners: readonly Listener[]): Listener | undefined =>
  listeners.find((l) => l.loopback) ?? listeners[0];

/** The listener where all are on one port. */
const only = (listeners: readonly Listener[]): Listener | undefined =>
  new Set(listeners.map((l) => l.port)).size === 1 ? best(listeners) : undefined;
