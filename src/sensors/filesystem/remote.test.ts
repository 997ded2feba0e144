import { describe, expect } from 'bun:test';
import type { Exposed } from '../../../test/exposed.ts';
import { testWith } from '../../../test/parts.ts';
import { both, type Series } from '../compare.fixture.ts';
import { UNGUARDED } from '../guard.ts';
import { OnDisk } from '../tree.fixture.ts';
import { Asker } from './asker.ts';
import {
  DATA,
  errors,
  expose,
  fuseMachine,
  points,
  ROOT_MOUNT,
  remount,
} from './filesystem.fixture.ts';
import { FILESYSTEM_DEFAULTS, filesystem } from './filesystem.ts';

const FUSE = 'device="hangfs",device_error="",fstype="fuse.hangfs",mountpoint="/data"';
const FUSE_STUCK =
  'node_filesystem_device_error{device="hangfs",device_error="mountpoint timeout",fstype="fuse.hangfs",mountpoint="/data"} 1';

/** Samples until the page has (or no longer has) the line. */
async function until(exposed: Exposed, line: string, there = true): Promise<string[]> {
  for (;;) {
    const lines = exposed.sample();
    if (lines.includes(line) === there) return lines;
    await Bun.sleep(1);
  }
}

describe('filesystem() with a file system that need not answer', () => {
  testWith(['fuse'], 'asks it in the background and shows the last answer', async () => {
    await using at = await fuseMachine();
    const { source, exposed } = expose(at.disk);
    expect(points(exposed.sample(), 'node_filesystem_size_bytes')).toEqual(['/']);
    await source.settled();
    const lines = exposed.sample();
    // node_exporter multiplies with the block size, here four times the fragment size.
    expect(lines).toContain(`node_filesystem_size_bytes{${FUSE}} 4096000000`);
    expect(lines).toContain(`node_filesystem_free_bytes{${FUSE}} 2457600000`);
    expect(lines).toContain(`node_filesystem_avail_bytes{${FUSE}} 2048000000`);
    expect(lines).toContain(`node_filesystem_files{${FUSE}} 2000`);
    expect(lines).toContain(`node_filesystem_files_free{${FUSE}} 1500`);
    expect(lines).toContain(`node_filesystem_device_error{${FUSE}} 0`);
    const native = exposed.text('native');
    const labels = 'mountpoint="/data",device="hangfs",fstype="fuse.hangfs"';
    expect(native).toContain(`storage_size_bytes{${labels}} 1024000000\n`);
    expect(native).toContain(`storage_available_bytes{${labels}} 512000000\n`);
    expect(native).toContain(`storage_used_percent{${labels}} 44.444444\n`);
  });

  testWith(['fuse'], 'withdraws an answer that was not renewed in three samples', async () => {
    await using at = await fuseMachine();
    const { source, exposed } = expose(at.disk);
    await source.settled();
    await at.fs.hold('statfs');
    const size = `node_filesystem_size_bytes{${FUSE}} 4096000000`;
    expect(exposed.sample()).toContain(size);
    await at.fs.held('statfs');
    expect(exposed.sample()).toContain(size);
    expect(exposed.sample()).toContain(size);
    const after = exposed.sample();
    expect(after).not.toContain(size);
    expect(after).toContain(`node_filesystem_readonly{${FUSE}} 0`);
    expect(errors(after)).toHaveLength(1);
    await at.fs.free();
  });

  testWith(
    ['fuse'],
    'says that it is stuck, asks it no more, and takes it back when it answers',
    async () => {
      await using at = await fuseMachine();
      await at.fs.hold('statfs');
      const { source, exposed } = expose(at.disk, { options: { mountTimeout: 30 } });
      await at.fs.held('statfs');
      const lines = await until(exposed, FUSE_STUCK);
      expect(points(lines, 'node_filesystem_size_bytes')).toEqual(['/']);
      expect(points(lines, 'node_filesystem_mount_info')).toEqual(['/']);
      expect(exposed.text('native')).toContain('filesystem_mounts_stuck 1\n');
      for (let i = 0; i < 10; i++) expect(exposed.sample()).toContain(FUSE_STUCK);
      await at.fs.free();
      await source.settled();
      await until(exposed, `node_filesystem_size_bytes{${FUSE}} 4096000000`);
      // Had it been asked again meanwhile, the program would have said so.
      expect(await Promise.race([at.fs.held('statfs'), 'once'])).toBe('once');
      expect(exposed.text('native')).toContain('filesystem_mounts_stuck 0\n');
    },
  );

  testWith(['fuse'], 'says why it does not answer', async () => {
    await using at = await fuseMachine();
    await at.fs.fail(116);
    const { source, exposed } = expose(at.disk);
    await source.settled();
    expect(errors(exposed.sample())[1]).toContain('device_error="stale NFS file handle"');
    expect(exposed.complaints).toEqual([]);
  });

  testWith(
    ['fuse'],
    'asks a local file system in the background when a remote one leads there',
    async () => {
      await using at = await fuseMachine();
      remount(at.disk, [
        ROOT_MOUNT,
        { ...DATA, type: 'fuse.hangfs', device: 'hangfs' },
        { ...DATA, point: '/data/disk', number: '8:18' },
      ]);
      const asked: string[] = [];
      const asker = new Asker(9, (path) => {
        asked.push(path.toString());
        return Promise.reject(new Error('EIO: unknown error'));
      });
      expose(at.disk, { asker });
      expect(asked).toEqual([`${at.disk.root}/data`, `${at.disk.root}/data/disk`]);
    },
  );
});

describe('filesystem() and node_exporter', () => {
  /** Debian's package leaves out more by default. */
  const flag = `--collector.filesystem.mount-points-exclude=${FILESYSTEM_DEFAULTS.mountPointsExclude}`;

  const compare = (program: string, disk: OnDisk): ReturnType<typeof both> => {
    const source = filesystem(disk.paths, UNGUARDED);
    return both(program, 'filesystem', disk.paths, source, [flag], () => source.settled());
  };

  /** Without what other programs change on this disk meanwhile. */
  const still = (series: Series): Series =>
    Object.fromEntries(
      Object.entries(series).filter(([key]) => !/_(free|avail)_bytes|_files_free/.test(key)),
    );

  for (const name of ['vm', 'h100', 'spark'] as const) {
    testWith(['nodeExporter'], `agree on ${name}`, async ({ nodeExporter }) => {
      using disk = OnDisk.machine(name, 'proc/1/mountinfo', 'data', 'raid', 'srv', 'home', 'boot');
      const { theirs, ours } = await compare(nodeExporter, disk);
      expect(still(ours)).toEqual(still(theirs));
      expect(Object.keys(ours)).toHaveLength(Object.keys(theirs).length);
      expect(Object.keys(theirs).length).toBeGreaterThan(15);
    });
  }

  testWith(['nodeExporter', 'fuse'], 'agree on numbers of each kind', async ({ nodeExporter }) => {
    await using at = await fuseMachine();
    remount(at.disk, [{ ...DATA, device: 'hangfs', type: 'fuse.hangfs' }]);
    const { theirs, ours } = await compare(nodeExporter, at.disk);
    expect(ours).toEqual(theirs);
    expect(Object.keys(theirs)).toHaveLength(8);
  });
});
