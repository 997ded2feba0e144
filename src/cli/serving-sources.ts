/** The sources of the probe `serving`. What it is told holds credentials, so it comes through standard input. */
import type { Guard } from '../board/guard.ts';
import type { Source } from '../board/source.ts';
import type { ProbeLog, Told } from '../probe/child.ts';
import { Discovery } from '../serving/discover/discover.ts';
import { filesOf } from '../serving/discover/fingerprint.ts';
import { cacheBytesPerToken } from '../serving/discover/model-config.ts';
import type { Engine } from '../serving/engines/engine.ts';
import { ENGINES } from '../serving/engines/index.ts';
import { Fleet } from '../serving/fleet.ts';
import { gpuProcesses } from '../serving/gpu-processes.ts';
import type { Holder } from '../serving/holders.ts';
import { serving } from '../serving/source.ts';
import type { Target } from '../serving/target.ts';

/** What `Order.tell` holds. */
export interface ServingTold {
  readonly procfs: string;
  readonly targets: readonly Target[];
  /** Before those that are built in: one of the same name takes its place. */
  readonly engines: readonly Engine[];
  readonly discover: boolean;
  readonly discoverElsewhere: boolean;
  /** Milliseconds between two requests to a server. */
  readonly interval: number;
  /** Milliseconds between polls while somebody scrapes. */
  readonly busy: number;
  readonly instanceLabel: boolean;
  readonly gpuLabel: boolean;
  readonly holders: readonly Holder[];
}

const now = (): number => performance.now();

export function servingSources(guard: Guard, told: Told, log: ProbeLog): Source[] {
  const options = (): ServingTold => told.tell as ServingTold;
  const { procfs, targets, discover, discoverElsewhere, interval, instanceLabel, gpuLabel, busy } =
    options();
  const names = new Set(options().engines.map((e) => e.name));
  const engines = [...options().engines, ...ENGINES.filter((e) => !names.has(e.name))];
  const fleet = new Fleet({
    targets,
    engines,
    discover,
    interval,
    now,
    discovery: new Discovery({ procfs, engines, guard, elsewhere: discoverElsewhere }),
    limited: sayOnce(log),
    enrich: (target) => enriched(target, { fleet, engines, procfs, guard }),
  });
  const holders = (): readonly Holder[] => options().holders;
  return [
    gpuProcesses({ fleet, holders, procfs, guard }),
    serving({
      fleet,
      interval,
      instanceLabel,
      gpuLabel,
      now,
      busy: () => told.interval <= busy,
      holders: (server) => fleet.holders(server, holders()),
    }),
  ];
}

/** Of a server that was started again it is not said again. */
function sayOnce(log: ProbeLog): (target: string, reason: string) => void {
  const said = new Set<string>();
  return (target, reason) => {
    if (said.size === said.add(`${target} ${reason}`).size) return;
    log('warn', 'part of the answer of a model server was refused', { target, reason });
  };
}

interface Files {
  readonly fleet: Fleet;
  readonly engines: readonly Engine[];
  readonly procfs: string;
  readonly guard: Guard;
}

/** A target with what its model's configuration says of its cache. */
function enriched(target: Target, { fleet, engines, procfs, guard }: Files): Target {
  const { process } = target;
  const command = process === undefined ? undefined : fleet.processes.get(process.pid)?.command;
  if (process === undefined || command === undefined) return target;
  const print = engines.find((e) => e.name === target.engine)?.process;
  const model = (print === undefined ? undefined : filesOf(command, print)) ?? target.model;
  const bytes = cacheBytesPerToken({ procfs, pid: process.pid, command, model, guard });
  return bytes === undefined
    ? target
    : { ...target, process: { ...process, cacheBytesPerToken: bytes } };
}
