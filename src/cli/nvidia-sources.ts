/** The sources of the probes `nvidia` and `nvidia-events`. */
import { hostname } from 'node:os';
import type { Guard } from '../board/guard.ts';
import type { Source } from '../board/source.ts';
import type { Config } from '../config/config.ts';
import { nvidiaEvents } from '../gpu/nvidia/events.ts';
import { nvidiaGroups } from '../gpu/nvidia/groups.ts';
import { nvidia } from '../gpu/nvidia/nvidia.ts';
import type { SessionOptions } from '../gpu/nvidia/session.ts';

/** Milliseconds that a sample of events waits: what is left of a second is for the parent's orders. */
const EVENTS_WAIT = 900;

export function nvidiaSources(config: Config, guard: Guard): Source[] {
  const { metrics, perProcess, pollInterval } = config.gpu;
  const groups = nvidiaGroups({
    paths: config.path,
    perProcess,
    on: (name) => (name === 'per_process' ? perProcess.enabled : metrics[name]),
  });
  return [
    nvidia({ ...session(config), host: host(config), groups, interval: pollInterval }, guard),
  ];
}

/** That there is no driver is said by the other source: this one finds nothing then. */
export function nvidiaEventSources(config: Config, guard: Guard): Source[] {
  const options = { ...session(config), required: false, host: host(config), wait: EVENTS_WAIT };
  return [nvidiaEvents(options, guard)];
}

const session = ({ gpu, path }: Config): SessionOptions => ({
  library: gpu.nvidiaLibrary,
  required: gpu.nvidia === 'true',
  procfs: path.procfs,
  restart(reason) {
    process.stderr.write(`${reason}: starting again\n`);
    process.exit(0);
  },
});

const host = (config: Config): Readonly<Record<string, string>> => ({
  [config.gpu.dcgmHostnameLabel]: hostname(),
});
