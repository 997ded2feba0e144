import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { bonding } from './bonding.ts';
import { UNGUARDED } from './guard.ts';
import { OnDisk } from './tree.fixture.ts';

const NET = 'sys/class/net';
const state = (slave: string): string => `${NET}/bond0/lower_${slave}/bonding_slave/mii_status`;
const bond = (): OnDisk =>
  new OnDisk(
    new Map([
      [`${NET}/bonding_masters`, 'bond0\n'],
      [`${NET}/bond0/bonding/slaves`, 'eno1 eno2\n'],
      [state('eno1'), 'up\n'],
      [state('eno2'), 'down\n'],
    ]),
  );
const expose = (disk: OnDisk): Exposed => new Exposed(bonding(disk.paths, UNGUARDED));

test('bonding() counts the interfaces of a bond and those that are up', () => {
  using disk = bond();
  const exposed = expose(disk);
  expect(exposed.sample()).toEqual([
    'node_bonding_active{master="bond0"} 1',
    'node_bonding_slaves{master="bond0"} 2',
  ]);
  expect(exposed.sample('native')).toEqual([
    'network_bond_interfaces{master="bond0"} 2',
    'network_bond_interfaces_up{master="bond0"} 1',
  ]);
  disk.write(state('eno2'), 'up\n');
  expect(exposed.sample('node', 'node_bonding_active')).toEqual([
    'node_bonding_active{master="bond0"} 2',
  ]);
});

test('bonding() follows the interfaces that are taken out and put in', () => {
  using disk = bond();
  const exposed = expose(disk);
  exposed.sample();
  disk.write(`${NET}/bond0/bonding/slaves`, 'eno2\n');
  expect(exposed.sample()).toEqual([
    'node_bonding_active{master="bond0"} 0',
    'node_bonding_slaves{master="bond0"} 1',
  ]);
});

test('bonding() knows the links of older kernels', () => {
  using disk = bond();
  disk.remove(`${NET}/bond0/lower_eno1`);
  disk.write(`${NET}/bond0/slave_eno1/bonding_slave/mii_status`, 'up\n');
  expect(expose(disk).sample()).toContain('node_bonding_active{master="bond0"} 1');
});

test('bonding() does not say how many are up when one does not tell', () => {
  using disk = bond();
  disk.breakFile(state('eno1'));
  expect(expose(disk).sample()).toEqual(['node_bonding_slaves{master="bond0"} 2']);
});

test('bonding() has no series for a bond that is gone, and is without data without the driver', () => {
  using disk = bond();
  const exposed = expose(disk);
  exposed.sample();
  disk.remove(`${NET}/bond0`);
  disk.write(`${NET}/bonding_masters`, '\n');
  expect(exposed.sample()).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('ok');
  disk.remove(`${NET}/bonding_masters`);
  exposed.registry.rediscover();
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
});
