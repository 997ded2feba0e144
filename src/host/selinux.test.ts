import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { selinux } from './selinux.ts';

const ENFORCE = 'sys/fs/selinux/enforce';
const CONFIG = 'etc/selinux/config';
const machine = (enforce: string, config: string): Files =>
  new Files({ [ENFORCE]: enforce, [CONFIG]: config });

test('selinux() says that it is off where there is no selinuxfs, whatever the configuration wishes', () => {
  using files = new Files({ [CONFIG]: 'SELINUX=enforcing\n' });
  const exposed = new Exposed(selinux(files.paths));
  expect(exposed.sample()).toEqual(['node_selinux_enabled 0']);
});

test('selinux() tells the mode of now at each sample, and that of the next start', () => {
  using files = machine('1', '# a comment\nSELINUX=enforcing\nSELINUXTYPE=targeted\n');
  const exposed = new Exposed(selinux(files.paths));
  expect(exposed.sample()).toEqual([
    'node_selinux_config_mode 1',
    'node_selinux_current_mode 1',
    'node_selinux_enabled 1',
  ]);
  files.write(ENFORCE, '0');
  expect(exposed.sample()).toContain('node_selinux_current_mode 0');
});

test.each([
  ['SELINUX=permissive\n', 'node_selinux_config_mode 0'],
  ['SELINUX=Disabled', 'node_selinux_config_mode -1'],
])('selinux() reads the configuration %j', (config, line) => {
  using files = machine('0', config);
  expect(new Exposed(selinux(files.paths)).sample()).toContain(line);
});

test('selinux() leaves out a mode that is none, and one that is not said', () => {
  for (const [enforce, config] of [
    ['', ''],
    ['10', 'SELINUX=maybe\n'],
    ['x', '#SELINUX=enforcing\n'],
  ] as const) {
    using files = machine(enforce, config);
    expect(new Exposed(selinux(files.paths)).sample()).toEqual(['node_selinux_enabled 1']);
  }
});
