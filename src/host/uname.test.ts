import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { uname } from './uname.ts';
import { utsname } from './utsname.ts';

const PATHS = { procfs: '/nowhere', sysfs: '/nowhere', rootfs: '/nowhere' };
const said = async (flag: string): Promise<string> => {
  const child = Bun.spawn(['uname', flag]);
  return (await child.stdout.text()).trimEnd();
};

test('utsname() says what the uname command says', async () => {
  const name = utsname();
  expect(name).toEqual({
    sysname: await said('-s'),
    release: await said('-r'),
    version: await said('-v'),
    machine: await said('-m'),
    nodename: await said('-n'),
    domainname: expect.any(String),
  });
});

test('uname() is one series, whatever --path.procfs says', () => {
  const name = { ...utsname(), nodename: 'a "quoted" host', domainname: '(none)' };
  const [line, ...others] = new Exposed(uname(PATHS, () => name)).sample();
  expect(line).toStartWith(`node_uname_info{sysname="${name.sysname}",release="`);
  expect(line).toEndWith(',nodename="a \\"quoted\\" host",domainname="(none)"} 1');
  expect(others).toEqual([]);
});
