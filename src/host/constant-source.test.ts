import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { NoData } from '../board/source.ts';
import { OS } from '../catalog/host/os.ts';
import { constantSource } from './constant-source.ts';

test('constantSource() repeats what it found until it looks again', () => {
  let found: number | undefined = 12;
  const source = constantSource({
    name: 'os',
    collectors: ['os'],
    look(draft, assign) {
      if (found === undefined) throw new NoData('gone');
      assign(draft.slot(OS.version, { id: 'debian', id_like: '', name: 'Debian' }), found);
    },
  });
  const exposed = new Exposed(source);
  const line = 'node_os_version{id="debian",id_like="",name="Debian"}';
  expect(exposed.sample()).toEqual([`${line} 12`]);
  found = 13;
  expect(exposed.sample()).toEqual([`${line} 12`]);
  exposed.registry.rediscover();
  expect(exposed.sample()).toEqual([`${line} 13`]);
  found = undefined;
  exposed.registry.rediscover();
  expect(exposed.sample()).toEqual([]);
});
