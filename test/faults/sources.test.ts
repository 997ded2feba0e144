/** Files that say what they never should: the page is whole but for what they told. */
import { expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scrape, until } from '../edgegauge.ts';
import { samples } from '../exposition.ts';
import type { Materialised } from '../trees/write.ts';
import { Patient, without } from './patient.ts';

/** Files that are read at every scrape, and the collectors that they tell something. */
const FILES: readonly (readonly [file: string, ...collectors: string[]])[] = [
  ['stat', 'cpu', 'stat'],
  ['meminfo', 'meminfo'],
  ['vmstat', 'vmstat'],
  ['loadavg', 'loadavg'],
  ['diskstats', 'diskstats'],
  ['mdstat', 'mdadm'],
  ['pressure/io', 'pressure'],
  ['schedstat', 'schedstat'],
  ['1/net/dev', 'netdev'],
  ['1/net/snmp', 'netstat'],
  ['1/net/snmp6', 'netstat'],
  ['1/net/netstat', 'netstat'],
  ['1/net/sockstat', 'sockstat'],
  ['1/net/sockstat6', 'sockstat'],
  ['1/net/softnet_stat', 'softnet'],
  ['1/net/udp', 'udp_queues'],
  ['1/net/udp6', 'udp_queues'],
  ['1/net/arp', 'arp'],
  ['1/net/stat/nf_conntrack', 'conntrack'],
  ['sys/net/netfilter/nf_conntrack_count', 'conntrack'],
  ['sys/fs/file-nr', 'filefd'],
  ['sys/kernel/random/entropy_avail', 'entropy'],
];

const halfALine = (text: string): string => text.slice(0, -Math.ceil(text.length / 3));

test.each([
  ['nothing', () => ''],
  ['two thirds, up to the middle of a line', halfALine],
  ['all but the end of the last line', (text: string) => text.slice(0, -2)],
])(
  'of each file %s is left: what it told is absent or as before, and comes back',
  async (_, cut) => {
    await using patient = await Patient.admit('h100');
    const healthy = await patient.samples();
    for (const [file, ...collectors] of FILES) {
      const path = join(patient.machine.procfs, file);
      const text = readFileSync(path, 'latin1');
      const told = await patient.samples(...collectors);
      writeFileSync(path, cut(text), 'latin1');
      const left = await patient.samples();
      // Nothing that was not so before, and nothing lost that others told.
      expect([file, without(left, healthy)]).toEqual([file, []]);
      expect([file, without(without(healthy, told), left)]).toEqual([file, []]);
      if (cut(text) === '') expect([file, left.length]).not.toEqual([file, healthy.length]);
      writeFileSync(path, text, 'latin1');
      await until(
        () => patient.samples(),
        (lines) => without(healthy, lines).length === 0,
      );
    }
  },
);

test('attributes of devices that say nothing, or no number, are absent alone', async () => {
  const attributes: readonly (readonly [file: string, content: string, series: RegExp])[] = [
    [
      'class/hwmon/hwmon8/temp2_input',
      '',
      /^(node_hwmon_temp_celsius|sensor_temperature_celsius)\{.*"temp2"/,
    ],
    [
      'class/hwmon/hwmon8/temp3_max',
      'N/A\n',
      /^(node_hwmon_temp_max_celsius|sensor_temperature_max_celsius)\{.*"temp3"/,
    ],
    [
      'class/thermal/thermal_zone1/temp',
      '\n',
      /^(node_thermal_zone_temp|thermal_zone_temperature_celsius)\{.*zone="1"/,
    ],
    [
      'class/infiniband/mlx5_0/ports/1/counters/port_rcv_packets',
      '-\n',
      /^(node_)?infiniband_port_(packets_received|receive_packets)_total\{.*"mlx5_0"/,
    ],
    [
      'class/infiniband/mlx5_1/ports/1/hw_counters/out_of_buffer',
      'N/A (not available)\n',
      /^(node_)?infiniband(_port)?_out_of_buffer_drops_total\{.*"mlx5_1"/,
    ],
    [
      'devices/system/cpu/cpu0/cpufreq/scaling_max_freq',
      '<unknown>\n',
      /^node_cpu_scaling_frequency_max_hertz\{cpu="0"\}/,
    ],
    [
      'devices/system/edac/mc/mc0/ce_count',
      '\0\n',
      /^node_edac_correctable_errors_total\{controller="0"\}|^memory_/,
    ],
  ];
  await using healthy = await Patient.admit('h100');
  await using patient = await Patient.admit('h100', ({ sysfs }) => {
    for (const [file, content] of attributes) writeFileSync(join(sysfs, file), content);
  });
  const [before, after] = [await healthy.samples(), await patient.samples()];
  expect(without(after, before)).toEqual([]);
  const gone = without(before, after);
  for (const [file, , series] of attributes) {
    expect([file, gone.some((line) => series.test(line))]).toEqual([file, true]);
  }
  expect(gone.filter((line) => !attributes.some(([, , series]) => series.test(line)))).toEqual([]);
});

const LINES = 10_000;
const numbered = (line: (i: number) => string): string =>
  Array.from({ length: LINES }, (_, i) => `${line(i)}\n`).join('');

test('files that grow to 10,000 lines are read to their end', async () => {
  await using patient = await Patient.admit('vm');
  const healthy = await patient.samples();
  const { procfs } = patient.machine;
  const zeros = ' 0'.repeat(15);
  appendFileSync(
    join(procfs, '1/net/dev'),
    numbered((i) => `many${i}: ${i}${zeros}`),
  );
  appendFileSync(
    join(procfs, 'diskstats'),
    numbered((i) => `253 ${i} many-${i} ${i}${zeros} 0`),
  );
  appendFileSync(
    join(procfs, 'vmstat'),
    numbered((i) => `pgfault_${i} ${i}`),
  );
  const page = samples(await scrape(patient.running, '?dialect=node'));
  for (const i of [0, LINES / 2, LINES - 1]) {
    expect(page.get(`node_network_receive_bytes_total{device="many${i}"}`)).toBe(`${i}`);
    expect(page.get(`node_disk_reads_completed_total{device="many-${i}"}`)).toBe(`${i}`);
    expect(page.get(`node_vmstat_pgfault_${i}{}`)).toBe(`${i}`);
  }
  expect(without(healthy, await patient.samples())).toEqual([]);
});

/** A line of each table whose name is not UTF-8; two of them differ only in what cannot be shown. */
function misname({ procfs, rootfs, sysfs }: Materialised): void {
  const append = (path: string, line: string): void =>
    appendFileSync(path, Buffer.from(`${line}\n`, 'latin1'));
  append(join(procfs, '1/net/dev'), `\xff\xfe0: 1${' 0'.repeat(15)}`);
  append(join(procfs, '1/net/dev'), `\xff\xfd0: 2${' 0'.repeat(15)}`);
  append(join(procfs, '1/net/arp'), '192.0.2.9 0x1 0x2 02:00:00:00:00:09 * caf\xe9');
  append(join(procfs, 'diskstats'), `253 99 caf\xe9${' 0'.repeat(17)}`);
  append(join(procfs, '1/mountinfo'), '98 24 8:98 / /caf\xe9 rw - ext4 /dev/caf\xe9 rw');
  mkdirSync(Buffer.from(`${rootfs}/caf\xe9`, 'latin1'));
  append(join(sysfs, 'class/hwmon/hwmon8/temp9_label'), 'caf\xe9');
}

test('names that are not UTF-8 are shown with U+FFFD, each once', async () => {
  await using healthy = await Patient.admit('h100');
  await using patient = await Patient.admit('h100', misname);
  const answer = await fetch(`${patient.running.url}/metrics`);
  const page = new TextDecoder('utf-8', { fatal: true }).decode(await answer.bytes());
  const lines = page.split('\n').filter((line) => line.includes('\uFFFD') && !line.startsWith('#'));
  // Two interfaces, of which one can be shown.
  expect(lines).toContain('node_network_receive_bytes_total{device="\uFFFD\uFFFD0"} 2');
  expect(lines).toContain('node_arp_entries{device="caf\uFFFD"} 1');
  expect(lines).toContain('node_disk_reads_completed_total{device="caf\uFFFD"} 0');
  expect(
    lines.filter((line) =>
      line.startsWith('node_filesystem_device_error{device="/dev/caf\uFFFD",'),
    ),
  ).toHaveLength(1);
  const series = lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
  expect(series).toEqual([...new Set(series)]);
  const gone = without(await healthy.samples(), await patient.samples());
  expect(gone.filter((line) => !line.includes('sensor="temp9"'))).toEqual([]);
});

const MOST = '18446744073709551615';

test('counters at 2^64-1 are written so that reading them gives the same double', async () => {
  const most = (path: string, line: RegExp): void =>
    writeFileSync(
      path,
      readFileSync(path, 'latin1').replace(
        line,
        (_, name: string, rest: string) => name + rest.replace(/\d+/g, MOST),
      ),
      'latin1',
    );
  await using patient = await Patient.admit('h100', ({ procfs, sysfs }) => {
    most(join(procfs, '1/net/dev'), /^( *eno1:)(.*)$/m);
    most(join(procfs, 'diskstats'), /^( *\d+ +\d+ nvme0n1 )(.*)$/m);
    most(join(procfs, 'vmstat'), /^(oom_kill )(.*)$/m);
    most(join(procfs, 'stat'), /^(ctxt )(.*)$/m);
    most(join(procfs, '1/net/snmp'), /^(Udp: )(\d.*)$/m);
    // All ones are how a driver says that it has no such counter; the most that it can count is one less.
    const port = join(sysfs, 'class/infiniband/mlx5_0/ports/1/counters');
    writeFileSync(join(port, 'port_xmit_data'), '18446744073709551614\n');
    writeFileSync(join(port, 'port_rcv_data'), `${MOST}\n`);
  });
  const page = samples(await scrape(patient.running));
  const exact = Number(MOST);
  const expected: Readonly<Record<string, number>> = {
    'node_network_receive_bytes_total{device="eno1"}': exact,
    'network_transmit_packets_total{device="eno1"}': exact,
    'node_disk_reads_completed_total{device="nvme0n1"}': exact,
    'node_disk_read_bytes_total{device="nvme0n1"}': exact * 512,
    'node_disk_io_time_seconds_total{device="nvme0n1"}': exact / 1000,
    'node_vmstat_oom_kill{}': exact,
    'node_context_switches_total{}': exact,
    'node_netstat_Udp_InDatagrams{}': exact,
    'node_infiniband_port_data_transmitted_bytes_total{device="mlx5_0",port="1"}': exact * 4,
  };
  for (const [series, value] of Object.entries(expected)) {
    const text = page.get(series) ?? 'absent';
    expect([series, Number(text)]).toEqual([series, value]);
    if (value === exact) expect(text).toMatch(/^\d+$/);
  }
  const received = 'node_infiniband_port_data_received_bytes_total';
  expect(page.has(`${received}{device="mlx5_1",port="1"}`)).toBe(true);
  expect(page.has(`${received}{device="mlx5_0",port="1"}`)).toBe(false);
});
