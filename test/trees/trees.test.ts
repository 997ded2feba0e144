import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { amdMachines } from './amd.ts';
import { COMMON, MACHINE_FILES } from './families.ts';
import { lines, put, type Tree } from './tree.ts';
import { type MachineName, machines, materialise, materialiseTree, writeTree } from './write.ts';

const scratch = mkdtempSync(join(tmpdir(), 'edgegauge-trees-'));
const names = Object.keys(machines) as MachineName[];

beforeAll(() => {
  for (const name of names) writeTree(machines[name](), join(scratch, name));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Path to kind, content and time of change of everything below a directory; links are not followed. */
function inventory(directory: string, below = '', found = new Map<string, string>()) {
  for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
    const name = join(below, entry.name);
    const path = join(directory, name);
    const changed = lstatSync(path).mtimeMs;
    if (entry.isSymbolicLink()) {
      found.set(name, `link ${readlinkSync(path)} ${changed}`);
    } else if (entry.isDirectory()) {
      found.set(name, 'folder');
      inventory(directory, name, found);
    } else {
      found.set(name, `file ${readFileSync(path, 'latin1')} ${changed}`);
    }
  }
  return found;
}

/** The lines of a file of a machine, split at blanks. */
function rows(name: MachineName, path: string): string[][] {
  return readFileSync(join(scratch, name, path), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

describe.each(names)('the %s machine', (name) => {
  const root = join(scratch, name);

  test('is the same at every call', () => {
    expect(machines[name]()).toEqual(machines[name]());
  });

  test('is the same in every directory, also when written twice', () => {
    const other = join(scratch, `${name}-again`);
    writeTree(machines[name](), other);
    const first = inventory(other);
    expect(first).toEqual(inventory(root));
    writeTree(machines[name](), other);
    expect(inventory(other)).toEqual(first);
  });

  test('has links that lead to something within it', () => {
    const home = realpathSync(root);
    let links = 0;
    for (const [path, entry] of machines[name]()) {
      if (typeof entry !== 'object' || !('link' in entry)) continue;
      links++;
      expect(entry.link.startsWith('/'), path).toBe(false);
      expect(realpathSync(join(root, path)).startsWith(`${home}/`), path).toBe(true);
    }
    expect(links).toBeGreaterThan(20);
  });

  test('keeps every device of a class below sys/devices', () => {
    for (const [path, entry] of machines[name]()) {
      if (!/^sys\/(class\/[^/]+|block|bus\/pci\/devices)\/[^/]+$/.test(path)) continue;
      if (path === 'sys/class/net/bonding_masters') continue;
      expect(typeof entry === 'object' && 'link' in entry, path).toBe(true);
      expect(
        relative(root, join(root, path, '..', readlinkSync(join(root, path)))),
        path,
      ).toStartWith('sys/devices/');
    }
  });

  test('has every file that the collectors read', () => {
    for (const path of [...COMMON, ...MACHINE_FILES[name].present]) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }
    for (const path of MACHINE_FILES[name].absent) {
      expect(existsSync(join(root, path)), path).toBe(false);
    }
  });

  test('says of each CPU in sysfs what proc says', () => {
    const online = rows(name, 'sys/devices/system/cpu/online')[0]?.[0] ?? '';
    const numbers = online.split(',').flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => `cpu${from + i}`);
    });
    const named = (path: string) =>
      rows(name, path)
        .map((row) => row[0] ?? '')
        .filter((word) => /^cpu\d/.test(word));
    expect(named('proc/stat')).toEqual(numbers);
    expect(named('proc/schedstat')).toEqual(numbers);
    expect(rows(name, 'proc/1/net/softnet_stat')).toHaveLength(numbers.length);
  });

  test('counts in whole numbers', () => {
    for (const path of ['proc/stat', 'proc/diskstats', 'proc/1/net/dev', 'proc/vmstat']) {
      for (const row of rows(name, path)) expect(row.join(' '), path).not.toMatch(/\d\.\d+( |$)/);
    }
  });

  test('says the same of its network in proc and in sysfs', () => {
    const table = rows(name, 'proc/net/dev').slice(2);
    for (const [label = '', received] of table) {
      const device = label.replace(':', '');
      const file = `sys/class/net/${device}/statistics/rx_bytes`;
      expect(rows(name, file)[0]?.[0], device).toBe(received ?? '');
    }
    const devices = readdirSync(join(root, 'sys/class/net')).filter(
      (it) => it !== 'bonding_masters',
    );
    expect(table.map(([label = '']) => label.replace(':', '')).toSorted()).toEqual(
      devices.toSorted(),
    );
  });
});

describe.each(Object.entries(amdMachines))('the %s machine', (name, machine) => {
  test('is the same at every call', () => {
    expect(machine()).toEqual(machine());
  });

  test('has links that lead to something within it, and every card below its PCI device', () => {
    using written = materialiseTree(machine(), name);
    const home = realpathSync(written.rootfs);
    for (const [path, entry] of machine()) {
      if (typeof entry !== 'object' || !('link' in entry)) continue;
      expect(realpathSync(join(home, path)).startsWith(`${home}/`), path).toBe(true);
    }
    const cards = readdirSync(join(home, 'sys/class/drm')).filter((it) => /^card\d+$/.test(it));
    expect(cards.length).toBeGreaterThan(0);
    for (const card of cards) {
      const device = realpathSync(join(home, 'sys/class/drm', card, 'device'));
      expect(readFileSync(join(device, 'vendor'), 'utf8')).toBe('0x1002\n');
      expect(device).toMatch(/\/[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.0$/);
    }
  });
});

test('gpu_metrics says its own size', () => {
  for (const machine of Object.values(amdMachines)) {
    for (const [path, entry] of machine(new Map())) {
      if (!path.endsWith('/gpu_metrics') || !(entry instanceof Uint8Array)) continue;
      expect(new DataView(entry.buffer, entry.byteOffset).getUint16(0, true)).toBe(entry.length);
    }
  }
});

test('diskstats of the vm has lines of three kernels', () => {
  const widths = rows('vm', 'proc/diskstats').map((row) => row.length);
  expect(new Set(widths)).toEqual(new Set([14, 18, 20]));
});

test('softnet_stat has another number of columns on each machine', () => {
  const widths = names.map((name) => rows(name, 'proc/net/softnet_stat')[0]?.length);
  expect(widths).toEqual([11, 13, 15]);
});

test('the h100 host has counters beyond 2^53 and near 2^64', () => {
  const dev = rows('h100', 'proc/net/dev').find(([label]) => label === 'enp24s0np0:');
  expect(BigInt(dev?.[1] ?? 0) > 2n ** 53n).toBe(true);
  const port = 'sys/class/infiniband/mlx5_0/ports/1/counters';
  const packets = BigInt(rows('h100', `${port}/unicast_rcv_packets`)[0]?.[0] ?? 0);
  expect(packets > 2n ** 64n - 1_000n && packets < 2n ** 64n - 1n).toBe(true);
});

test('softnet_stat of the h100 host skips the CPU that is offline', () => {
  const last = rows('h100', 'proc/net/softnet_stat').map((row) =>
    Number.parseInt(row[12] ?? '', 16),
  );
  expect(last[13]).toBe(14);
});

test('the spark has seven zones of one type and a disk with an impossible limit', () => {
  const zones = readdirSync(join(scratch, 'spark/sys/class/thermal')).filter((it) =>
    it.startsWith('thermal_zone'),
  );
  expect(zones).toHaveLength(7);
  for (const zone of zones) {
    expect(rows('spark', `sys/class/thermal/${zone}/type`)).toEqual([['acpitz']]);
  }
  expect(rows('spark', 'sys/class/hwmon/hwmon1/temp2_max')).toEqual([['65261850']]);
});

test('the spark has the rails of its power controller, and two kinds of core', () => {
  const chip = 'sys/class/hwmon/hwmon7';
  expect(rows('spark', `${chip}/name`)).toEqual([['spbm']]);
  const files = readdirSync(join(scratch, 'spark', chip));
  expect(files.filter((it) => /^power\d+_input$/.test(it))).toHaveLength(14);
  expect(files.filter((it) => /^energy\d+_input$/.test(it))).toHaveLength(4);
  expect(files).toContain('prochot');
  expect(files).toContain('pl_level');
  expect(files).toContain('tj_max_c');
  const parts = Array.from({ length: 20 }, (_, cpu) =>
    rows('spark', `sys/devices/system/cpu/cpu${cpu}/regs/identification/midr_el1`)[0]?.[0]?.slice(
      -4,
      -1,
    ),
  );
  expect(parts.filter((it) => it === 'd87')).toHaveLength(10);
  expect(parts[5]).toBe('d85');
});

test('put() throws when a path is taken', () => {
  const tree: Tree = new Map();
  put(tree, 'proc/stat', 'cpu');
  expect(() => lines(tree, 'proc/stat', [])).toThrow('two entries for proc/stat');
});

test('writeTree() replaces a link that leads elsewhere', () => {
  const directory = join(scratch, 'links');
  writeTree(new Map([['at', { link: 'here' }]]), directory);
  writeTree(new Map([['at', { link: 'there' }]]), directory);
  expect(readlinkSync(join(directory, 'at'))).toBe('there');
});

test('materialise() makes a machine of its own and removes it when disposed of', () => {
  let rootfs = '';
  {
    using machine = materialise('vm');
    rootfs = machine.rootfs;
    expect(readFileSync(join(machine.procfs, 'loadavg'), 'utf8')).toStartWith('0.42 ');
    expect(existsSync(join(machine.sysfs, 'class/net/eth0/device'))).toBe(true);
    expect(readdirSync(machine.udev)).toContain('b254:0');
    expect(readdirSync(machine.textfile).filter((it) => it.endsWith('.prom'))).toHaveLength(3);
  }
  expect(existsSync(rootfs)).toBe(false);
});
