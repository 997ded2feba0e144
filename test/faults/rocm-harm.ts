/** Ways in which a machine makes librocm_smi64 abort, hang or give up; each tried with the real one. */
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { until } from '../edgegauge.ts';
import type { Harm, Release } from '../gpu/rocm-machine.ts';
import { AMD_CARDS, amdDirectory, type Placed } from '../trees/amd.ts';
import { MI300X } from '../trees/amd-cards.ts';

/** What becomes of a probe that asks the library. */
export type Outcome =
  /** It ends, and the library is left alone there: at a card, or where it is initialised. */
  | { readonly ends: 'SIGABRT' | 'deadline'; readonly at?: string }
  /** The library says that it cannot, and is left alone. */
  | { readonly refuses: string }
  | 'harmless';

export interface Case {
  readonly what: string;
  readonly harm: Harm;
  /** Of bubblewrap's arguments. */
  readonly more?: readonly string[];
  readonly outcome: Readonly<Partial<Record<Release, Outcome>>>;
}

const [INSTINCT, , RADEON] = AMD_CARDS as readonly [Placed, Placed, Placed];
const SECOND = AMD_CARDS[1] as Placed;

const write =
  (card: Placed, file: string, content: string | Uint8Array): Harm =>
  (rootfs) =>
    writeFileSync(join(rootfs, amdDirectory(card), file), content);

/** A file whose read never returns: a pipe that nobody writes to. */
export const pipe =
  (card: Placed, file: string): Harm =>
  (rootfs) => {
    const path = join(rootfs, amdDirectory(card), file);
    rmSync(path);
    if (Bun.spawnSync(['mkfifo', path]).exitCode !== 0) throw new Error(`mkfifo ${path}`);
  };

const RADEON_EDGE = `hwmon/hwmon${RADEON.hwmonIndex}/temp1_input`;
export const RADEON_PIPE: Harm = pipe(RADEON, RADEON_EDGE);

/** Resolves to what ends it once somebody reads a pipe of RADEON_PIPE, who then waits. */
export async function held(rootfs: string): Promise<() => void> {
  const path = join(rootfs, amdDirectory(RADEON), RADEON_EDGE);
  const open = (): number => {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      // Nobody reads it yet.
      return -1;
    }
  };
  const fd = await until(open, (opened) => opened >= 0);
  return () => closeSync(fd);
}

const clocks = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${i}: ${500 + i}Mhz${i === 3 ? ' *' : ''}\n`).join('');

const NODE = 'sys/class/kfd/kfd/topology/nodes/1';
const abort = (at?: Placed): Outcome =>
  at === undefined ? { ends: 'SIGABRT' } : { ends: 'SIGABRT', at: at.address };
const hang = (at?: Placed): Outcome =>
  at === undefined ? { ends: 'deadline' } : { ends: 'deadline', at: at.address };
const both = (outcome: Outcome) => ({ '5.2': outcome, '6.1': outcome });

/** rsmi_status_t 8 in our words. */
const NOT_INITIALISED =
  'librocm_smi64 cannot be initialised: a file of /sys is not as it expects it, or its mutex in /dev/shm cannot be had';
const refusal: Outcome = { refuses: NOT_INITIALISED };

export const CASES: readonly Case[] = [
  {
    what: 'a card that is no link',
    harm(rootfs) {
      const card = join(rootfs, `sys/class/drm/card${SECOND.minor}`);
      rmSync(card);
      mkdirSync(card);
      symlinkSync(`/${amdDirectory(SECOND)}`, join(card, 'device'));
    },
    outcome: both(abort()),
  },
  {
    what: 'a card that is a link without an address',
    harm(rootfs) {
      const card = join(rootfs, `sys/class/drm/card${SECOND.minor}`);
      const target = `sys/devices/platform/partition/drm/card${SECOND.minor}`;
      rmSync(card);
      mkdirSync(join(rootfs, target), { recursive: true });
      symlinkSync(`/${amdDirectory(SECOND)}`, join(rootfs, target, 'device'));
      symlinkSync(`/${target}`, card);
    },
    outcome: both(hang()),
  },
  {
    what: 'a node without links to others',
    harm: (rootfs) => rmSync(join(rootfs, NODE, 'io_links'), { recursive: true }),
    outcome: both(abort()),
  },
  {
    what: 'a node without its place',
    harm(rootfs) {
      const path = join(rootfs, NODE, 'properties');
      writeFileSync(path, readFileSync(path, 'utf8').replace(/^location_id.*\n/m, ''));
    },
    outcome: both(refusal),
  },
  {
    what: 'a sensor with a name of its own',
    harm: write(RADEON, `hwmon/hwmon${RADEON.hwmonIndex}/temp1_label`, 'elsewhere\n'),
    outcome: both(refusal),
  },
  {
    what: 'a /dev/shm that cannot be written',
    harm() {},
    more: ['--remount-ro', '/dev/shm'],
    // 6.1 is told to do without.
    outcome: { '5.2': refusal, '6.1': 'harmless' },
  },
  {
    what: 'a clock in another unit',
    harm: write(INSTINCT, 'pp_dpm_sclk', '0: 500Qhz\n1: 2100Qhz *\n'),
    outcome: both(abort(INSTINCT)),
  },
  {
    what: 'RAS features in other words',
    harm: write(INSTINCT, 'ras/features', 'nonsense\n'),
    outcome: both(abort(INSTINCT)),
  },
  {
    what: 'a temperature that never comes',
    harm: RADEON_PIPE,
    outcome: both(hang(RADEON)),
  },
  {
    what: 'gpu_metrics that never come',
    harm: pipe(INSTINCT, 'gpu_metrics'),
    outcome: both(hang(INSTINCT)),
  },
  {
    what: 'no hwmon chip',
    harm: (rootfs) => rmSync(join(rootfs, amdDirectory(INSTINCT), 'hwmon'), { recursive: true }),
    outcome: { '5.2': abort(INSTINCT), '6.1': 'harmless' },
  },
  {
    what: 'a clock of deep sleep',
    harm: write(INSTINCT, 'pp_dpm_sclk', 'S: 132Mhz *\n0: 500Mhz\n1: 2100Mhz\n'),
    outcome: { '5.2': abort(INSTINCT), '6.1': 'harmless' },
  },
  {
    what: 'gpu_metrics of a later revision',
    harm: write(INSTINCT, 'gpu_metrics', MI300X(0).files?.['gpu_metrics'] ?? ''),
    outcome: { '5.2': abort(INSTINCT), '6.1': 'harmless' },
  },
  {
    what: '33 clocks',
    harm: write(INSTINCT, 'pp_dpm_sclk', clocks(33)),
    outcome: { '5.2': abort(INSTINCT), '6.1': 'harmless' },
  },
  {
    what: '34 clocks',
    harm: write(INSTINCT, 'pp_dpm_sclk', clocks(34)),
    outcome: both(abort(INSTINCT)),
  },
  {
    // The library would abort where it lists processes; it is not asked to.
    what: 'a process without an address space',
    harm: (rootfs) => writeFileSync(join(rootfs, 'sys/class/kfd/kfd/proc/4711/pasid'), ''),
    outcome: both('harmless'),
  },
];
