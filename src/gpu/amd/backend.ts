/**
 * What stands between the fleet of AMD GPUs and those who read them: librocm_smi64 (rocm-*.ts) and amdgpu's
 * sysfs (sysfs-*.ts). A back end knows numbers alone. Which GPUs there are, what they are called and which
 * series they have does not depend on it, so that a GPU keeps its series when another back end takes over.
 */
import type { AmdGroup, Quantities } from './quantities.ts';

/** A GPU as the kernel has it: a PCI function that amdgpu drives. Not a partition of one: those have no sensors. */
export interface Card {
  /** `0000:05:00.0` */
  readonly address: string;
  /** The PCI device below the mount of sysfs, all links resolved. */
  readonly directory: string;
  /** Below `directory`; undefined where it has none. */
  readonly hwmon: string | undefined;
  /** Number of its DRM device: the N of cardN. */
  readonly minor: number;
}

/** A card as one back end reads it. */
export interface Reader {
  /** A poll begins: what was kept for the groups of the last is void. */
  begin?(): void;
  /**
   * Writes what it knows of the quantities of a group into `out`, where they are NaN when it is called; of
   * what it leaves so another back end is asked. In base units, as quantities.ts says; what cannot be so is
   * not written. Never throws for what one card lacks. May block, or kill the process: called under the guard.
   */
  read(group: AmdGroup, out: Quantities): void;
}

/**
 * Made by `sysfsBackend()` (sysfs-backend.ts) and `rocmBackend({ library })` (rocm-backend.ts; the path of
 * librocm_smi64, empty: where ROCm and distributions put it).
 */
export interface Backend {
  readonly name: 'rocm_smi' | 'sysfs';
  /** Version of the library; undefined where there is none, or before `open`. */
  readonly version: string | undefined;
  /**
   * Makes ready and finds the cards there are now. Throws Error with the reason and what to do about it.
   * Called under the guard, before the first `attach`, and again after `close` when cards have come or gone.
   */
  open(): void;
  /** Undefined for a card that it does not have. Under the guard. */
  attach(card: Card): Reader | undefined;
  /** Gives everything back; readers are void. Harmless when it is not open. */
  close(): void;
}

/**
 * What the guard is told before a back end touches a card (or, with no address, opens): a back end that hung
 * or crashed a former probe there is left out there, and the other goes on.
 */
export function guardName(backend: Backend['name'], address?: string): string {
  if (backend === 'sysfs') return address ?? 'amdgpu';
  return address === undefined ? 'librocm_smi64' : `librocm_smi64 at ${address}`;
}
