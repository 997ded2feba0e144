import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { dgx } from './dgx.ts';
import { Files } from './files.fixture.ts';

const FILE = 'etc/dgx-release';

test('dgx() names release and last update, and keeps the serial number to itself', () => {
  using files = new Files({
    [FILE]: `DGX_NAME="DGX Server"
DGX_PRETTY_NAME="NVIDIA DGX Server"
DGX_SWBUILD_DATE="2025-03-01-10-00-00"
DGX_SWBUILD_VERSION="7.0.2"
DGX_PLATFORM="DGX Server for DGX H100"
DGX_SERIAL_NUMBER="SECRET1"

DGX_OTA_VERSION="7.1.0"
DGX_OTA_DATE="Mon 01 Sep 2025"

DGX_OTA_VERSION="7.2.0"
DGX_OTA_DATE="Tue 02 Dec 2025"
`,
  });
  const exposed = new Exposed(dgx(files.paths));
  expect(exposed.sample('native')).toEqual([
    'dgx_release_info{name="DGX Server",pretty_name="NVIDIA DGX Server",platform="DGX Server for DGX H100",build_version="7.0.2",build_date="2025-03-01-10-00-00",ota_version="7.2.0",ota_date="Tue 02 Dec 2025"} 1',
  ]);
  expect(exposed.sample('node')).toEqual([]);
});

test('dgx() has nothing to say of a machine that is no DGX', () => {
  using files = new Files();
  const exposed = new Exposed(dgx(files.paths));
  expect(exposed.sample('native')).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
});

test('dgx() leaves labels empty that an unfinished file does not give', () => {
  using files = new Files({ [FILE]: 'DGX_NAME="DGX Spark"\nDGX_PRETTY_NAME="NVID' });
  expect(new Exposed(dgx(files.paths)).sample('native')).toEqual([
    'dgx_release_info{name="DGX Spark",pretty_name="",platform="",build_version="",build_date="",ota_version="",ota_date=""} 1',
  ]);
});

test('dgx() reads a fixture machine', () => {
  using files = Files.machine('spark', FILE);
  const [line] = new Exposed(dgx(files.paths)).sample('native');
  expect(line).toContain('name="DGX Spark"');
  expect(line).toContain('ota_version="7.4.0"');
});
