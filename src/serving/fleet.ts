/** The model servers of a machine: those that were named, and those that are found. */
import type { Discovered, Discovery, Unasked } from './discover/discover.ts';
import type { Process } from './discover/process-table.ts';
import { type Holder, holdersOf } from './holders.ts';
import { Server, type ServerOptions } from './server.ts';
import { endpointOf, placeOf, type Target } from './target.ts';

export interface FleetOptions extends Omit<ServerOptions, 'target'> {
  readonly targets: readonly Target[];
  /** Undefined where nothing is to be asked that was not named; processes are known all the same. */
  readonly discovery: Discovery;
  /** Whether servers that are found are asked. */
  readonly discover: boolean;
  /** Adds to a found target what its files say. */
  readonly enrich?: (target: Target) => Target;
}

/** Milliseconds between two looks at the processes. */
const LOOK = 10_000;

export class Fleet {
  servers: readonly Server[] = [];
  unasked: readonly Unasked[] = [];
  processes: ReadonlyMap<number, Process> = new Map();
  readonly #options: FleetOptions;
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
    this.unasked = found.unasked;
    this.servers = this.#targets(found).map((target) => this.#server(target));
  }

  /** The GPUs that a server's processes hold. */
  holders(server: Server, all: readonly Holder[]): readonly Holder[] {
    return holdersOf(server.target, all, this.processes);
  }

  /** Those that were named, with what is known of their processes, then those that were found besides. */
  #targets({ targets: found }: Discovered): Target[] {
    const { targets, discover } = this.#options;
    const byPlace = new Map(found.map((target) => [placeOf(target), target]));
    const named = targets.map((target) => {
      const process = byPlace.get(placeOf(target))?.process;
      return process === undefined ? target : { ...target, process };
    });
    const taken = new Set(named.map(placeOf));
    const others = discover ? found.filter((target) => !taken.has(placeOf(target))) : [];
    return [...named, ...others];
  }

  /** The server that there was, unless its process is another one now. */
  #server(target: Target): Server {
    const { enrich = (t) => t } = this.#options;
    const key = JSON.stringify(target.process ?? null);
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
