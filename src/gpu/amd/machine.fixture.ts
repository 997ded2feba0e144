/** The source `amd` over a machine of test/trees, as a probe runs it, with a clock of its own. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exposed } from '../../../test/exposed.ts';
import { amdMachines } from '../../../test/trees/amd.ts';
import type { Tree } from '../../../test/trees/tree.ts';
import { type Materialised, materialiseTree } from '../../../test/trees/write.ts';
import { type Guard, UNGUARDED } from '../../board/guard.ts';
import { GPU_GROUP_NAMES, type GpuGroup } from '../../catalog/gpu/groups.ts';
import { amd } from './amd.ts';
import type { Backend } from './backend.ts';
import type { FleetOptions } from './fleet.ts';
import { wantedGroups } from './groups.ts';
import { sysfsBackend } from './sysfs-backend.ts';

export const DIRECTORY = 'devices/pci0000:00/0000:00:05.1/0000:05:00.0';

export interface MachineOptions {
  readonly groups?: readonly GpuGroup[];
  readonly guard?: Guard;
  readonly library?: Backend;
  readonly libraryOnly?: boolean;
  readonly source?: Partial<FleetOptions>;
}

export class Machine implements Disposable {
  readonly exposed: Exposed;
  readonly tree: Materialised;
  readonly complaints: string[] = [];
  /** Milliseconds. */
  now = 1_000_000;
  readonly #close: () => void;

  constructor(machine: keyof typeof amdMachines | Tree, options: MachineOptions = {}) {
    const { groups = GPU_GROUP_NAMES, guard = UNGUARDED, library, libraryOnly = false } = options;
    const tree = typeof machine === 'string' ? amdMachines[machine](new Map()) : machine;
    this.tree = materialiseTree(tree, 'amd');
    const complain = (message: string): void => {
      this.complaints.push(message);
    };
    const { procfs, sysfs, rootfs } = this.tree;
    const source = amd(
      {
        paths: { procfs, sysfs, rootfs },
        required: false,
        library,
        libraryOnly,
        sysfs: sysfsBackend({ complain }),
        complain,
        groups: wantedGroups((name) => groups.includes(name)),
        partitions: groups.includes('mig'),
        processes: {
          totals: groups.includes('processes'),
          each: false,
          holders: false,
          top: 32,
          user: false,
        },
        host: { hostname: 'node1' },
        interval: 1000,
        now: () => this.now,
        ...options.source,
      },
      guard,
    );
    this.#close = () => source.close();
    this.exposed = new Exposed(source);
  }

  /** Polls after so many seconds; lines of families that begin so, without the prefix `gpu_`. */
  poll(prefix = '', seconds = 1): string[] {
    this.now += seconds * 1000;
    return this.exposed.sample('native', `gpu_${prefix}`).map((line) => line.replace(/^gpu_/, ''));
  }

  /** A number for each GPU, by its index: of the family's lines. */
  values(family: string, seconds = 1): Record<string, number> {
    return Object.fromEntries(
      this.poll(`${family}{`, seconds).map((line) => [
        /device="(\d+)"/.exec(line)?.[1] ?? '',
        Number(line.slice(line.lastIndexOf(' ') + 1)),
      ]),
    );
  }

  /** Looks for devices anew, as a probe does every ten seconds. */
  rediscover(seconds = 10): void {
    this.now += seconds * 1000;
    this.exposed.registry.rediscover();
  }

  get report(): { status: string; error: string | undefined } {
    const [report] = this.exposed.registry.reports();
    return { status: report?.status ?? '', error: report?.error };
  }

  /** Changes a file below sys. */
  write(path: string, content: string | Uint8Array): void {
    writeFileSync(join(this.tree.sysfs, path), content);
  }

  remove(path: string): void {
    rmSync(join(this.tree.sysfs, path), { recursive: true });
  }

  [Symbol.dispose](): void {
    this.#close();
    this.tree[Symbol.dispose]();
  }
}
