import { expect, test } from 'bun:test';
import { hasOwnPids } from './pid-namespace.ts';

const HERE = { procfs: '/proc', sysfs: '/sys' };
const machine = () => 'pid:[4026531836]';
const container = () => 'pid:[4026532651]';

test('a container has pids of its own, unless the /proc of the machine is mounted into it', () => {
  expect(hasOwnPids(HERE, container)).toBe(true);
  expect(hasOwnPids(HERE, machine)).toBe(false);
  expect(hasOwnPids({ procfs: '/host/proc', sysfs: '/host/sys' }, container)).toBe(false);
  expect(hasOwnPids({ procfs: '/host/proc', sysfs: '/sys' }, container)).toBe(false);
});

test('what cannot be found out is taken to be so as it mostly is', () => {
  const unreadable = () => {
    throw new Error('EACCES');
  };
  expect(hasOwnPids(HERE, unreadable)).toBe(false);
});
