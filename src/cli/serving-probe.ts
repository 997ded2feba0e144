/** The probe `serving` as the serving process has it: it asks model servers, so that nothing else waits for one. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Layout } from '../board/layout.ts';
import { GPU_HOLDER } from '../catalog/gpu/process.ts';
import type { Block } from '../config/block.ts';
import type { Config } from '../config/config.ts';
import type { Intervals } from '../probe/options.ts';
import type { Supervisor } from '../probe/supervisor.ts';
import type { Engine } from '../serving/engines/engine.ts';
import type { Holder } from '../serving/holders.ts';
import type { Target } from '../serving/target.ts';
import { LazyProbe, type Probe } from './lazy-probe.ts';
import type { ServingTold } from './serving-sources.ts';

/** Requests need an event loop that is not held up by an interpreter: with its compilers, without the dearest. */
export const SERVING_ENVIRONMENT = {
  BUN_JSC_useJIT: '1',
  BUN_JSC_useFTLJIT: '0',
  // A model server is asked, not a proxy of whoever started this.
  http_proxy: '',
  https_proxy: '',
  HTTP_PROXY: '',
  HTTPS_PROXY: '',
  all_proxy: '',
  ALL_PROXY: '',
  NO_PROXY: '*',
  no_proxy: '*',
} as const;

export type SuperviseServing = (intervals: Intervals) => Supervisor;

/** None where it is switched off. It starts once there is a target, or a process that may be a model server. */
export function servingProbe(config: Config, layout: Layout, supervise: SuperviseServing): Probe[] {
  const { serving, poll, path } = config;
  if (!serving.enabled || (!serving.discover && serving.targets.length === 0)) return [];
  const { interval: busy, idleInterval: idle, idleAfter } = poll;
  let supervisor: Supervisor | undefined;
  let version = -1;
  let known = '';
  const tell = (): void => {
    if (supervisor === undefined || layout.version === version) return;
    version = layout.version;
    const held = holders(layout);
    // Its own series change the layout too.
    if (JSON.stringify(held) === known) return;
    known = JSON.stringify(held);
    supervisor.tell(toldOf(config, held));
  };
  const probe = new LazyProbe({
    kind: 'serving',
    present: () =>
      serving.targets.length > 0 ||
      serving.engines.some((engine) => engine['process'] !== undefined) ||
      holders(layout).length > 0 ||
      mayServe(path.procfs),
    make: () => {
      supervisor = supervise({ busy, idle, idleAfter });
      tell();
      return supervisor;
    },
    absent: [],
    refresh: tell,
  });
  return [probe];
}

function toldOf({ serving, path, poll }: Config, held: readonly Holder[]): ServingTold {
  const { discover, discoverElsewhere, interval, instanceLabel, gpuLabel, targets, engines } =
    serving;
  return {
    procfs: path.procfs,
    targets: targets.map((target) => camel(target) as unknown as Target),
    engines: engines as readonly unknown[] as readonly Engine[],
    discover,
    discoverElsewhere,
    interval,
    busy: poll.interval,
    instanceLabel,
    gpuLabel,
    holders: held,
  };
}

/** `basic_auth.password_file` as `basicAuth.passwordFile`; names of headers stay. */
function camel(block: Block): Block {
  return Object.fromEntries(
    Object.entries(block).map(([key, value]) => [
      key.replace(/_(.)/g, (_, c: string) => c.toUpperCase()),
      key === 'headers' || typeof value !== 'object' ? value : camel(value as Block),
    ]),
  );
}

/** The processes on GPUs, as the GPU probes tell them. */
function holders(layout: Layout): Holder[] {
  const out: Holder[] = [];
  for (const { signal, labels } of layout.series()) {
    if (signal.id !== GPU_HOLDER.memory.id) continue;
    out.push({
      pid: Number(labels['pid']),
      uuid: labels['uuid'] ?? '',
      gpu: labels['device'] ?? '',
    });
  }
  return out;
}

/** Names that the processes of model servers have, or of the interpreters and loaders that run them. */
const NAMES =
  /^(python|pt_main_thread|MainThread|vllm|VLLM|sglang|trtllm|tritonserver|text-generation|llama-server|ollama|java|tensorflow_mod|lmdeploy|raylet|ray::|dynamo|uv$|uvicorn|gunicorn|ld-linux|ld-musl)/;

/** Whether a process may be a model server. /proc/PID/comm is read: unlike the command line it waits for nobody. */
function mayServe(procfs: string): boolean {
  return processes(procfs).some((pid) => {
    try {
      return NAMES.test(readFileSync(`${procfs}/${pid}/comm`, 'utf8'));
    } catch {
      return false;
    }
  });
}

/** None where there is no procfs: `--path.procfs` may name any directory. */
function processes(procfs: string): readonly string[] {
  try {
    return readdirSync(procfs).filter((name) => /^\d/.test(name));
  } catch {
    return [];
  }
}
