/** What to do about GPUs: about a source that has none, and about what one that has some says of them. */

import type { Layout, Series } from '../board/layout.ts';
import type { SourceReport } from '../board/registry.ts';
import { GPU_CLOCK, GPU_CLOCK_LIMIT } from '../catalog/gpu/clocks.ts';
import { GPU_ECC } from '../catalog/gpu/ecc.ts';
import { CLOCK_EVENT_REASONS, GPU_CLOCK_EVENTS } from '../catalog/gpu/events.ts';
import { GPU_HEALTH } from '../catalog/gpu/health.ts';
import { GPU_INFO } from '../catalog/gpu/info.ts';
import { GPU_POWER } from '../catalog/gpu/power.ts';
import { GPU_UTILIZATION } from '../catalog/gpu/utilization.ts';
import type { Signal } from '../catalog/signal.ts';
import { isGb10, looksStarved } from '../gpu/nvidia/starved.ts';
import type { Loaded } from './invocation.ts';

/** By what the reason says. */
const BY_REASON: readonly (readonly [reason: RegExp, advice: string])[] = [
  [
    /amdgpu drives no GPU/,
    'If this machine has a GPU of AMD (lspci -d 1002:), load its driver (modprobe amdgpu) and see the kernel log: it may be bound to vfio, or too new for the driver. It is found within a minute.',
  ],
  [
    /neither .*driver\/nvidia/,
    'Install the driver of NVIDIA if this machine has a GPU of theirs; it is found within a minute. --gpu.nvidia-library names a library that is elsewhere.',
  ],
  [
    /cannot be loaded/,
    'libnvidia-ml.so.1 comes with the driver (Debian and Ubuntu: libnvidia-compute-…); --gpu.nvidia-library names it where it is elsewhere.',
  ],
  [
    /not loaded/,
    'Load the kernel module (modprobe nvidia) and see what nvidia-smi says; the driver is found within a minute.',
  ],
  [
    /differ in version/,
    'The driver was upgraded while it was in use: reload the kernel module, or reboot.',
  ],
  [
    /\bhung\b/,
    'The driver does not answer: see the kernel log for NVRM and Xid. If it stays so, reset the GPU or reboot.',
  ],
  [
    /ended by SIG/,
    'The library of the driver crashed: see the kernel log for Xid, and whether there is a newer driver.',
  ],
  [
    /no permission|\(cgroup\)/,
    'The user that runs edgegauge may not open /dev/nvidia*: see their modes (nvidia-modprobe, NVreg_DeviceFileMode), the devices of the container (--gpus all) or DeviceAllow= of the unit.',
  ],
  [
    /no GPU/,
    'See lspci -d 10de: and the kernel log: the GPU may be off the bus, or bound to vfio.',
  ],
];

/** What is to be done at a GPU of AMD, where it is another thing. */
const OF_AMD: typeof BY_REASON = [
  [
    /librocm_smi64/,
    'Leave --gpu.amd-backend at auto, or set it to sysfs: the files of the driver tell the same. --gpu.rocm-smi-library names a library that is elsewhere (ROCm: /opt/rocm/lib; Debian: librocm-smi64-1).',
  ],
  [
    /\bhung\b/,
    'The driver does not answer: see the kernel log for amdgpu, which resets a GPU that hangs if it can. If it stays so, reboot.',
  ],
  [
    /ended by SIG/,
    'librocm_smi64 crashed, as it does where a file of the driver is not as it expects it: it is left alone for a while, and sysfs is read. --gpu.amd-backend=sysfs does without it for good.',
  ],
];

/** For a source of GPUs that has nothing or failed; undefined for every other. */
export function gpuAdvice({ name, collectors, error = '' }: SourceReport): string | undefined {
  if (!collectors.includes('gpu')) return undefined;
  const known = name === 'amd' ? [...OF_AMD, ...BY_REASON] : BY_REASON;
  return known.find(([reason]) => reason.test(error))?.[1];
}

/** Groups of signals that the findings are made of. */
const ASKED = {
  utilization: true,
  power: true,
  clock: true,
  clock_limit: true,
  clock_events: true,
  health: true,
  ecc: true,
} as const;

/** The same configuration, in which GPUs are asked for what the findings are made of. */
export function withDiagnosis(loaded: Loaded): Loaded {
  const { config } = loaded;
  const metrics = { ...config.gpu.metrics, ...ASKED };
  return { ...loaded, config: { ...config, gpu: { ...config.gpu, metrics } } };
}

/** One value of each GPU. */
type Reader = (signal: Signal, more?: Readonly<Record<string, string>>) => number;

/** The series of each GPU, by what it is called here. */
function gpuSeries(layout: Layout): ReadonlyMap<string, readonly Series[]> {
  const gpus = new Map<string, Series[]>();
  for (const series of layout.series()) {
    const { device, uuid } = series.labels;
    if (series.signal.collector !== 'gpu' || device === undefined) continue;
    const key = `GPU ${device}${uuid === undefined ? '' : ` (${uuid})`}`;
    const all = gpus.get(key) ?? [];
    all.push(series);
    gpus.set(key, all);
  }
  return gpus;
}

/** Which GPUs are read, a line each. To be asked after a sample. */
export function gpusFound(layout: Layout): string[] {
  const { values } = layout.board;
  return [...gpuSeries(layout)].flatMap(([gpu, all]) => {
    const info = all.find((s) => s.signal.id === GPU_INFO.info.id && values[s.slot] === 1);
    if (info === undefined) return [];
    const { name, pci_bus_id: bus, driver } = info.labels;
    const what = [name, bus && `at ${bus}`, driver && `driver ${driver}`].filter(Boolean);
    const told = all.filter((s) => !Number.isNaN(values[s.slot] as number)).length;
    return `${gpu}: ${[...what, `${told} series`].join(', ')}`;
  });
}

/** What is wrong with GPUs that are read, a sentence each. To be asked after a sample. */
export function gpuFindings(layout: Layout): string[] {
  const { values } = layout.board;
  return [...gpuSeries(layout)].flatMap(([gpu, all]) => {
    const read: Reader = (signal, more = {}) => {
      const found = all.find(
        (s) =>
          s.signal.id === signal.id && Object.entries(more).every(([k, v]) => s.labels[k] === v),
      );
      return found === undefined ? Number.NaN : (values[found.slot] as number);
    };
    const name = all[0]?.labels['name'] ?? '';
    return [...wrong(read), ...shortOfPower(read, name)].map((text) => `${gpu} ${text}`);
  });
}

const ACTIONS: Readonly<Record<number, string>> = {
  1: 'be reset (nvidia-smi --gpu-reset)',
  2: 'have its node rebooted',
  3: 'have its peer-to-peer traffic stopped',
  4: 'be drained and reset',
  5: 'have its IMEX domain recovered',
};

function wrong(read: Reader): string[] {
  const action = read(GPU_HEALTH.recoveryAction);
  return [
    ...(read(GPU_INFO.lost) === 1
      ? ['no longer answers: see the kernel log (Xid, amdgpu); reset it, or reboot.']
      : []),
    ...(action > 0 ? [`wants to ${ACTIONS[action] ?? `be recovered (action ${action})`}.`] : []),
    ...(read(GPU_ECC.remapFailure) === 1
      ? ['could not replace a bad row of its memory: have it replaced.']
      : []),
    ...(read(GPU_ECC.badPages, { state: 'unreservable' }) > 0
      ? ['has bad memory in use that it cannot let go of: reset it, or reboot.']
      : []),
    ...(read(GPU_ECC.sramThresholdExceeded) === 1
      ? ['had too many uncorrected errors in SRAM: have it replaced.']
      : []),
  ];
}

/** The fault shows in one look; that it lasts does not, so this says what to watch. */
function shortOfPower(read: Reader, name: string): string[] {
  const percent = read(GPU_UTILIZATION.utilization);
  const megahertz = read(GPU_CLOCK.frequency);
  const watts = read(GPU_POWER.power);
  const reasons = Object.entries(CLOCK_EVENT_REASONS).reduce(
    (mask, [reason, bit]) => mask + (read(GPU_CLOCK_EVENTS.active, { reason }) === 1 ? bit : 0),
    0,
  );
  const askedMegahertz = read(GPU_CLOCK_LIMIT.graphicsApplication) / 1e6;
  const seen = { percent, megahertz, watts, reasons, askedMegahertz };
  const lasting = read(GPU_HEALTH.powerStarved) === 1;
  if (!lasting && !(isGb10(name) && looksStarved(seen))) return [];
  return [
    `is ${percent} % busy at ${megahertz} MHz and ${watts} W with no reason given. ${lasting ? 'It has been so for minutes' : 'If that lasts for minutes'}, and nobody locked its clocks (nvidia-smi --reset-gpu-clocks): shut down, unplug the power adapter from machine and wall for a minute, and use the adapter that came with it.`,
  ];
}
