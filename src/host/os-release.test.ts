import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { os } from './os-release.ts';

const sampled = (text: string, place = 'etc/os-release'): string[] => {
  using files = new Files({ [place]: text });
  return new Exposed(os(files.paths)).sample();
};

test('os() has a label for every variable that node_exporter has one for, empty where it is not set', () => {
  expect(sampled('ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nHOME_URL=x\n')).toEqual([
    'node_os_info{build_id="",id="debian",id_like="",image_id="",image_version="",name="Debian GNU/Linux",pretty_name="",variant="",variant_id="",version="",version_codename="",version_id="12"} 1',
    'node_os_version{id="debian",id_like="",name="Debian GNU/Linux"} 12',
  ]);
});

test('os() takes major and minor from the version, and nothing where there is none', () => {
  const version = (id: string): string | undefined =>
    sampled(`VERSION_ID="${id}"\n`).find((l) => l.startsWith('node_os_version'));
  expect(version('24.04')).toEndWith(' 24.04');
  expect(version('3.19.1')).toEndWith(' 3.19');
  expect(version('9-stream')).toEndWith(' 9');
  expect(version('rolling')).toBeUndefined();
  expect(version('')).toBeUndefined();
});

test('os() says when support ends, if that is a date', () => {
  const end = (text: string): string[] =>
    sampled(`SUPPORT_END=${text}\n`).filter((l) => l.includes('support'));
  expect(end('2028-06-30')).toEqual(['node_os_support_end_timestamp_seconds 1845936000']);
  expect(end('soon')).toEqual([]);
  expect(end('2028-13-45')).toEqual([]);
});

test('os() falls back to usr/lib, and has nothing to say without either file', () => {
  expect(sampled('ID=arch\n', 'usr/lib/os-release')[0]).toContain('id="arch"');
  using files = new Files();
  const exposed = new Exposed(os(files.paths));
  expect(exposed.sample()).toEqual([]);
  expect(exposed.registry.reports()[0]?.status).toBe('absent');
});

test('os() reads a fixture machine', () => {
  using files = Files.machine('spark', 'etc/os-release');
  const lines = new Exposed(os(files.paths)).sample();
  expect(lines).toContain('node_os_version{id="ubuntu",id_like="debian",name="Ubuntu"} 24.04');
});
