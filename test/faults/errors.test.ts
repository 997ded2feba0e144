/** Files that vanish, and files that answer with an error: the page is whole but for what they told. */
import { expect, test } from 'bun:test';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { until } from '../edgegauge.ts';
import { HangFs } from '../fakes/hangfs.ts';
import { testWith } from '../parts.ts';
import { Patient, without } from './patient.ts';

const { EIO, EINVAL, EAGAIN, ENODEV } = constants.errno;

/** What of `healthy` is not shown any more; a failure if something is shown that was not before. */
async function lost(patient: Patient, healthy: readonly string[]): Promise<string[]> {
  const now = await patient.samples();
  expect(without(now, healthy)).toEqual([]);
  return without(healthy, now);
}

/** Waits until every one of those of `healthy` is gone; fails if another one is. */
async function expectLost(
  patient: Patient,
  healthy: readonly string[],
  series: RegExp,
): Promise<void> {
  const told = healthy.filter((line) => series.test(line));
  expect([series, told.length]).not.toEqual([series, 0]);
  await until(
    () => lost(patient, healthy),
    (lines) => without(told, lines).length === 0,
  );
  await patient.settled();
  expect((await lost(patient, healthy)).sort()).toEqual(told.sort());
}

const expectHealed = (patient: Patient, healthy: readonly string[]): Promise<unknown> =>
  until(
    () => patient.samples(),
    (lines) => without(healthy, lines).length + without(lines, healthy).length === 0,
  );

/** Devices of sysfs, and the series that they alone tell. */
const DEVICES: readonly (readonly [device: string, series: RegExp])[] = [
  ['class/hwmon/hwmon8', /chip="platform_coretemp_0"/],
  ['class/thermal/thermal_zone1', /^(node_)?thermal_zone_.*zone="1"/],
  ['class/infiniband/mlx5_7', /device="mlx5_7"/],
  ['class/nvme/nvme3', /^(node_)?nvme_.*device="nvme3"|chip="nvme_nvme3"/],
  ['devices/system/edac/mc/mc1', /controller="1"/],
];

test('devices that vanish are absent, and all else is intact', async () => {
  await using patient = await Patient.admit('h100');
  for (const [device, series] of DEVICES) {
    const healthy = await patient.samples();
    const path = join(patient.machine.sysfs, device);
    rmSync(realpathSync(path), { recursive: true });
    rmSync(path, { force: true });
    await expectLost(patient, healthy, series);
  }
});

/** Files below procfs, how reading them fails, and from which byte on: what a driver that goes away answers. */
const BROKEN: readonly (readonly [file: string, errno: number, offset: number, series: RegExp])[] =
  [
    ['vmstat', EIO, 0, /^node_vmstat_/],
    ['loadavg', EINVAL, 0, /^(node|host)_load/],
    ['schedstat', EAGAIN, 0, /^node_schedstat_/],
    ['mdstat', ENODEV, 0, /^node_md_/],
    // Half of it has been read.
    [
      'stat',
      EIO,
      4000,
      /^(node|host)_(cpu_(guest_)?seconds_total|intr_total|context_switches_total|forks_total|boot_time_seconds|procs_)/,
    ],
  ];

testWith(
  ['fuse'],
  'kernel files that answer with an error are absent until they can be read again',
  async () => {
    const directory: { fs?: HangFs } = {};
    await using patient = await Patient.admit('h100', async ({ procfs }, stack) => {
      const text = (file: string): string => readFileSync(join(procfs, file), 'utf8');
      const fs = await HangFs.mount(Object.fromEntries(BROKEN.map(([file]) => [file, text(file)])));
      directory.fs = stack.use(fs);
      for (const [file] of BROKEN) {
        unlinkSync(join(procfs, file));
        symlinkSync(join(fs.path, file), join(procfs, file));
      }
    });
    const healthy = await patient.samples();
    for (const [file, errno, offset] of BROKEN) await directory.fs?.break(file, errno, offset);
    const series = new RegExp(BROKEN.map(([, , , { source }]) => source).join('|'));
    await expectLost(patient, healthy, series);
    for (const [file] of BROKEN) await directory.fs?.break(file, 0);
    await expectHealed(patient, healthy);
  },
);

/** Directories of sysfs: which of their files fail how, and the series that those tell. */
const ATTRIBUTES: readonly (readonly [
  directory: string,
  errors: Readonly<Record<string, number>>,
  series: RegExp,
])[] = [
  [
    'class/hwmon/hwmon8',
    { temp1_input: EIO, temp2_input: EAGAIN, temp3_input: EINVAL },
    /^(node_hwmon_temp|sensor_temperature)_celsius\{chip="coretemp",sensor="temp[123]"/,
  ],
  [
    'class/infiniband/mlx5_0/ports/1/counters',
    { port_xmit_wait: EINVAL, symbol_error: EIO, link_downed: ENODEV },
    /infiniband_(port_)?(transmit_wait(_ticks)?|symbol_errors?|link_downed)_total\{device="mlx5_0"/,
  ],
  ['class/thermal/thermal_zone1', { temp: EAGAIN }, /^(node_)?thermal_zone_.*zone="1"/],
];

testWith(
  ['fuse'],
  'attributes of devices that answer with an error are absent alone until they can be read again',
  async () => {
    const mounted: HangFs[] = [];
    await using patient = await Patient.admit('h100', async ({ sysfs }, stack) => {
      for (const [directory] of ATTRIBUTES) {
        const path = realpathSync(join(sysfs, directory));
        const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
        const text = (name: string): string => readFileSync(join(path, name), 'utf8');
        const fs = await HangFs.mount(
          Object.fromEntries(files.map(({ name }) => [name, text(name)])),
          path,
        );
        mounted.push(stack.use(fs));
      }
    });
    const healthy = await patient.samples();
    for (const [i, [, errors, series]] of ATTRIBUTES.entries()) {
      for (const [file, errno] of Object.entries(errors)) await mounted[i]?.break(file, errno);
      await expectLost(patient, healthy, series);
      for (const file of Object.keys(errors)) await mounted[i]?.break(file, 0);
      await expectHealed(patient, healthy);
    }
  },
);

/** Paths that are directories where files should be, and the series that are then not told. */
const DIRECTORIES: readonly (readonly [path: string, series: RegExp])[] = [
  ['proc/vmstat', /^node_vmstat_/],
  [
    'proc/1/net/dev',
    /^(node_network_(receive|transmit)_\w+_total|network_(receive|transmit)_\w+)\{/,
  ],
  ['proc/diskstats', /^(node_disk|diskio)_/],
  ['proc/pressure/io', /^node_pressure_|^host_pressure_/],
  [
    'sys/class/hwmon/hwmon8/temp1_input',
    /^(node_hwmon_temp|sensor_temperature)_celsius\{chip="platform_coretemp_0".*sensor="temp1"/,
  ],
  [
    'sys/class/infiniband/mlx5_0/ports/1/rate',
    /^(node_)?infiniband(_port)?_rate_bytes_per_second\{device="mlx5_0"/,
  ],
  ['sys/class/net/eno1/mtu', /^(node_)?network_mtu_bytes\{device="eno1"/],
  ['sys/class/thermal/thermal_zone1/temp', /^(node_)?thermal_zone_.*zone="1"/],
];

test('directories in place of files are as if nothing was there', async () => {
  await using intact = await Patient.admit('h100');
  await using patient = await Patient.admit('h100', ({ rootfs }) => {
    for (const [path] of DIRECTORIES) {
      unlinkSync(join(rootfs, path));
      mkdirSync(join(rootfs, path));
    }
  });
  const series = new RegExp(DIRECTORIES.map(([, { source }]) => source).join('|'));
  await expectLost(patient, await intact.samples(), series);
});
