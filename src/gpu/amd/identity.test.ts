import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { amdMachines } from '../../../test/trees/amd.ts';
import { type Materialised, materialiseTree } from '../../../test/trees/write.ts';
import { findCards } from './cards.ts';
import { driverLabels, driverVersion, identify, rocmVersion } from './identity.ts';
import { kfdTopology } from './kfd.ts';
import { marketingName } from './marketing-name.ts';

const made: Materialised[] = [];
const materialised = (name: keyof typeof amdMachines): Materialised => {
  const tree = materialiseTree(amdMachines[name](new Map()), name);
  made.push(tree);
  return tree;
};
afterAll(() => {
  for (const tree of made) tree[Symbol.dispose]();
});

describe('cards', () => {
  let tree: Materialised;
  beforeAll(() => {
    tree = materialised('amd');
  });

  test('are those of amdgpu, in the order of their addresses', () => {
    const cards = findCards(tree.sysfs);
    expect(cards.map(({ address, minor }) => [address, minor])).toEqual([
      ['0000:05:00.0', 2],
      ['0000:26:00.0', 1],
      ['0000:c3:00.0', 0],
    ]);
    expect(cards[0]?.hwmon).toEndWith('/0000:05:00.0/hwmon/hwmon5');
  });

  test('of another driver are none', () => {
    expect(findCards(materialised('radeon').sysfs)).toHaveLength(1);
    const none = materialiseTree(new Map([['sys/class/drm/version', 'drm 1.1.0\n']]), 'none');
    made.push(none);
    expect(findCards(none.sysfs)).toEqual([]);
    expect(findCards('/nonexistent')).toEqual([]);
  });
});

describe('what a GPU is', () => {
  const of = (name: keyof typeof amdMachines) => {
    const { sysfs, rootfs } = materialised(name);
    const [card] = findCards(sysfs);
    if (card === undefined) throw new Error('no card');
    const nodes = kfdTopology(sysfs).get(card.address) ?? [];
    return identify(card, 0, nodes, { rootfs, driver: '6.10.5', host: { hostname: 'node1' } });
  };

  test('it says itself', () => {
    expect(of('mi300x').info).toEqual({
      device: '0',
      uuid: 'GPU-a1b2c3d400000a10',
      name: 'AMD Instinct MI300X OAM',
      pci_bus_id: '00000000:05:00.0',
      minor: 'card2',
      driver: '6.10.5',
      hostname: 'node1',
      shared: 'no',
      vendor: 'amd',
      architecture: 'gfx942',
      serial: '692317000',
      part_number: '102-G30211-00',
      vbios_version: '113-M3000100-102',
      numa_node: '0',
    });
  });

  test('without a name of its own is told by the lists of the distribution', () => {
    expect(of('radeon').facts.name).toBe('AMD Radeon RX 7900 XTX');
    expect(of('apu').facts.name).toBe('Phoenix1');
  });

  test('without a number of its own is known by its place', () => {
    expect(of('apu').facts.uuid).toBe('PCI-0000:c4:00.0');
  });
});

test('versions are told as far as they are known', () => {
  const tree = materialised('mi300x');
  expect(driverVersion(tree.sysfs)).toBe('6.10.5');
  expect(rocmVersion(tree.rootfs)).toBeUndefined();
  mkdirSync(join(tree.rootfs, 'opt/rocm/.info'), { recursive: true });
  writeFileSync(join(tree.rootfs, 'opt/rocm/.info/version'), '6.1.2-90\n');
  expect(driverLabels('6.10.5', undefined, rocmVersion(tree.rootfs))).toEqual({
    vendor: 'amd',
    driver_version: '6.10.5',
    compute_version: '6.1.2',
  });
});

test('a name that no list has is not known', () => {
  const { rootfs } = materialised('radeon');
  expect(marketingName(rootfs, { device: '9999', revision: '00' })).toBeUndefined();
  expect(marketingName('/nonexistent', { device: '744c', revision: 'c8' })).toBeUndefined();
  // Of a revision that libdrm does not know.
  expect(marketingName(rootfs, { device: '744c', revision: 'ff' })).toBe(
    'Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M',
  );
});

test('the nodes of a GPU that is cut into partitions are all its own', () => {
  const tree = materialiseTree(new Map(), 'kfd');
  made.push(tree);
  const nodes = join(tree.sysfs, 'class/kfd/kfd/topology/nodes');
  const location = (0x05 << 8) | 0;
  for (const [partition, id] of [
    [0, 101],
    [1, 102],
    [7, 108],
  ] as const) {
    mkdirSync(join(nodes, String(partition + 1)), { recursive: true });
    writeFileSync(join(nodes, String(partition + 1), 'gpu_id'), `${id}\n`);
    writeFileSync(
      join(nodes, String(partition + 1), 'properties'),
      `location_id ${location + partition * 2 ** 28}\ndomain 0\ngfx_target_version 90010\n`,
    );
  }
  const found = kfdTopology(tree.sysfs).get('0000:05:00.0');
  expect(found?.map(({ id }) => id)).toEqual(['101', '102', '108']);
  expect(found?.[0]?.architecture).toBe('gfx90a');
});
