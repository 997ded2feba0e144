import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { host } from './host.ts';

const kernel = {
  sysname: 'Linux',
  release: '6.17.0-1026-nvidia',
  version: '#26',
  machine: 'aarch64',
  nodename: 'spark-1',
  domainname: '(none)',
};
const sampled = (contents: Readonly<Record<string, string>>): string => {
  using files = new Files(contents);
  return new Exposed(host(files.paths, () => kernel)).sample('native').join('\n');
};
const platform = (contents: Readonly<Record<string, string>>): string | undefined =>
  /platform="([^"]*)"/.exec(sampled(contents))?.[1];
const DMI = 'sys/class/dmi/id';

test('host() puts kernel, system and firmware into one line', () => {
  const line = sampled({
    'etc/os-release': 'PRETTY_NAME="Ubuntu 24.04.4 LTS"\n',
    [`${DMI}/sys_vendor`]: 'NVIDIA\n',
    [`${DMI}/product_name`]: 'NVIDIA_DGX_Spark\n',
  });
  expect(line).toBe(
    'host_info{hostname="spark-1",kernel="6.17.0-1026-nvidia",os="Ubuntu 24.04.4 LTS",arch="aarch64",vendor="NVIDIA",product="NVIDIA_DGX_Spark",platform="dgx-spark"} 1',
  );
});

test('host() knows a DGX Spark by its firmware or its release file, and other DGX by the latter', () => {
  expect(platform({ [`${DMI}/product_name`]: 'NVIDIA_DGX_Spark\n' })).toBe('dgx-spark');
  expect(platform({ [`${DMI}/product_family`]: 'DGX Spark\n' })).toBe('dgx-spark');
  expect(platform({ 'etc/dgx-release': 'DGX_NAME="DGX Spark"\n' })).toBe('dgx-spark');
  expect(platform({ 'etc/dgx-release': 'DGX_NAME="DGX Server"\n' })).toBe('dgx');
  expect(platform({ [`${DMI}/product_name`]: 'SparkBox 9\n' })).toBe('');
});

test('host() leaves labels empty that nothing on the machine tells', () => {
  expect(sampled({})).toBe(
    'host_info{hostname="spark-1",kernel="6.17.0-1026-nvidia",os="",arch="aarch64",vendor="",product="",platform=""} 1',
  );
});

test('host() reads the fixture machines', () => {
  const of = (name: 'vm' | 'spark'): string => {
    using files = Files.machine(name, 'etc', 'sys/class/dmi', 'sys/devices/virtual/dmi');
    return new Exposed(host(files.paths, () => kernel)).sample('native').join('\n');
  };
  expect(of('spark')).toContain('platform="dgx-spark"');
  expect(of('vm')).toContain('platform=""');
});
