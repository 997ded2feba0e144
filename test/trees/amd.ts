/**
 * AMD GPUs as amdgpu and amdkfd show them in sysfs (the kernel's Documentation/gpu/amdgpu and
 * Documentation/ABI/testing/sysfs-driver-amdgpu…). What librocm_smi64 needs is among it, so that one tree
 * serves the library and whoever reads the files.
 */
import { type AmdCard, MI300X, PHOENIX, RX7900 } from './amd-cards.ts';
import { drmClient, kfdProcesses, running } from './amd-processes.ts';
import { hwmon } from './hwmon.ts';
import { pci } from './pci.ts';
import { attributes, folder, lines, link, put, type Tree } from './tree.ts';
import { vm } from './vm.ts';

/** Where a card is, besides what it is. */
export interface Placed extends AmdCard {
  /** `0000:05:00.0` */
  readonly address: string;
  /** The N of cardN; renderD is 128 higher. */
  readonly minor: number;
  /** The N of hwmonN. */
  readonly hwmonIndex: number;
  /** Node in KFD's topology and its id there; a card without is not for computing. */
  readonly kfd?: { readonly node: number; readonly id: number };
  /** A hive of GPUs connected by XGMI. */
  readonly hive?: bigint;
}

/** Directory of a card's PCI device, below the root of the machine. */
export const amdDirectory = ({ address }: Pick<Placed, 'address'>): string =>
  `sys/devices/${bridge(address)}/${address}`;

const bridge = (address: string): string => `pci0000:00/0000:00:${address.slice(5, 7)}.1`;

function drm(tree: Tree, card: Placed): void {
  const base = amdDirectory(card);
  for (const name of [`card${card.minor}`, `renderD${128 + card.minor}`]) {
    const at = `${base}/drm/${name}`;
    attributes(tree, at, { dev: `226:${card.minor}`, uevent: `DEVNAME=dri/${name}` });
    link(tree, `${at}/device`, base);
    link(tree, `${at}/subsystem`, 'sys/class/drm');
    link(tree, `sys/class/drm/${name}`, at);
  }
  for (const connector of card.connectors ?? []) {
    // Beside the card in the class, and named after it.
    const at = `${base}/drm/card${card.minor}/card${card.minor}-${connector}`;
    attributes(tree, at, { status: 'disconnected', enabled: 'disabled' });
    link(tree, `${at}/device`, `${base}/drm/card${card.minor}`);
    link(tree, `sys/class/drm/card${card.minor}-${connector}`, at);
  }
}

function device(tree: Tree, card: Placed): void {
  const base = amdDirectory(card);
  pci(tree, [
    {
      path: `${bridge(card.address)}/${card.address}`,
      vendor: '0x1002',
      device: card.device,
      class: card.class,
      node: card.node ?? 0,
      driver: 'amdgpu',
      link: card.link,
      more: card.attributes,
    },
  ]);
  for (const [name, content] of Object.entries(card.files ?? {}))
    put(tree, `${base}/${name}`, content);
  if (card.runtimeStatus !== undefined) {
    tree.set(`${base}/power/runtime_status`, `${card.runtimeStatus}\n`);
  }
  if (card.ras !== undefined) attributes(tree, `${base}/ras`, card.ras);
  hwmon(tree, {
    index: card.hwmonIndex,
    name: 'amdgpu',
    device: `${bridge(card.address)}/${card.address}`,
    sensors: card.hwmon,
  });
}

const location = (address: string): number => {
  const [, bus = '', slot = '', fn = ''] = /^\w+:(\w+):(\w+)\.(\w)$/.exec(address) ?? [];
  return (
    (Number.parseInt(bus, 16) << 8) | (Number.parseInt(slot, 16) << 3) | Number.parseInt(fn, 16)
  );
};

const properties = (values: Record<string, number | bigint>): string[] =>
  Object.entries(values).map(([name, value]) => `${name} ${value}`);

function topology(tree: Tree, cards: readonly Placed[]): void {
  const nodes = 'sys/devices/virtual/kfd/kfd/topology/nodes';
  put(tree, `${nodes}/0/gpu_id`, '0\n');
  folder(tree, `${nodes}/0/io_links`);
  lines(tree, `${nodes}/0/properties`, properties({ cpu_cores_count: 2, simd_count: 0 }));
  for (const card of cards) {
    const { kfd, shape } = card;
    if (kfd === undefined || shape === undefined) continue;
    put(tree, `${nodes}/${kfd.node}/gpu_id`, `${kfd.id}\n`);
    folder(tree, `${nodes}/${kfd.node}/io_links`);
    lines(
      tree,
      `${nodes}/${kfd.node}/properties`,
      properties({
        cpu_cores_count: 0,
        simd_count: shape.units * 4,
        array_count: shape.arrays,
        simd_arrays_per_engine: 1,
        cu_per_simd_array: shape.units / shape.arrays,
        simd_per_cu: 4,
        gfx_target_version: shape.target,
        vendor_id: 4098,
        device_id: Number(card.device),
        location_id: location(card.address),
        domain: Number.parseInt(card.address.slice(0, 4), 16),
        hive_id: card.hive ?? 0n,
        unique_id: BigInt(`0x${card.attributes['unique_id'] ?? '0'}`),
        drm_render_minor: 128 + card.minor,
        num_xcc: shape.xccs,
      }),
    );
  }
  attributes(tree, 'sys/devices/virtual/kfd/kfd', { dev: '240:0', uevent: 'DEVNAME=kfd' });
  attributes(tree, 'sys/devices/virtual/kfd/kfd/topology', { generation_id: 2 });
  link(tree, 'sys/class/kfd/kfd', 'sys/devices/virtual/kfd/kfd');
}

/** Adds cards and what belongs to the driver as a whole. */
export function amdCards(tree: Tree, cards: readonly Placed[]): void {
  for (const card of cards) {
    device(tree, card);
    drm(tree, card);
  }
  attributes(tree, 'sys/module/amdgpu', { version: '6.10.5', initstate: 'live' });
  put(tree, 'sys/class/drm/version', 'drm 1.1.0 20060810\n');
  if (cards.some(({ kfd }) => kfd !== undefined)) topology(tree, cards);
}

const HIVE = 0x51a7_0000_0000_0been;

/** Two MI300X in a hive. Their card numbers are not in the order of their addresses. */
export const MI300X_PAIR: readonly Placed[] = [
  {
    ...MI300X(0),
    address: '0000:05:00.0',
    minor: 2,
    hwmonIndex: 5,
    kfd: { node: 1, id: 28_851 },
    hive: HIVE,
  },
  {
    ...MI300X(1),
    address: '0000:26:00.0',
    minor: 1,
    hwmonIndex: 6,
    kfd: { node: 2, id: 51_499 },
    hive: HIVE,
  },
];

export const RADEON: Placed = {
  ...RX7900,
  address: '0000:c3:00.0',
  minor: 0,
  hwmonIndex: 7,
  kfd: { node: 3, id: 61_011 },
};

export const APU: Placed = { ...PHOENIX, address: '0000:c4:00.0', minor: 1, hwmonIndex: 4 };

const TRAINER = {
  pid: 4_711,
  comm: 'python3',
  uid: 1_000,
  cgroup: `0::/system.slice/docker-${'a1b2c3d4'.repeat(8)}.scope`,
};
const SERVER = { pid: 4_712, comm: 'vllm', uid: 0, cgroup: '0::/system.slice/vllm.service' };

/** A machine with two MI300X and two processes on them. */
export function mi300x(tree: Tree = vm()): Tree {
  amdCards(tree, MI300X_PAIR);
  kfdProcesses(tree, [
    {
      pid: TRAINER.pid,
      pasid: 32_769,
      vram: { 28851: 137_438_953_472, 51499: 68_719_476_736 },
      units: { 28851: 288, 51499: 144 },
    },
    { pid: SERVER.pid, pasid: 32_770, vram: { 28851: 2_147_483_648 }, units: { 28851: 16 } },
  ]);
  running(tree, TRAINER);
  running(tree, SERVER);
  return tree;
}

/** libdrm's list, which knows a Radeon by its revision, and the list of PCI devices, which does not. */
function names(tree: Tree): void {
  lines(tree, 'usr/share/libdrm/amdgpu.ids', [
    '# List of AMDGPU IDs',
    '1.0.0',
    '744C,\tC8,\tAMD Radeon RX 7900 XTX',
    '744C,\tCC,\tAMD Radeon RX 7900 XT',
  ]);
  lines(tree, 'usr/share/misc/pci.ids', [
    '1001  Somebody else',
    '\t15bf  Not this one',
    '1002  Advanced Micro Devices, Inc. [AMD/ATI]',
    '\t15bf  Phoenix1',
    '\t744c  Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]',
    '1003  The next one',
    '\t15bf  Nor this',
  ]);
}

const USER = { uid: 1_000, cgroup: '0::/user.slice/user-1000.slice/session-2.scope' };

/**
 * A workstation with a Radeon. What draws is not known to KFD; what computes by KFD has the device open too, and
 * does nothing with it; one does both.
 */
export function radeon(tree: Tree = vm()): Tree {
  const { address } = RADEON;
  const id = 61_011;
  amdCards(tree, [{ ...RADEON, kfd: { node: 1, id } }]);
  kfdProcesses(tree, [
    { pid: 2_102, pasid: 32_769, vram: { [id]: 2_147_483_648 }, units: { [id]: 64 } },
    { pid: 2_103, pasid: 32_770, vram: { [id]: 536_870_912 }, units: { [id]: 8 } },
  ]);
  running(tree, { ...USER, pid: 2_101, comm: 'Xorg' }, [
    drmClient({ address, id: 3, kib: 131_072, ns: 1_000_000_000n }),
  ]);
  running(tree, { ...USER, pid: 2_102, comm: 'llama-server' }, [
    drmClient({ address, id: 4, kib: 64, ns: 0n }),
  ]);
  running(tree, { ...USER, pid: 2_103, comm: 'blender' }, [
    drmClient({ address, id: 5, kib: 1_048_576, ns: 7_000_000_000n }),
  ]);
  names(tree);
  return tree;
}

/** A laptop's chip with CPU and GPU in one, with a kernel without KFD; two clients draw. */
export function apu(tree: Tree = vm()): Tree {
  amdCards(tree, [APU]);
  names(tree);
  // The second file descriptor is the same client: it counts once.
  const screen = drmClient({ address: APU.address, id: 7, kib: 65_536, ns: 1_000_000_000n });
  running(tree, { ...USER, pid: 2_001, comm: 'Xorg' }, [screen, screen]);
  running(tree, { ...USER, pid: 2_002, comm: 'llama-server' }, [
    drmClient({ address: APU.address, id: 9, kib: 262_144, ns: 5_000_000_000n }),
  ]);
  return tree;
}

/** Two MI300X and a Radeon, as librocm_smi64 5.2.3 can still take them: no deep sleep, gpu_metrics 1.3. */
export function amd(tree: Tree = vm()): Tree {
  amdCards(tree, AMD_CARDS);
  names(tree);
  kfdProcesses(tree, [
    {
      pid: TRAINER.pid,
      pasid: 32_769,
      vram: { 28851: 137_438_953_472, 51499: 68_719_476_736 },
      units: { 28851: 288, 51499: 144 },
    },
  ]);
  running(tree, TRAINER);
  return tree;
}

export const AMD_CARDS: readonly Placed[] = [
  ...MI300X_PAIR.map((card, i) => ({ ...card, ...MI300X(i, 'old') })),
  RADEON,
];

/** Machines with AMD GPUs, added to a tree of choice; materialiseTree() (write.ts) puts one on disk. */
export const amdMachines = { mi300x, radeon, apu, amd } as const;
