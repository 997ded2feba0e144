/** librocm_smi64 of ROCm 7: a fake, since there is no package; every number is one that no file says. */
import { afterAll, expect } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRocmSmi, RocmSmi, STATUS } from '../../ffi/rocm-smi.ts';
import type { Card } from '../../src/gpu/amd/backend.ts';
import { AMD_GROUPS, at, newQuantities, quantitiesOf } from '../../src/gpu/amd/quantities.ts';
import { rocmBackend } from '../../src/gpu/amd/rocm-backend.ts';
import { FakeRocm } from '../fakes/rocm/rocm.ts';
import { testWith } from '../parts.ts';

/** An MI300 of which files say nothing else. */
const directory = mkdtempSync(join(tmpdir(), 'edgegauge-rocm7-'));
writeFileSync(join(directory, 'class'), '0x120000\n');
afterAll(() => rmSync(directory, { recursive: true }));

const card = (address: string): Card => ({
  address,
  directory,
  hwmon: undefined,
  minor: 0,
});
const FIRST = card('0000:05:00.0');
const SECOND = card('0000:26:00.0');

/** All that a back end knows of a card. */
function read(library: string, of: Card): Record<string, number> {
  const backend = rocmBackend({ library });
  backend.open();
  const reader = backend.attach(of);
  const all = newQuantities();
  reader?.begin?.();
  for (const group of AMD_GROUPS) reader?.read(group, all);
  backend.close();
  const known = AMD_GROUPS.flatMap((group) => [...quantitiesOf(group)]).filter(
    (quantity) => !Number.isNaN(all[at(quantity)]),
  );
  return Object.fromEntries(known.map((quantity) => [quantity, all[at(quantity)] as number]));
}

const COMMON = {
  mediaBusy: 0.15,
  jpegBusy: 0.2,
  vramTotal: 2 ** 37,
  visibleTotal: 2 * 2 ** 37,
  gttTotal: 3 * 2 ** 37,
  junction: -1.5,
  junctionCritical: 105,
  junctionEmergency: 107,
  fanSpeed: 0.2,
  fanRpm: 1234,
  powerCap: 1000,
  powerCapDefault: 1000.000001,
  powerCapMax: 1100,
  powerCapMin: 90,
  voltageGfx: 0.801,
  voltageSoc: 0.805,
  voltageMemory: 1.101,
  mclk: 131e6,
  mclkMin: 131e6,
  mclkMax: 2_100e6,
  sclk: 131e6,
  sclkMin: 500e6,
  sclkMax: 2_100e6,
  vclk: 1_400e6,
  residencySamples: 0x2_0000_0001,
  'residency.prochot': 41,
  'residency.power_limit': 42,
  'residency.socket_thermal': 43,
  'residency.vr_thermal': 44,
  'residency.hbm_thermal': 45,
  'throttled.power': 0,
  'throttled.current': 0,
  'throttled.thermal': 1,
  'throttled.prochot': 0,
  eccEnabled: 1,
  pagesRetired: 3,
  pagesPending: 1,
  pagesUnreservable: 1,
  'ras.umc.corrected': 0x1_0000_0001,
  'ras.umc.uncorrected': 2,
  pcieSpeed: 32e9,
  pcieSpeedMax: 32e9,
  pcieWidth: 16,
  pcieWidthMax: 16,
  pcieReplays: 17,
  pcieL0ToRecovery: 31,
  pcieReplayRollover: 32,
  pcieNaksSent: 33,
  pcieNaksReceived: 34,
  xgmiWidth: 16,
  xgmiSpeed: 36e9,
  ...Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((i) => [`xgmi${i}.sent`, (200 + i) * 1024])),
  ...Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((i) => [`xgmi${i}.received`, (100 + i) * 1024])),
} as const;

testWith(['cc'], 'every number is read, and what is not told is absent', ({ cc }) => {
  using fake = new FakeRocm(cc);
  expect(read(fake.library, FIRST)).toEqual({
    ...COMMON,
    gfxBusy: 0.9,
    memoryBusy: 0.5,
    vramUsed: 2 ** 33,
    visibleUsed: 2 * 2 ** 33,
    gttUsed: 3 * 2 ** 33,
    powerNow: 701,
    // 2^20 units of 2^-16 J, which is told as 15.259 µJ.
    energy: 16,
  });
  expect(read(fake.library, SECOND)).toEqual({
    ...COMMON,
    gfxBusy: 0.92,
    memoryBusy: 0.52,
    vramUsed: 2 ** 33 + 2,
    visibleUsed: 2 * 2 ** 33 + 2,
    gttUsed: 3 * 2 ** 33 + 2,
    powerNow: 701.000002,
    energy: 1048.576,
  });
});

testWith(['cc'], 'structs of another release than the version says are told apart', ({ cc }) => {
  using fake = new FakeRocm(cc, '-DROCM5_LEVELS');
  const { sclk, sclkMin, sclkMax, pcieSpeed, pcieWidth } = read(fake.library, FIRST);
  expect({ sclk, sclkMin, sclkMax, pcieSpeed, pcieWidth }).toEqual({
    sclk: 131e6,
    sclkMin: 131e6,
    sclkMax: 2_100e6,
    pcieSpeed: 32e9,
    pcieWidth: 16,
  });
});

testWith(['cc'], 'a card that is not among its devices is left to the files', ({ cc }) => {
  using fake = new FakeRocm(cc);
  const backend = rocmBackend({ library: fake.library });
  backend.open();
  expect(backend.version).toBe('7.8.0');
  expect(backend.attach(card('0001:05:00.0'))).toBeUndefined();
  expect(backend.attach(SECOND)).toBeDefined();
  backend.close();
  expect(backend.attach(SECOND)).toBeUndefined();
  backend.close();
});

testWith(['cc'], 'it may be closed and opened again', ({ cc }) => {
  using fake = new FakeRocm(cc);
  const backend = rocmBackend({ library: fake.library });
  for (let i = 0; i < 3; i++) {
    backend.open();
    expect(backend.attach(FIRST)).toBeDefined();
    backend.close();
  }
});

testWith(['cc'], 'it is found where it was not before', ({ cc }) => {
  using fake = new FakeRocm(cc);
  const library = `${fake.library}.late`;
  const backend = rocmBackend({ library });
  expect(() => backend.open()).toThrow('librocm_smi64 cannot be loaded');
  copyFileSync(fake.library, library);
  backend.open();
  expect(backend.attach(FIRST)).toBeDefined();
  backend.close();
});

testWith(
  ['cc'],
  'what fails and what is not written is absent, and they are told apart',
  ({ cc }) => {
    using fake = new FakeRocm(cc);
    const smi = openRocmSmi(fake.library);
    if (!(smi instanceof RocmSmi)) throw new Error(smi.error);
    expect(smi.init()).toBe(STATUS.success);
    expect(smi.number('averagePower', 0)).toBeNaN();
    expect(smi.rc).toBe(STATUS.notSupported);
    expect(smi.number('temperature', 0, 0, 0)).toBeNaN();
    expect(smi.rc).toBe(STATUS.success);
    smi.shutDown();
  },
);

testWith(['cc'], 'why it cannot be had is said', ({ cc }) => {
  using fake = new FakeRocm(cc);
  const library = `${fake.library}.missing`;
  expect(() => rocmBackend({ library }).open()).toThrow(
    /^librocm_smi64 cannot be loaded: .*No such file or directory$/,
  );
  expect(() => rocmBackend({ library: './librocm_smi64.so.7' }).open()).toThrow(
    'librocm_smi64 cannot be loaded: ./librocm_smi64.so.7: not an absolute path',
  );
});
