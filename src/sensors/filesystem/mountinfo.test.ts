import { describe, expect, test } from 'bun:test';
import { parseMountinfo, remotePoints, utf8 } from './mountinfo.ts';

const line = (point: string, type = 'ext4', device = '/dev/sda1'): string =>
  `36 35 8:1 / ${point} rw,relatime - ${type} ${device} rw\n`;

describe('parseMountinfo()', () => {
  test('reads every column, with no, one and several optional fields', () => {
    const text = [
      '22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro',
      '40 22 0:52 / /home ro,relatime shared:70 master:3 - nfs4 192.0.2.10:/export/home rw,vers=4.2',
      '41 22 0:53 / /tmp rw,nosuid - tmpfs tmpfs rw',
      '',
    ].join('\n');
    expect(parseMountinfo(text)).toEqual([
      {
        device: '/dev/nvme0n1p2',
        major: '259',
        minor: '2',
        point: '/',
        type: 'ext4',
        readonly: false,
      },
      {
        device: '192.0.2.10:/export/home',
        major: '0',
        minor: '52',
        point: '/home',
        type: 'nfs4',
        readonly: true,
      },
      { device: 'tmpfs', major: '0', minor: '53', point: '/tmp', type: 'tmpfs', readonly: false },
    ]);
  });

  test('undoes the octal escapes of a mount point, each once', () => {
    const points = [
      '/a\\040b',
      '/tab\\011',
      '/new\\012line',
      '/back\\134040slash',
      '/plain\\9',
      '/hash\\043',
    ];
    const mounts = parseMountinfo(points.map((point) => line(point)).join(''));
    expect(mounts.map((m) => m.point)).toEqual([
      '/a b',
      '/tab\t',
      '/new\nline',
      '/back\\040slash',
      '/plain\\9',
      '/hash#',
    ]);
  });

  test('leaves the device as the kernel writes it', () => {
    expect(parseMountinfo(line('/m', 'cifs', '//nas/my\\040share'))[0]?.device).toBe(
      '//nas/my\\040share',
    );
  });

  test('keeps the bytes of a path that is not UTF-8', () => {
    const bytes = Buffer.from([0x2f, 0xe9, 0xff]).toString('latin1');
    const [mount] = parseMountinfo(line(bytes));
    expect(Buffer.from(mount?.point ?? '', 'latin1')).toEqual(Buffer.from([0x2f, 0xe9, 0xff]));
    expect(utf8(mount?.point ?? '')).toBe('/\ufffd\ufffd');
  });

  test('takes the last of several mounts on one point, which is the one that can be seen', () => {
    const text = `${line('/raid', 'xfs', '/dev/md0')}${line('/x')}${line('/raid', 'tmpfs', 'none')}`;
    expect(parseMountinfo(text).map((m) => [m.point, m.type])).toEqual([
      ['/x', 'ext4'],
      ['/raid', 'tmpfs'],
    ]);
  });

  test('keeps two mounts of one device on two points', () => {
    expect(parseMountinfo(line('/a') + line('/b')).map((m) => m.point)).toEqual(['/a', '/b']);
  });

  for (const [options, superOptions] of [
    ['ro,relatime', 'rw'],
    ['rw', 'ro,errors=remount-ro'],
    ['rw', 'rw,emergency_ro'],
  ]) {
    test(`says that a mount with ${options} and ${superOptions} is read-only`, () => {
      const text = `36 35 8:1 / /m ${options} - ext4 /dev/sda1 ${superOptions}\n`;
      expect(parseMountinfo(text)[0]?.readonly).toBe(true);
    });
  }

  test('takes no option for ro that only contains it', () => {
    const text = '36 35 8:1 / /m rw,errors=remount-ro - ext4 /dev/sda1 rw,prjquota,ro_x\n';
    expect(parseMountinfo(text)[0]?.readonly).toBe(false);
  });

  test('leaves out lines that are not whole', () => {
    const whole = line('/whole').trimEnd();
    const cut = whole.split(' ').map((_, i, words) => words.slice(0, i).join(' '));
    expect(parseMountinfo([...cut, 'nonsense', whole].join('\n')).map((m) => m.point)).toEqual([
      '/whole',
    ]);
  });

  test('is not misled by a dash among the fields before the optional ones', () => {
    const [mount] = parseMountinfo('36 35 0:40 - /m rw - tmpfs - rw\n');
    expect([mount?.point, mount?.device]).toEqual(['/m', '-']);
  });
});

describe('remotePoints()', () => {
  const remote = (...mounts: [string, string][]): string[] => [
    ...remotePoints(parseMountinfo(mounts.map(([point, type]) => line(point, type)).join(''))),
  ];

  for (const type of [
    'nfs',
    'nfs4',
    'cifs',
    'smb3',
    'fuse',
    'fuse.sshfs',
    'fuseblk',
    '9p',
    'ceph',
  ]) {
    test(`holds ${type} to be remote`, () => expect(remote(['/m', type])).toEqual(['/m']));
  }

  for (const type of ['ext4', 'xfs', 'btrfs', 'tmpfs', 'zfs', 'fusectl', 'nfsd', 'rpc_pipefs']) {
    test(`holds ${type} to be local`, () => expect(remote(['/m', type])).toEqual([]));
  }

  test('adds what lies below a remote mount, however deep, and nothing beside it', () => {
    const mounts: [string, string][] = [
      ['/', 'ext4'],
      ['/srv/nas', 'nfs4'],
      ['/srv/nas/disk', 'ext4'],
      ['/srv/nas/a/b/c', 'tmpfs'],
      ['/srv/nas2', 'ext4'],
      ['/srv', 'xfs'],
    ];
    expect(remote(...mounts)).toEqual(['/srv/nas', '/srv/nas/disk', '/srv/nas/a/b/c']);
  });

  test('holds everything to be remote on a machine whose root is', () => {
    expect(remote(['/', 'nfs'], ['/boot', 'ext4'])).toEqual(['/', '/boot']);
  });
});
