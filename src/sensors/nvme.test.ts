import { describe, expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { testWith } from '../../test/parts.ts';
import { nvme as disk, type Nvme, nvmePath } from '../../test/trees/nvme.ts';
import type { Tree } from '../../test/trees/tree.ts';
import { both } from './compare.fixture.ts';
import { type Guard, UNGUARDED } from './guard.ts';
import { nvme } from './nvme.ts';
import { OnDisk } from './tree.fixture.ts';

const DISK: Nvme = {
  index: 0,
  device: 'pci0000:00/0000:01:00.0',
  model: 'SAMSUNG "X" 4TB',
  serial: 'FX1',
  firmware: '5.0',
  state: 'live',
  size: 1000,
  node: -1,
};
const SECOND: Nvme = { ...DISK, index: 10, device: 'pci0000:00/0000:02:00.0', serial: 'FX2' };

const machine = (...disks: readonly Nvme[]): OnDisk =>
  OnDisk.built((tree: Tree) => {
    for (const it of disks) disk(tree, it);
  });

const expose = (at: OnDisk, guard: Guard = UNGUARDED): Exposed =>
  new Exposed(nvme(at.paths, guard));

const line = (device: string, serial: string, state = 'live'): string =>
  `node_nvme_info{device="${device}",firmware_revision="5.0",model="SAMSUNG \\"X\\" 4TB",serial="${serial}",state="${state}"} 1`;

describe('nvme()', () => {
  test('says what each controller says, without the blanks it pads with', () => {
    using at = machine(SECOND, DISK);
    const exposed = expose(at);
    expect(exposed.sample()).toEqual([line('nvme0', 'FX1'), line('nvme10', 'FX2')]);
    expect(exposed.text('native')).toContain('nvme_info{device="nvme0",');
  });

  test('follows the state of a controller without being discovered again', () => {
    using at = machine(DISK);
    const exposed = expose(at);
    at.write(`sys/devices/${nvmePath(DISK)}/state`, 'resetting\n');
    expect(exposed.sample()).toEqual([line('nvme0', 'FX1', 'resetting')]);
  });

  test('leaves the label of an attribute empty that cannot be read', () => {
    using at = machine(DISK);
    at.breakFile(`sys/devices/${nvmePath(DISK)}/state`);
    expect(expose(at).sample()).toEqual([line('nvme0', 'FX1', '')]);
  });

  test('drops a controller that vanishes, and finds one that is plugged in', () => {
    using at = machine(DISK, SECOND);
    const exposed = expose(at);
    at.remove('sys/class/nvme/nvme10');
    at.remove(`sys/devices/${nvmePath(SECOND)}`);
    expect(exposed.sample()).toEqual([line('nvme0', 'FX1')]);
    const tree: Tree = new Map();
    disk(tree, SECOND);
    at.add(tree);
    exposed.registry.rediscover();
    expect(exposed.sample()).toHaveLength(2);
    expect(exposed.complaints).toEqual([]);
  });

  test('makes a controller absent that hung a former probe', () => {
    using at = machine(DISK, SECOND);
    const guard: Guard = { enter: (path) => !path.endsWith('/nvme0'), leave() {} };
    expect(expose(at, guard).sample()).toEqual([line('nvme10', 'FX2')]);
  });

  test('has no data without the class', () => {
    using at = new OnDisk(new Map());
    expect(expose(at).registry.reports()[0]?.status).toBe('absent');
  });

  for (const name of ['h100', 'spark'] as const) {
    testWith(['nodeExporter'], `agrees with node_exporter on ${name}`, async ({ nodeExporter }) => {
      using at = OnDisk.machine(name, 'sys/class/nvme', 'sys/devices/pci');
      const { theirs, ours } = await both(
        nodeExporter,
        'nvme',
        at.paths,
        nvme(at.paths, UNGUARDED),
      );
      expect(ours).toEqual(theirs);
      expect(Object.keys(theirs).length).toBeGreaterThan(0);
    });
  }
});
