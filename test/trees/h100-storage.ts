import { type Disk, disks, diskstats } from './disk.ts';
import { md, type Raid } from './md.ts';
import { mounts, pseudoMounts } from './mounts.ts';
import { range } from './number.ts';
import { type Nvme, nvme, nvmeDisks, nvmePath } from './nvme.ts';
import { fullLink, type PciDevice, pci } from './pci.ts';
import type { Tree } from './tree.ts';

/** Two small disks for the system, six large ones for data. */
export const H100_NVMES: readonly Nvme[] = range(8).map((index) => {
  const system = index < 2;
  const root = system ? '00' : 'a7';
  return {
    index,
    device: `pci0000:${root}/0000:${root}:0${index + 1}.0/0000:${system ? '0' : 'a'}${index + 1}:00.0`,
    model: system ? 'SAMSUNG MZ1L21T9HCLS-00A07' : 'KIOXIA KCM6DRUL3T84',
    serial: `FX${4100 + index * 17}`,
    firmware: system ? 'GDC7302Q' : '0107',
    state: index === 6 ? 'resetting' : 'live',
    size: system ? 3_750_748_848 : 7_501_476_528,
    node: system ? 0 : 1,
  };
});

const DATA = H100_NVMES.slice(2);

const RAIDS: readonly Raid[] = [
  {
    name: 'md0',
    status: [
      'md0 : active raid5 nvme7n1[6](S) nvme6n1[5] nvme5n1[3] nvme4n1[2] nvme3n1[1] nvme2n1[0]',
      '      15002411008 blocks super 1.2 level 5, 512k chunk, algorithm 2 [5/4] [UUUU_]',
      '      [=====>...............]  recovery = 27.4% (1027665166/3750602752) finish=231.7min speed=195840K/sec',
      '      bitmap: 11/28 pages [44KB], 65536KB chunk',
    ],
    attributes: {
      array_state: 'active',
      chunk_size: 524_288,
      degraded: 1,
      level: 'raid5',
      metadata_version: '1.2',
      raid_disks: 5,
      sync_action: 'recover',
      sync_completed: '2055330332 / 7501205504',
      uuid: '1f0c1a52-0000-4000-8000-0000000000d0',
    },
    members: DATA.map((it, i) => [
      `${nvmePath(it)}/nvme${it.index}n1`,
      i === 5 ? 'spare' : i === 4 ? 'spare' : 'in_sync',
    ]),
  },
  {
    name: 'md1',
    status: [
      'md1 : active raid1 nvme1n1p2[1](F) nvme0n1p2[0]',
      '      936640512 blocks super 1.2 [2/1] [U_]',
    ],
    attributes: {
      array_state: 'clean',
      chunk_size: 0,
      degraded: 1,
      level: 'raid1',
      metadata_version: '1.2',
      raid_disks: 2,
      sync_action: 'idle',
      sync_completed: 'none',
      uuid: '1f0c1a52-0000-4000-8000-0000000000d1',
    },
    members: H100_NVMES.slice(0, 2).map((it) => [
      `${nvmePath(it)}/nvme${it.index}n1/nvme${it.index}n1p2`,
      it.index === 1 ? 'faulty' : 'in_sync',
    ]),
  },
];

const DISKS: readonly Disk[] = [
  { name: 'loop0', major: 7, minor: 0, path: 'virtual/block/loop0' },
  ...H100_NVMES.flatMap((it) => nvmeDisks(it, it.index * 4, it.index < 2 ? 2 : 0)),
  { name: 'md0', major: 9, minor: 0, path: 'virtual/block/md0', size: 30_004_822_016 },
  { name: 'md1', major: 9, minor: 1, path: 'virtual/block/md1', size: 1_873_281_024 },
];

/** Adds the storage of the H100 host: eight NVMe disks, two of its arrays not whole, its mounts. */
export function h100Storage(tree: Tree, host: string): void {
  pci(
    tree,
    H100_NVMES.map(
      (it): PciDevice => ({
        path: it.device,
        vendor: '0x144d',
        device: '0xa80a',
        class: '0x010802',
        node: it.node,
        driver: 'nvme',
        link: fullLink('16.0 GT/s PCIe', 4),
      }),
    ),
  );
  for (const it of H100_NVMES) nvme(tree, it);
  disks(tree, DISKS);
  diskstats(tree, host, DISKS);
  md(tree, RAIDS);
  const raid = { device: '/dev/md0', number: '9:0', type: 'xfs', optional: 'shared:61' };
  mounts(tree, [
    { device: '/dev/md1', number: '9:1', point: '/', type: 'ext4', optional: 'shared:1' },
    ...pseudoMounts(),
    { device: '/dev/nvme0n1p1', number: '259:1', point: '/boot/efi', type: 'vfat' },
    { ...raid, point: '/raid' },
    // The same once more: what is mounted twice is reported once.
    { ...raid, point: '/raid' },
    { ...raid, root: '/models', point: '/srv/model\\040store', options: 'ro,relatime' },
    {
      device: '192.0.2.10:/export/home',
      number: '0:52',
      point: '/home',
      type: 'nfs4',
      options: 'rw,relatime,vers=4.2',
      optional: 'shared:70 master:3',
    },
    { device: 'tmpfs', number: '0:53', point: '/tmp', type: 'tmpfs', options: 'rw,nosuid,nodev' },
    {
      device: 'overlay',
      number: '0:60',
      point: '/var/lib/docker/overlay2/5d1e/merged',
      type: 'overlay',
    },
    { device: 'tmpfs', number: '0:61', point: '/run/user/1000', type: 'tmpfs' },
  ]);
}
