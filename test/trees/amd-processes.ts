/** Processes on AMD GPUs, as amdkfd and /proc tell them. */
import { folder, link, put, type Tree } from './tree.ts';

/** A process as KFD lists it: bytes by GPU id, and compute units that it occupies. */
export interface KfdProcess {
  readonly pid: number;
  readonly pasid: number;
  readonly vram: Readonly<Record<number, number>>;
  readonly units?: Readonly<Record<number, number>>;
}

/** A process as /proc has it. */
export interface Running {
  readonly pid: number;
  readonly comm: string;
  readonly uid: number;
  readonly cgroup: string;
}

/** Adds a process to KFD's list, or the list with nothing in it. */
export function kfdProcesses(tree: Tree, processes: readonly KfdProcess[]): void {
  const base = 'sys/devices/virtual/kfd/kfd/proc';
  folder(tree, base);
  for (const { pid, pasid, vram, units = {} } of processes) {
    put(tree, `${base}/${pid}/pasid`, `${pasid}\n`);
    for (const [id, bytes] of Object.entries(vram)) {
      put(tree, `${base}/${pid}/vram_${id}`, `${bytes}\n`);
      put(tree, `${base}/${pid}/sdma_${id}`, `${pasid * 17}\n`);
      put(tree, `${base}/${pid}/stats_${id}/cu_occupancy`, `${units[Number(id)] ?? 0}\n`);
      put(tree, `${base}/${pid}/queues/${id}/gpuid`, `${id}\n`);
    }
  }
}

/** An open DRM device as fdinfo shows it. `ns`: for how long it used an engine; one that did not is not told of. */
export const drmClient = (it: {
  readonly address: string;
  readonly id: number;
  readonly kib: number;
  readonly ns: bigint;
}): string =>
  [
    'pos:\t0',
    'flags:\t02400002',
    'drm-driver:\tamdgpu',
    `drm-client-id:\t${it.id}`,
    `drm-pdev:\t${it.address}`,
    `drm-memory-vram:\t${it.kib} KiB`,
    'drm-memory-gtt: \t2048 KiB',
    ...(it.ns === 0n ? [] : [`drm-engine-gfx:\t${it.ns} ns`]),
    '',
  ].join('\n');

/** Adds what /proc says of a process; `fds`: text of its fdinfo files that are open at a GPU. */
export function running(tree: Tree, it: Running, fds: readonly string[] = []): void {
  const base = `proc/${it.pid}`;
  put(tree, `${base}/comm`, `${it.comm}\n`);
  put(tree, `${base}/cgroup`, `${it.cgroup}\n`);
  put(
    tree,
    `${base}/status`,
    `Name:\t${it.comm}\nUid:\t${it.uid}\t${it.uid}\t${it.uid}\t${it.uid}\n`,
  );
  if (fds.length > 0) tree.set('dev/dri/renderD129', '');
  fds.forEach((text, i) => {
    put(tree, `${base}/fdinfo/${i + 3}`, text);
    link(tree, `${base}/fd/${i + 3}`, 'dev/dri/renderD129');
  });
}
