import { describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mount } from '../../../test/trees/mounts.ts';
import type { Guard } from '../guard.ts';
import {
  DATA,
  errors,
  expose,
  machine,
  points,
  ROOT_MOUNT,
  remount,
} from './filesystem.fixture.ts';

describe('filesystem()', () => {
  test('says of each mount what statfs says', () => {
    using disk = machine(ROOT_MOUNT, { ...DATA, options: 'ro,noatime' });
    const { blocks, bsize, files } = statfsSync(disk.root);
    const lines = expose(disk).exposed.sample();
    const labels = 'device="/dev/sdb1",device_error="",fstype="xfs",mountpoint="/data"';
    expect(lines).toContain(`node_filesystem_size_bytes{${labels}} ${blocks * bsize}`);
    expect(lines).toContain(`node_filesystem_files{${labels}} ${files}`);
    expect(lines).toContain(`node_filesystem_readonly{${labels}} 1`);
    expect(lines).toContain(`node_filesystem_device_error{${labels}} 0`);
    expect(lines).toContain(
      'node_filesystem_mount_info{device="/dev/sdb1",major="8",minor="17",mountpoint="/data"} 1',
    );
    expect(points(lines, 'node_filesystem_free_bytes')).toEqual(['/', '/data']);
    expect(points(lines, 'node_filesystem_avail_bytes')).toEqual(['/', '/data']);
    expect(points(lines, 'node_filesystem_files_free')).toEqual(['/', '/data']);
  });

  test('leaves out by default what node_exporter leaves out', () => {
    const other = (point: string, type: string): Mount => ({ ...DATA, point, type });
    using disk = machine(
      ROOT_MOUNT,
      other('/proc', 'proc'),
      other('/dev/shm', 'tmpfs'),
      other('/run', 'tmpfs'),
      other('/run/credentials/x.service', 'ramfs'),
      other('/snap/core', 'squashfs'),
      other('/var/lib/docker/overlay2/1/merged', 'ext4'),
      other('/devices', 'ext4'),
    );
    expect(points(expose(disk).exposed.sample(), 'node_filesystem_readonly')).toEqual([
      '/',
      '/run',
      '/devices',
    ]);
  });

  test('takes what is included in place of what is excluded', () => {
    using disk = machine(ROOT_MOUNT, { ...DATA, point: '/dev/data' });
    const options = { mountPointsInclude: '^/dev/', fsTypesInclude: '^xfs$' };
    expect(points(expose(disk, { options }).exposed.sample(), 'node_filesystem_readonly')).toEqual([
      '/dev/data',
    ]);
  });

  test('says why a mount point cannot be asked, and nothing more of it', () => {
    using disk = machine(ROOT_MOUNT, { ...DATA, missing: true });
    const { exposed } = expose(disk);
    const lines = exposed.sample();
    const labels =
      'device="/dev/sdb1",device_error="no such file or directory",fstype="xfs",mountpoint="/data"';
    expect(lines.filter((line) => line.includes('/data'))).toEqual([
      `node_filesystem_device_error{${labels}} 1`,
      `node_filesystem_readonly{${labels}} 0`,
    ]);
    mkdirSync(join(disk.root, 'data'));
    expect(errors(exposed.sample())[1]).toEndWith(' 0');
    rmSync(join(disk.root, 'data'), { recursive: true });
    expect(errors(exposed.sample())).toContain(`node_filesystem_device_error{${labels}} 1`);
    expect(exposed.complaints).toEqual([]);
  });

  test('follows mounts that come and go without being discovered again', () => {
    using disk = machine(ROOT_MOUNT, DATA);
    const { exposed } = expose(disk);
    remount(disk, [ROOT_MOUNT]);
    expect(points(exposed.sample(), 'node_filesystem_readonly')).toEqual(['/']);
    remount(disk, [ROOT_MOUNT, DATA]);
    expect(points(exposed.sample(), 'node_filesystem_size_bytes')).toEqual(['/', '/data']);
    remount(disk, [ROOT_MOUNT, { ...DATA, options: 'ro' }]);
    expect(exposed.sample().filter((line) => /readonly.* 1$/.test(line))).toHaveLength(1);
  });

  test('shows what is mounted over another mount, not what is under it', () => {
    using disk = machine(ROOT_MOUNT, DATA, { ...DATA, device: 'tmpfs', type: 'tmpfs' });
    expect(
      expose(disk)
        .exposed.sample()
        .filter((line) => line.includes('_info') && line.includes('/data')),
    ).toEqual([
      'node_filesystem_mount_info{device="tmpfs",major="8",minor="17",mountpoint="/data"} 1',
    ]);
  });

  test('reads mount points with spaces, and those that are not UTF-8', () => {
    using disk = machine(ROOT_MOUNT, { ...DATA, point: '/my\\040data' });
    const bytes = Buffer.concat([Buffer.from(disk.root), Buffer.from([0x2f, 0xe9])]);
    mkdirSync(bytes);
    disk.write(
      'proc/1/mountinfo',
      Buffer.from(
        '24 1 8:1 / / rw - ext4 /dev/sda1 rw\n' +
          '25 24 8:17 / /my\\040data rw - xfs /dev/sdb1 rw\n' +
          '26 24 8:18 / /\xe9 rw - xfs /dev/sdb2 rw\n',
        'latin1',
      ),
    );
    expect(points(expose(disk).exposed.sample(), 'node_filesystem_size_bytes')).toEqual([
      '/',
      '/my data',
      '/\ufffd',
    ]);
    rmSync(bytes, { recursive: true });
  });

  test("reads its own mounts where the first process's are hidden, without the root they are below", () => {
    using disk = machine(DATA);
    disk.remove('proc/1');
    const at = (point: string): string => `24 1 8:1 / ${point} rw - ext4 /dev/sda1 rw\n`;
    disk.write(
      'proc/self/mountinfo',
      at(disk.root) + at(`${disk.root}/data`) + at(`${disk.root}2/x`),
    );
    const lines = expose(disk).exposed.sample();
    expect(points(lines, 'node_filesystem_size_bytes')).toEqual(['/', '/data']);
    expect(errors(lines).at(-1)).toContain(
      `no such file or directory",fstype="ext4",mountpoint="${disk.root}2/x"`,
    );
  });

  test('has no data where there is no table of mounts, and an empty one is none', () => {
    using disk = machine(ROOT_MOUNT);
    disk.write('proc/1/mountinfo', '');
    expect(expose(disk).exposed.sample()).toEqual([]);
    disk.remove('proc/1');
    const { exposed } = expose(disk);
    expect(exposed.registry.reports()[0]?.status).toBe('absent');
  });

  test('leaves a mount alone that hung a former probe, and counts it', () => {
    using disk = machine(ROOT_MOUNT, DATA);
    const entered: string[] = [];
    const guard: Guard = {
      enter(point) {
        entered.push(point);
        return point !== '/data';
      },
      leave() {},
    };
    const { exposed } = expose(disk, { guard });
    const lines = exposed.sample();
    expect(entered).toContain('/data');
    expect(errors(lines)).toContain(
      'node_filesystem_device_error{device="/dev/sdb1",device_error="mountpoint timeout",fstype="xfs",mountpoint="/data"} 1',
    );
    expect(points(lines, 'node_filesystem_size_bytes')).toEqual(['/']);
    expect(exposed.text('native')).toContain('filesystem_mounts_stuck 1\n');
  });

  test('says as much of the same in its own words', () => {
    using disk = machine(ROOT_MOUNT);
    const { blocks, bsize } = statfsSync(disk.root);
    const { exposed } = expose(disk);
    const lines = exposed.sample('native');
    const labels = 'mountpoint="/",device="/dev/sda1",fstype="ext4"';
    expect(lines).toContain(`storage_size_bytes{${labels}} ${blocks * bsize}`);
    expect(lines).toContain(`storage_readonly{${labels}} 0`);
    expect(lines).toContain('filesystem_mounts_stuck 0');
    const used = lines.find((line) => line.startsWith(`storage_used_percent{${labels}} `));
    expect(used?.split(' ')[1]).toMatch(/^\d{1,2}(\.\d{1,6})?$/);
  });
});
