import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { dmi } from './dmi.ts';
import { Files } from './files.fixture.ts';

const DIR = 'sys/class/dmi/id';

test('dmi() has a label for each attribute that there is, and none for the others', () => {
  using files = new Files({
    [`${DIR}/sys_vendor`]: 'NVIDIA\n',
    [`${DIR}/product_name`]: 'NVIDIA_DGX_Spark\n',
    [`${DIR}/bios_date`]: '\n',
    [`${DIR}/modalias`]: 'dmi:x\n',
  });
  expect(new Exposed(dmi(files.paths)).sample()).toEqual([
    'node_dmi_info{bios_date="",product_name="NVIDIA_DGX_Spark",system_vendor="NVIDIA"} 1',
  ]);
});

test('dmi() replaces bytes that are no text', () => {
  const name = Uint8Array.of(0x41, 0xff, 0x42, 0x0a);
  using files = new Files({ [`${DIR}/product_name`]: name });
  expect(new Exposed(dmi(files.paths)).sample()).toEqual([
    'node_dmi_info{product_name="A\uFFFDB"} 1',
  ]);
});

test('dmi() has nothing to say without firmware that speaks DMI', () => {
  using files = new Files();
  const exposed = new Exposed(dmi(files.paths));
  expect(exposed.sample()).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
});

test('dmi() leaves out an attribute that it may not or cannot read', () => {
  using files = new Files({
    // A directory: unlike a file without permissions, root cannot read it either.
    [`${DIR}/product_serial/x`]: 'S1\n',
    [`${DIR}/board_name`]: 'P4242\n',
  });
  expect(new Exposed(dmi(files.paths)).sample()).toEqual(['node_dmi_info{board_name="P4242"} 1']);
});

test('dmi() reads a fixture machine', () => {
  using files = Files.machine('spark', 'sys/class/dmi', 'sys/devices/virtual/dmi');
  const [line] = new Exposed(dmi(files.paths)).sample();
  expect(line).toContain('product_name="NVIDIA_DGX_Spark"');
});
