import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { Files } from './files.fixture.ts';
import { udpQueues } from './udp-queues.ts';

const HEAD =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             \n';
const row = (queues: string): string =>
  `  312: 0100007F:0035 00000000:0000 07 ${queues} 00:00000000 00000000   101        0 20000 2 0000000000000000 5        \n`;

const machine = (udp?: string, udp6?: string): Files =>
  new Files({
    ...(udp === undefined ? {} : { 'proc/net/udp': udp }),
    ...(udp6 === undefined ? {} : { 'proc/net/udp6': udp6 }),
  });
const exposed = (files: Files): Exposed => new Exposed(udpQueues(files.paths));

test('udpQueues() adds up the queues of all sockets, per direction and version', () => {
  using files = machine(
    HEAD + row('0000002A:00000180') + row('00000001:FFFFFFFF') + row('00000000:ffffffff'),
    HEAD + row('00000003:00000004'),
  );
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([
    'node_udp_queues{queue="tx",ip="v4"} 43',
    `node_udp_queues{queue="rx",ip="v4"} ${0x180 + 2 * 0xffffffff}`,
    'node_udp_queues{queue="tx",ip="v6"} 3',
    'node_udp_queues{queue="rx",ip="v6"} 4',
  ]);
  files.write('proc/net/udp', HEAD + row('00000005:00000006'));
  expect(shown.sample('node').slice(0, 2)).toEqual([
    'node_udp_queues{queue="tx",ip="v4"} 5',
    'node_udp_queues{queue="rx",ip="v4"} 6',
  ]);
});

test('udpQueues() says 0 where there are no sockets, and nothing where a version is off', () => {
  using files = machine(HEAD);
  expect(exposed(files).sample('node')).toEqual([
    'node_udp_queues{queue="tx",ip="v4"} 0',
    'node_udp_queues{queue="rx",ip="v4"} 0',
  ]);
});

test('udpQueues() does not know a sum when a line is cut short', () => {
  const short = row('00000001').slice(0, 47);
  using files = machine(`${HEAD}${row('0000002A:00000180')}${short}\n`, HEAD);
  expect(exposed(files).sample('node')).toEqual([
    'node_udp_queues{queue="tx",ip="v4"} 43',
    'node_udp_queues{queue="tx",ip="v6"} 0',
    'node_udp_queues{queue="rx",ip="v6"} 0',
  ]);
  files.write('proc/net/udp', `${HEAD}  312: 0100007F:0035 00000000:0000 07\n`);
  expect(exposed(files).sample('node', 'node_udp_queues{queue="tx",ip="v4"}')).toEqual([]);
  files.write('proc/net/udp', HEAD + row('0000002A:00000180').slice(0, 60));
  expect(exposed(files).sample('node')).toEqual([
    'node_udp_queues{queue="tx",ip="v6"} 0',
    'node_udp_queues{queue="rx",ip="v6"} 0',
  ]);
});

test('udpQueues() says nothing without either file, and is no failure', () => {
  using files = machine();
  const shown = exposed(files);
  expect(shown.sample('node')).toEqual([]);
  expect(shown.registry.reports()[0]?.status).toBe('absent');
});

test('udpQueues() is absent when a file vanishes', () => {
  using files = machine(HEAD, HEAD);
  const source = udpQueues(files.paths);
  const shown = new Exposed(source);
  source.close();
  files.remove('proc/net/udp6');
  expect(shown.sample('node')).toEqual([]);
  expect(shown.complaints).toHaveLength(1);
});

test('udpQueues() adds up 65,536 sockets', () => {
  using files = machine(HEAD + row('00000001:00000002').repeat(65_536));
  expect(exposed(files).sample('node')).toEqual([
    'node_udp_queues{queue="tx",ip="v4"} 65536',
    'node_udp_queues{queue="rx",ip="v4"} 131072',
  ]);
});
