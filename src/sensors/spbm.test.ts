import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { hwmon as chip } from '../../test/trees/hwmon.ts';
import { UNGUARDED } from './guard.ts';
import { spbm } from './spbm.ts';
import { OnDisk } from './tree.fixture.ts';

const below = (name: 'spark' | 'h100'): OnDisk =>
  OnDisk.machine(name, 'sys/class/hwmon', 'sys/devices/LNXSYSTM:00', 'sys/devices/virtual/thermal');

test('spbm() reads all rails, caps, energies and states of a Spark', () => {
  using disk = below('spark');
  const lines = new Exposed(spbm(disk.paths, UNGUARDED)).sample('native');
  expect(lines.filter((line) => !line.includes('power_watts'))).toEqual([
    'spark_energy_joules_total{domain="pkg"} 91812404.117',
    'spark_energy_joules_total{domain="cpu_e"} 1902331.804',
    'spark_energy_joules_total{domain="cpu_p"} 14077915.223',
    'spark_energy_joules_total{domain="gpu"} 9107199254.741993',
    'spark_pl_level 2',
    'spark_power_cap_max_watts{rail="pl1"} 250',
    'spark_power_cap_max_watts{rail="pl2"} 250',
    'spark_power_cap_max_watts{rail="syspl1"} 300',
    'spark_power_cap_max_watts{rail="syspl2"} 300',
    'spark_power_cap_min_watts{rail="pl1"} 18',
    'spark_power_cap_min_watts{rail="pl2"} 19',
    'spark_power_cap_min_watts{rail="syspl1"} 27',
    'spark_power_cap_min_watts{rail="syspl2"} 28',
    'spark_power_cap_watts{rail="pl1"} 140',
    'spark_power_cap_watts{rail="pl2"} 142',
    'spark_power_cap_watts{rail="syspl1"} 231',
    'spark_power_cap_watts{rail="syspl2"} 244',
    'spark_prochot 0',
    'spark_tj_max_celsius 46.1',
  ]);
  const rails = lines.flatMap((line) => /^spark_power_watts\{rail="(.*)"\}/.exec(line)?.[1] ?? []);
  expect(rails).toEqual(
    'sys_total soc_pkg cpu_gpu cpu_p cpu_e vcore dc_input gpu prereg dla pl1 pl2 syspl1 syspl2'.split(
      ' ',
    ),
  );
  expect(lines).toContain('spark_power_watts{rail="gpu"} 38.614');
});

test('spbm() has a cap that the firmware lowers at the next sample', () => {
  using disk = OnDisk.built((tree) =>
    chip(tree, { index: 0, name: 'spbm', sensors: { power11_cap: 140e6, power11_label: 'pl1' } }),
  );
  const exposed = new Exposed(spbm(disk.paths, UNGUARDED));
  expect(exposed.sample('native')).toEqual(['spark_power_cap_watts{rail="pl1"} 140']);
  disk.write('sys/devices/virtual/hwmon/hwmon0/power11_cap', '30000000\n');
  expect(exposed.sample('native')).toEqual(['spark_power_cap_watts{rail="pl1"} 30']);
});

test('spbm() leaves out a rail without a name', () => {
  using disk = OnDisk.built((tree) =>
    chip(tree, {
      index: 0,
      name: 'spbm',
      sensors: { power1_input: 1, power2_input: 2, power2_label: '', prochot: 1 },
    }),
  );
  expect(new Exposed(spbm(disk.paths, UNGUARDED)).sample('native')).toEqual(['spark_prochot 1']);
});

test('spbm() is without data where no chip has its name', () => {
  using disk = below('h100');
  const exposed = new Exposed(spbm(disk.paths, UNGUARDED));
  expect(exposed.registry.reports()[0]).toMatchObject({
    status: 'absent',
    error: 'no hwmon chip is called spbm',
  });
});
