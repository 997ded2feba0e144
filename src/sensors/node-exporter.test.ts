/**
 * The real node_exporter and these sources read the same trees: the fixture machines, and trees that
 * have every attribute there is. What differs is named here, with the reason.
 */
import { expect } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { identity, parse } from '../../test/exposition.ts';
import { testWith } from '../../test/parts.ts';
import { hwmon as chip } from '../../test/trees/hwmon.ts';
import { picks } from '../../test/trees/number.ts';
import { powerSupply } from '../../test/trees/powersupply.ts';
import { type Attribute, attributes, folder, lines, type Tree } from '../../test/trees/tree.ts';
import { HWMON_STANDARD } from '../catalog/host/hwmon-attributes.ts';
import { POWER_SUPPLY, POWER_SUPPLY_INFO_LABELS } from '../catalog/host/powersupplyclass.ts';
import { WATCHDOG } from '../catalog/host/watchdog.ts';
import { bonding } from './bonding.ts';
import { cpuTopology } from './cpu-topology.ts';
import { cpufreq } from './cpufreq.ts';
import { edac } from './edac.ts';
import { UNGUARDED } from './guard.ts';
import { hwmon } from './hwmon.ts';
import { powerSupplyClass } from './powersupplyclass.ts';
import { RAPL_DEFAULTS, rapl } from './rapl.ts';
import { thermalZone } from './thermal-zone.ts';
import { OnDisk } from './tree.fixture.ts';
import { watchdog } from './watchdog.ts';

type Values = Map<string, { readonly type: string; readonly value: number }>;

const COLLECTORS = ['hwmon', 'thermal_zone', 'cpufreq', 'cpu', 'powersupplyclass'].concat([
  'edac',
  'rapl',
  'watchdog',
  'bonding',
]);

/** Not these sources': /proc/stat is host/'s, and each program speaks of itself. */
const OTHERS = /^(node_cpu_(guest_)?seconds_total|node_scrape_|node_exporter_|edgegauge_)/;

function values(page: string): Values {
  const out: Values = new Map();
  for (const family of parse(page).values()) {
    if (OTHERS.test(family.name)) continue;
    for (const sample of family.samples) {
      out.set(identity(sample), { type: family.type, value: Number(sample.value) });
    }
  }
  return out;
}

/** What node_exporter says of a tree. */
async function real(program: string, { paths }: OnDisk, flags: readonly string[]): Promise<Values> {
  const child = Bun.spawn(
    [
      program,
      '--web.listen-address=127.0.0.1:0',
      '--web.disable-exporter-metrics',
      '--collector.disable-defaults',
      ...COLLECTORS.map((name) => `--collector.${name}`),
      `--path.procfs=${paths.procfs}`,
      `--path.sysfs=${paths.sysfs}`,
      `--path.rootfs=${paths.rootfs}`,
      ...flags,
    ],
    { stdout: 'ignore', stderr: 'pipe' },
  );
  try {
    let log = '';
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
      log += part;
      const address = /Listening on"? .*?address=(\S+)/.exec(log)?.[1];
      if (address !== undefined) {
        const answer = await fetch(`http://${address}/metrics`);
        expect(answer.status).toBe(200);
        return values(await answer.text());
      }
    }
    throw new Error(`node_exporter did not start: ${log}`);
  } finally {
    child.kill();
    await child.exited;
  }
}

function ours({ paths }: OnDisk, labelled: boolean): Values {
  const sources = [
    hwmon(paths, UNGUARDED),
    thermalZone(paths, UNGUARDED),
    cpufreq(paths, UNGUARDED),
    cpuTopology(paths, UNGUARDED, { info: labelled }),
    powerSupplyClass(paths, UNGUARDED),
    edac(paths, UNGUARDED),
    rapl(paths, UNGUARDED, labelled ? { enableZoneLabel: true } : RAPL_DEFAULTS),
    watchdog(paths, UNGUARDED),
    bonding(paths, UNGUARDED),
  ];
  const out: Values = new Map();
  for (const source of sources) {
    const exposed = new Exposed(source);
    exposed.sample();
    for (const [key, value] of values(exposed.text('node'))) out.set(key, value);
    expect(exposed.complaints).toEqual([]);
  }
  return out;
}

/** No disk is set to warn at 65262 degrees, or at absolute zero. */
const impossible = (key: string, value: number): boolean =>
  /^node_hwmon_temp_(min|max)_celsius\{chip="nvme_/.test(key) && (value > 1000 || value < -273);

/**
 * Every series of node_exporter is ours and the other way round, but for impossible ones. Values may
 * differ in their last digit: node_exporter multiplies by 0.001 where we divide by 1000.
 */
async function compare(program: string, disk: OnDisk, optional = false): Promise<number> {
  const flags = optional ? ['--collector.cpu.info', '--collector.rapl.enable-zone-label'] : [];
  const theirs = await real(program, disk, flags);
  const mine = ours(disk, optional);
  const wanted = [...theirs].filter(([key, { value }]) => !impossible(key, value));
  const rounded = (of: Iterable<[string, { type: string; value: number }]>): string[] =>
    Array.from(of, ([key, { type, value }]) => `${key} ${type} ${value.toPrecision(14)}`).sort();
  expect(rounded(mine)).toEqual(rounded(wanted));
  return wanted.length;
}

/** Chips with every attribute of the kernel's interface, each with a number of its own. */
function everySensor(tree: Tree): void {
  const sensors: Record<string, Attribute> = { beep_enable: 1, vrm: 110, update_interval: 1500 };
  for (const [type, properties] of Object.entries(HWMON_STANDARD)) {
    const numbers = picks(`every ${type}`, properties.length, 1_000, 90_000);
    for (const [i, property] of properties.entries()) {
      sensors[property === '' ? `${type}3` : `${type}3_${property}`] = numbers[i] ?? 0;
    }
  }
  sensors['freq3_label'] = 'SCLK (core)';
  sensors['temp3_label'] = 'has "quotes" and \\';
  chip(tree, { index: 1, name: 'every', device: 'platform/every.0', sensors });
  const odd = { temp1: 5, temp1_input: 6, fan1_Fresh_Word: 7, power2_is_battery: 0, in0_input: '' };
  chip(tree, { index: 2, name: 'Odd Chip', sensors: { ...odd, temp2_input: 'N/A' } });
}

function everySupply(tree: Tree): void {
  const names = Object.keys(POWER_SUPPLY);
  const numbers = picks('every supply', names.length, 100, 9_000);
  const supply: Record<string, Attribute> = { alarm: 1, charge_avg: 2 };
  for (const [i, name] of names.entries()) supply[name] = numbers[i] ?? 0;
  for (const name of POWER_SUPPLY_INFO_LABELS) supply[name] = `the ${name}`;
  powerSupply(tree, 'BAT7', 'PNP0C0A:00', supply);
  powerSupply(tree, 'ADP1', 'ACPI0003:00', { online: 1, temp: -50, type: 'Mains', status: '' });
}

function everyDog(tree: Tree): void {
  const dog: Record<string, Attribute> = { identity: 'Dog', options: '0x8380', status: '0x8000' };
  for (const [i, name] of Object.keys(WATCHDOG).entries()) if (name !== 'info') dog[name] = i + 1;
  attributes(tree, 'sys/class/watchdog/watchdog0', { ...dog, state: 'active' });
  attributes(tree, 'sys/class/watchdog/watchdog1', { state: 'inactive' });
}

function everyZone(tree: Tree): void {
  const zone = (path: string, name: string, energy: number): void =>
    attributes(tree, `sys/class/powercap/${path}`, {
      name,
      energy_uj: energy,
      max_energy_range_uj: 262_143_328_850,
    });
  attributes(tree, 'sys/class/powercap/intel-rapl', { enabled: 1 });
  for (const socket of [0, 1]) {
    zone(`intel-rapl:${socket}`, `package-${socket}`, 124_599_532_281 + socket);
    zone(`intel-rapl:${socket}:0`, 'core', 9_007_199_254 + socket);
    zone(`intel-rapl:${socket}:1`, 'dram', 55_555_555 + socket);
  }
  zone('intel-rapl:10', 'psys', 77_777);
  zone('intel-rapl-mmio:0', 'package-0', 88_888);
  zone('other:0', 'odd name.2', 99_999);
}

/** What the cpu collector cannot do without. */
function oneCpu(tree: Tree): void {
  lines(tree, 'proc/stat', ['cpu  1 2 3 4 5 6 7 8 9 10', 'cpu0 1 2 3 4 5 6 7 8 9 10']);
  attributes(tree, 'sys/devices/system/cpu', { isolated: '', offline: '', online: '0' });
  attributes(tree, 'sys/devices/system/cpu/cpu0', { online: 1 });
  lines(tree, 'proc/cpuinfo', ['processor\t: 0', 'cpu MHz\t\t: 2600.000', '']);
}

testWith(['nodeExporter'], 'node_exporter agrees on every attribute', async (found) => {
  using disk = OnDisk.built((tree) => {
    everySensor(tree);
    everySupply(tree);
    everyDog(tree);
    everyZone(tree);
    oneCpu(tree);
    folder(tree, 'sys/class/thermal');
  });
  expect(await compare(found.nodeExporter, disk)).toBeGreaterThan(190);
  await compare(found.nodeExporter, disk, true);
});

for (const name of ['vm', 'h100', 'spark'] as const) {
  const least = { vm: 10, h100: 500, spark: 400 }[name];
  testWith(['nodeExporter'], `node_exporter agrees on the ${name} machine`, async (found) => {
    using disk = OnDisk.machine(name, 'sys/', 'proc/');
    expect(await compare(found.nodeExporter, disk)).toBeGreaterThan(least);
    await compare(found.nodeExporter, disk, true);
  });
}
