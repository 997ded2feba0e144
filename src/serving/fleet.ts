/** The model servers of a machine: those that were named, and those that are found. */
import { hostname, networkInterfaces } from 'node:os';
import type { Discovered, Discovery, Unasked } from './discover/discover.ts';
import { familyOf, type Process } from './discover/process-table.ts';
import type { Holder } from './holders.ts';
import { Server, type ServerOptions } from './server.ts';
import { endpointOf, placeHere, placeOf, type Target } from './target.ts';

export interface FleetOptions extends Omit<ServerOptions, 'target'> {
  readonly targets: readonly Target[];
  /** Undefined where nothing is to be asked that was not named; processes are known all the same. */
  readonly discovery: Discovery;
  /** Whether servers that are found are asked. */
  readonly discover: boolean;
  /** Adds to a found target what its files say. */
  readonly enrich?: (target: Target) => Target;
  /** Addresses and names of this machine. */
  readonly names?: () => ReadonlySet<string>;
}

/** Milliseconds between two looks at the processes. */
const LOOK = 10_000;

export class Fleet {
  servers: readonly Server[] = [];
  unasked: readonly Unasked[] = [];
  processes: ReadonlyMap<number, Process> = new Map();
  readonly #options: FleetOptions;
  /** Processes of a server, since the last look. */
  #families = new Map<Server, ReadonlySet<number>>();
  #lookAt = Number.NEGATIVE_INFINITY;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.servers = options.targets.map((target) => new Server({ ...options, target }));
  }

  /** Looks what servers there are, if it is time to. */
  look(): void {
    const now = this.#options.now();
    if (now < this.#lookAt) return;
    this.#lookAt = now + LOOK;
    const found = this.#options.discovery.look();
    this.processes = found.processes;
    this.#families = new Map();
    this.unasked = found.unasked;
    this.servers = this.#targets(found).map((target) => this.#server(target));
  }

  /** The GPUs that a server's processes hold. */
  holders(server: Server, all: readonly Holder[]): readonly Holder[] {
    return all.length === 0 ? [] : all.filter(({ pid }) => this.owns(server, pid));
  }

  /** Whether a process is a server's own: its process, or one that descends from it. */
  owns(server: Server, pid: number): boolean {
    const family = this.#families.get(server) ?? this.#family(server);
    this.#families.set(server, family);
    return family.has(pid);
  }

  #family({ target: { process }, engine }: Server): ReadonlySet<number> {
    const root = process === undefined ? undefined : this.processes.get(process.pid);
    if (root === undefined || root.startTime !== process?.startTime) return new Set();
    const family = familyOf(root.pid, this.processes);
    const kind = this.#options.engines.find((e) => e.name === engine);
    if (kind?.process?.mixed !== true) return family;
    const own = (pid: number) =>
      this.#options.discovery.fingerprints.isWorker(pid, kind, this.processes);
    return new Set([...family].filter(own));
  }

  /** The engine that a process works for, whether its server is asked or not. */
  worksFor(pid: number): string | undefined {
    return this.#options.discovery.fingerprints.worksFor(pid, this.processes)?.name;
  }

  /** Those that were named, with what is known of their processes, then those that were found besides. */
  #targets({ targets: found }: Discovered): Target[] {
    const { targets, discover, names = namesHere } = this.#options;
    const here = names();
    const byPlace = new Map(found.map((target) => [placeOf(target), target]));
    const foundAs = (target: Target): Target | undefined => {
      const there = byPlace.get(placeHere(target, here));
      const everywhere = there?.process?.everywhere === true ? there : undefined;
      return byPlace.get(placeOf(target)) ?? everywhere;
    };
    const named = targets.map((target) => {
      const { process, model } = foundAs(target) ?? {};
      if (process === undefined) return target;
      return { ...(model === undefined ? {} : { model }), ...target, process };
    });
    const taken = new Set(targets.map(foundAs));
    return [...named, ...(discover ? found.filter((target) => !taken.has(target)) : [])];
  }

  /** The server that there was, unless its process is another one now. */
  #server(target: Target): Server {
    const { enrich = (t) => t } = this.#options;
    const key = JSON.stringify(identityOf(target) ?? null);
    const old = this.servers.find(
      (s) =>
        s.endpoint === endpointOf(target) &&
        s.target.engine === target.engine &&
        JSON.stringify(identityOf(s.target) ?? null) === key,
    );
    return old ?? new Server({ ...this.#options, target: enrich(target) });
  }
}

const identityOf = ({
  process,
}: Target): Pick<NonNullable<Target['process']>, 'pid' | 'startTime'> | undefined =>
  process === undefined ? undefined : { pid: process.pid, startTime: process.startTime };

/** Addresses of this machine, as a URL has them, and its name. */
const namesHere = (): ReadonlySet<string> =>
  new Set([
    hostname().toLowerCase(),
    ...Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ]);
