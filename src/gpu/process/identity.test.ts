import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessIdentities } from './identity.ts';

let root: string;
const paths = () => ({ procfs: join(root, 'proc'), rootfs: join(root, 'root') });

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'edgegauge-identity-'));
  write('proc/41/comm', 'python3: train \n');
  write('proc/41/cgroup', '0::/system.slice/train.service\n');
  write('proc/41/status', 'Name:\tpython3\nUid:\t1000\t0\t0\t0\nGid:\t7\t7\t7\t7\n');
  write('proc/42/comm', 'Xorg\n');
  write('proc/42/cgroup', '0::/\n');
  write('proc/42/status', 'Name:\tXorg\nUid:\t77\t77\t77\t77\n');
  write(
    'root/etc/passwd',
    'root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nada2:x:1000:1:::\n',
  );
});
afterAll(() => rmSync(root, { recursive: true }));

describe('ProcessIdentities', () => {
  test('of() has name and container, and no user unless asked', () => {
    expect(new ProcessIdentities(paths(), false).of(41)).toEqual({
      pid: '41',
      process: 'python3: train ',
      container: 'train.service',
    });
  });

  test('of() names the real user, or tells the uid that has no name', () => {
    const identities = new ProcessIdentities(paths(), true);
    expect(identities.of(41).user).toBe('ada');
    expect(identities.of(42)).toEqual({ pid: '42', process: 'Xorg', container: '', user: '77' });
  });

  test('of() leaves empty what /proc does not have', () => {
    expect(new ProcessIdentities(paths(), true).of(43)).toEqual({
      pid: '43',
      process: '',
      container: '',
      user: '',
    });
  });

  test('of() follows a changed passwd, and knows uids where there is none', () => {
    const identities = new ProcessIdentities(paths(), true);
    write('root/etc/passwd', 'grace:x:77:77::/:/bin/sh\n');
    expect(identities.of(42).user).toBe('grace');
    rmSync(join(root, 'root/etc/passwd'));
    expect(identities.of(41).user).toBe('1000');
  });

  test('a process is read once until it is forgotten', () => {
    const identities = new ProcessIdentities(paths(), false);
    write('proc/50/comm', 'old\n');
    const first = identities.of(50);
    write('proc/50/comm', 'new\n');
    identities.keep((pid) => pid === 50);
    expect(identities.of(50)).toBe(first);
    identities.keep(() => false);
    expect(identities.of(50).process).toBe('new');
  });

  test('say nothing where the pids of /proc are others', () => {
    const { rootfs } = paths();
    expect(new ProcessIdentities({ procfs: undefined, rootfs }, true).of(41)).toEqual({
      pid: '41',
      process: '',
      container: '',
      user: '',
    });
  });
});
