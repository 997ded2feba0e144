/**
 * The real librocm_smi64 of ROCm 5.2.3, 6.1.2 and 6.4.1 over a machine of test/trees: what it tells is what the files of
 * the machine say, and whoever reads them.
 */
import { expect, setDefaultTimeout } from 'bun:test';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GPU_GROUP_NAMES } from '../../src/catalog/gpu/groups.ts';
import { command, ready, start } from '../edgegauge.ts';
import { gpuPage, settled } from '../golden/gpu-page.ts';
import { ROOT, testWith } from '../parts.ts';
import { amdDirectory, MI300X_PAIR } from '../trees/amd.ts';
import { instinct } from '../trees/amd-cards.ts';
import { metrics14, metrics15, metrics19 } from '../trees/amd-metrics.ts';
import { DIFFERENCES } from './rocm-differences.ts';
import { type Harm, type Rocm, RocmMachine } from './rocm-machine.ts';

setDefaultTimeout(60_000);

type Known = Readonly<Record<string, number>>;
interface Read {
  readonly version: string;
  readonly cards: Readonly<
    Record<string, { readonly library?: Known; readonly sysfs?: Known } | undefined>
  >;
}

/** What both back ends know of every card. */
function read(machine: RocmMachine): Read {
  const flag = machine.flags.find((each) => each.startsWith('--gpu.rocm-smi-library='));
  const fixture = join(ROOT, 'test/gpu/rocm-quantities.fixture.ts');
  const library = flag?.slice(flag.indexOf('=') + 1) ?? '';
  const child = Bun.spawnSync(machine.running(process.execPath, fixture, library));
  expect(child.stderr.toString()).toBe('');
  return JSON.parse(child.stdout.toString().trim().split('\n').at(-1) ?? '');
}

const GIB = 2 ** 30;
const ENERGY = Number(instinct(0).energy) * 2 ** -16;

/** The first card of the machine `amd`, as test/trees/amd-cards.ts has it. */
const INSTINCT: Known = {
  gfxBusy: 0.97,
  memoryBusy: 0.44,
  mediaBusy: 0.25,
  vramTotal: 192 * GIB,
  vramUsed: 130 * GIB + 4_096,
  visibleTotal: 192 * GIB,
  visibleUsed: 130 * GIB,
  gttTotal: 64 * GIB,
  gttUsed: 3_145_728,
  junction: 71,
  memoryTemperature: 58,
  hbm0: 55,
  hbm1: 56,
  hbm2: 57,
  hbm3: 58,
  junctionCritical: 100,
  memoryCritical: 95,
  junctionEmergency: 105,
  memoryEmergency: 100,
  powerAverage: 612,
  powerCap: 750,
  energy: ENERGY,
  powerCapDefault: 750,
  powerCapMin: 0,
  powerCapMax: 750,
  voltageGfx: 0.812,
  sclk: 2_100e6,
  mclk: 1_300e6,
  fclk: 2_000e6,
  socclk: 1_143e6,
  vclk: 1_402e6,
  sclkMin: 500e6,
  sclkMax: 2_100e6,
  mclkMin: 900e6,
  mclkMax: 1_300e6,
  fclkMin: 1_200e6,
  fclkMax: 2_000e6,
  socclkMin: 302e6,
  socclkMax: 1_143e6,
  eccEnabled: 1,
  pagesRetired: 1,
  pagesPending: 1,
  pagesUnreservable: 0,
  'ras.umc.corrected': 7,
  'ras.umc.uncorrected': 2,
  'ras.sdma.corrected': 1,
  'ras.sdma.uncorrected': 0,
  'ras.gfx.corrected': 0,
  'ras.gfx.uncorrected': 0,
  'ras.mmhub.corrected': 3,
  'ras.mmhub.uncorrected': 1,
  'ras.pcie_bif.corrected': 0,
  'ras.pcie_bif.uncorrected': 0,
  'ras.hdp.corrected': 0,
  'ras.hdp.uncorrected': 0,
  'ras.xgmi_wafl.corrected': 5,
  'ras.xgmi_wafl.uncorrected': 0,
  pcieSpeed: 32e9,
  pcieWidth: 16,
  pcieSpeedMax: 32e9,
  pcieWidthMax: 16,
  pcieReplays: 4,
};

/** The third. */
const RADEON: Known = {
  gfxBusy: 0.31,
  memoryBusy: 0.08,
  mediaBusy: 0.12,
  vramTotal: 24 * GIB,
  vramUsed: 5_368_711_168,
  visibleTotal: 268_435_456,
  visibleUsed: 73_400_320,
  gttTotal: 16 * GIB,
  gttUsed: 104_857_600,
  edge: 52,
  junction: 67,
  memoryTemperature: 74,
  edgeCritical: 100,
  junctionCritical: 110,
  memoryCritical: 108,
  edgeEmergency: 105,
  junctionEmergency: 115,
  memoryEmergency: 113,
  fanSpeed: 61 / 255,
  fanRpm: 1_103,
  powerAverage: 141,
  powerCap: 327,
  powerCapDefault: 327,
  powerCapMin: 294,
  powerCapMax: 376,
  voltageGfx: 0.843,
  sclk: 1_233e6,
  mclk: 1_249e6,
  fclk: 1_000e6,
  socclk: 1_200e6,
  vclk: 2_222e6,
  sclkMin: 500e6,
  sclkMax: 2_526e6,
  mclkMin: 96e6,
  mclkMax: 1_249e6,
  fclkMin: 1_000e6,
  fclkMax: 1_800e6,
  socclkMin: 500e6,
  socclkMax: 1_200e6,
  pcieSpeed: 8e9,
  pcieWidth: 8,
  pcieSpeedMax: 16e9,
  pcieWidthMax: 16,
  pcieReplays: 0,
};

/** What ROCm 6 has in rsmi_gpu_metrics_t beyond that. */
const throttled = (power: 0 | 1, thermal: 0 | 1): Known => ({
  'throttled.power': power,
  'throttled.current': 0,
  'throttled.thermal': thermal,
  'throttled.prochot': 0,
});
const LATER = {
  instinct: throttled(0, 0),
  radeon: { voltageSoc: 0.912, ...throttled(1, 1) },
} as const;

/** gpu_metrics of both cards replaced by another revision. */
const revised =
  (table: (it: ReturnType<typeof instinct>) => Uint8Array): Harm =>
  (rootfs) => {
    MI300X_PAIR.forEach((card, i) => {
      writeFileSync(join(rootfs, amdDirectory(card), 'gpu_metrics'), table(instinct(i)));
    });
  };

const MACHINES = {
  amd: { machine: 'amd', cards: 3 },
  'mi300x 1.4': { machine: 'mi300x', cards: 2, harm: revised(metrics14) },
  'mi300x 1.5': { machine: 'mi300x', cards: 2, harm: revised(metrics15) },
  mi300x: { machine: 'mi300x', cards: 2 },
  'mi300x 1.9': { machine: 'mi300x', cards: 2, harm: revised(metrics19) },
} as const satisfies Readonly<
  Record<string, { machine: 'amd' | 'mi300x'; cards: number; harm?: Harm }>
>;

const RELEASES = [
  { release: '5.2', part: 'rocmSmi5', version: /^1\.0\.0$/, machines: ['amd'] },
  {
    release: '6.1',
    part: 'rocmSmi6',
    version: /^7\.2\.0$/,
    machines: ['amd', 'mi300x 1.4', 'mi300x 1.5', 'mi300x', 'mi300x 1.9'],
  },
  // Of unstable, which moves.
  {
    release: '6.4',
    part: 'rocmSmi64',
    version: /^7\.\d+\.\d+$/,
    machines: ['amd', 'mi300x', 'mi300x 1.9'],
  },
] as const;

const EVERYTHING = GPU_GROUP_NAMES.map((group) => `--gpu.metrics.${group.replaceAll('_', '-')}`);

for (const { release, part, version, machines } of RELEASES) {
  testWith(['bwrap', part], `ROCm ${release} tells what the files say`, (found) => {
    using machine = new RocmMachine(found.bwrap, { release, path: found[part] });
    const { cards, version: said } = read(machine);
    expect(said).toMatch(version);
    const later = release === '5.2' ? { instinct: {}, radeon: {} } : LATER;
    expect(cards['0000:05:00.0']?.library).toEqual({ ...INSTINCT, ...later.instinct });
    expect(cards['0000:c3:00.0']?.library).toEqual({ ...RADEON, ...later.radeon });
  });

  for (const name of machines) {
    testWith(
      ['bwrap', part],
      `ROCm ${release} on ${name} differs from the files as listed and not otherwise`,
      (found) => {
        const { machine: tree, cards: count, harm } = { harm: undefined, ...MACHINES[name] };
        const rocm: Rocm = { release, path: found[part] };
        using machine = new RocmMachine(found.bwrap, rocm, tree, harm);
        const cards = Object.values(read(machine).cards);
        expect(cards).toHaveLength(count);
        const silent = new Set<string>();
        for (const { library, sysfs } of cards as { library: Known; sysfs: Known }[]) {
          expect(sysfs).toMatchObject(library);
          for (const key of Object.keys(sysfs)) if (!(key in library)) silent.add(key);
        }
        const rows = DIFFERENCES.filter((d) => d.release === release && d.machine === name);
        const listed = [...silent].filter((key) => rows.some((row) => row.silent.test(key)));
        expect([...silent]).toEqual(listed);
        for (const row of rows) {
          expect(
            listed.some((key) => row.silent.test(key)),
            row.reason,
          ).toBe(true);
        }
      },
    );
  }

  testWith(
    ['bwrap', part],
    `ROCm ${release} gives the page the same series and values as the files do`,
    async (found) => {
      using machine = new RocmMachine(found.bwrap, { release, path: found[part] });
      const program = machine.running(...command());
      const page = async (backend: string): Promise<string> => {
        const flags = [...machine.flags, ...EVERYTHING, '--gpu.poll-interval=50ms'];
        const asked = [`--gpu.amd-backend=${backend}`, '--gpu.per-process.enabled'];
        await using running = await start([...flags, ...asked], { program });
        await ready(running);
        await settled(running, 'amd');
        return await gpuPage(running, 'native');
      };
      const files = await page('sysfs');
      const library = /,library_version="([^"]*)"/;
      expect(files).toContain('gpu_devices{vendor="amd"} 3\n');
      expect(library.test(files)).toBe(false);
      for (const backend of ['auto', 'rocm_smi']) {
        const pages = await page(backend);
        expect(library.exec(pages)?.[1]).toMatch(version);
        expect(pages.replace(library, '')).toBe(files);
      }
    },
  );
}

testWith(
  ['bwrap', 'rocmSmi5'],
  'ROCm 5.2 does not find a card behind a gap in their numbers, whose files do',
  (found) => {
    const remove: Harm = (rootfs) => {
      for (const name of readdirSync(join(rootfs, 'sys/class/drm'))) {
        if (/^card0(-|$)/.test(name)) rmSync(join(rootfs, 'sys/class/drm', name));
      }
    };
    const rocm: Rocm = { release: '5.2', path: found.rocmSmi5 };
    using machine = new RocmMachine(found.bwrap, rocm, 'amd', remove);
    const { cards } = read(machine);
    expect(Object.keys(cards)).toEqual(['0000:05:00.0', '0000:26:00.0']);
    // card2 and card1.
    expect(cards['0000:05:00.0']).toMatchObject({ sysfs: { gfxBusy: 0.97 } });
    expect(cards['0000:05:00.0']?.library).toBeUndefined();
    expect(cards['0000:26:00.0']?.library).toMatchObject({ gfxBusy: 0.96 });
  },
);
