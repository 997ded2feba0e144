import { describe, expect, test } from 'bun:test';
import { UNGUARDED } from '../../board/guard.ts';
import { ENGINES } from '../engines/index.ts';
import { Discovery } from './discover.ts';
import { ANY, type FakeProcess, fakeProc, LOOPBACK, listening } from './proc.fixture.ts';

function look(
  processes: readonly FakeProcess[],
  tcp: readonly string[],
  guard = UNGUARDED,
  elsewhere = false,
) {
  using proc = fakeProc(processes, tcp);
  return new Discovery({ procfs: proc.path, engines: ENGINES, guard, elsewhere }).look();
}

const VLLM: FakeProcess = {
  pid: 20,
  command: ['/usr/bin/python3', '/usr/bin/vllm', 'serve', 'a/b', '--port', '8001'],
};
const found = {
  engine: 'vllm',
  url: 'http://127.0.0.1:8001',
  model: 'a/b',
  process: { pid: 20, startTime: 100 },
};
const foundEverywhere = { ...found, process: { ...found.process, everywhere: true } } as const;

describe('a server is found where its command line says, if somebody listens there', () => {
  test('on the loopback address', () => {
    expect(look([VLLM], [listening(LOOPBACK, 8001, 7)]).targets).toEqual([found]);
  });
  test('on every address', () => {
    expect(look([VLLM], [listening(ANY, 8001, 7)]).targets).toEqual([foundEverywhere]);
  });
  test('by a socket of a child, where sockets may be seen', () => {
    const child = { pid: 21, parent: 20, command: ['VLLM::ApiServer'], sockets: [7] };
    expect(look([{ ...VLLM, sockets: [] }, child], [listening(LOOPBACK, 8001, 7)]).targets).toEqual(
      [found],
    );
  });
  test('on its only port, where it says none and has one', () => {
    const server = { pid: 20, command: ['llama-server'], sockets: [9] };
    const { targets } = look(
      [server],
      [listening(LOOPBACK, 8080, 7), listening(LOOPBACK, 9999, 9)],
    );
    expect(targets.map((t) => t.url)).toEqual(['http://127.0.0.1:9999']);
  });
  test('on its own only port, whatever its workers listen on', () => {
    const server = { pid: 20, command: ['/usr/bin/ollama', 'serve'], sockets: [9, 10] };
    const runner = { pid: 21, parent: 20, command: ['/usr/bin/ollama', 'runner'], sockets: [11] };
    const { targets } = look(
      [server, runner],
      [
        listening(LOOPBACK, 9999, 9),
        listening('0'.repeat(32), 9999, 10),
        listening(LOOPBACK, 40001, 11),
      ],
    );
    expect(targets.map((t) => t.url)).toEqual(['http://127.0.0.1:9999']);
  });
  test('by a socket of its user, where sockets may not be seen', () => {
    const server = { ...VLLM, uid: 1000 };
    const port = (uid: number) => [listening(LOOPBACK, 8001, 7, '0A', uid)];
    expect(look([server], port(1000)).targets).toEqual([found]);
    // It may have been root when it made it.
    expect(look([server], port(0)).targets).toEqual([found]);
    expect(look([server], port(1001)).targets).toEqual([]);
  });
});

test('a server with a launcher is the launcher and all that it started', () => {
  const launcher = {
    pid: 1,
    parent: 0,
    command: ['text-generation-launcher', '--model-id', 'a/b'],
  };
  const shard = { pid: 2, parent: 1, command: ['python3', 'text-generation-server', 'serve'] };
  const router = { pid: 3, parent: 1, command: ['text-generation-router', '--port', '80'] };
  const { targets } = look([launcher, shard, router], [listening(LOOPBACK, 80, 7)]);
  expect(targets).toEqual([
    {
      engine: 'tgi',
      url: 'http://127.0.0.1:80',
      model: 'a/b',
      process: { pid: 1, startTime: 100 },
    },
  ]);
});

describe('a server is not asked, and it is known why', () => {
  const reason = (processes: readonly FakeProcess[], ...tcp: string[]) => {
    const { targets, unasked } = look(processes, tcp);
    expect(targets).toEqual([]);
    return unasked;
  };
  test('that listens elsewhere', () => {
    expect(reason([VLLM], listening('0500000A', 8001, 7))).toEqual([
      {
        engine: 'vllm',
        pid: 20,
        reason: 'it listens on 10.0.0.5:8001 and not on the loopback address',
      },
    ]);
  });
  test('that does not listen yet', () => {
    expect(reason([{ ...VLLM, sockets: [] }])[0]?.reason).toBe('it does not listen on port 8001');
  });
  test('whose port is somebody else’s', () => {
    expect(reason([{ ...VLLM, sockets: [8] }], listening(ANY, 8001, 7))[0]?.reason).toBe(
      'it does not listen on port 8001',
    );
  });
  test('whose sockets may not be seen', () => {
    expect(reason([VLLM])[0]?.reason).toContain('not readable by this user');
  });
  test('in a network of its own', () => {
    const inside = { ...VLLM, tcp: [listening(ANY, 8001, 77)] };
    expect(reason([inside], listening(ANY, 8001, 7))[0]?.reason).toBe(
      'port 8001 is in a network namespace of its own',
    );
  });
  test('on the loopback address of a network of its own', () => {
    const inside = { ...VLLM, tcp: [listening(LOOPBACK, 8001, 77)] };
    expect(reason([inside], listening(ANY, 8001, 7))[0]?.reason).toBe(
      'port 8001 is on the loopback address of another network namespace',
    );
  });
  test('in a network that has no address, though servers elsewhere are asked', () => {
    const inside = { ...VLLM, tcp: [listening(ANY, 8001, 77)] };
    expect(look([inside], [], UNGUARDED, true).unasked[0]?.reason).toBe(
      'port 8001 is in a network namespace without an address',
    );
  });
});

describe('where it is asked for, a server elsewhere is asked too', () => {
  const urls = (process: FakeProcess, ...tcp: string[]) =>
    look([process], tcp, UNGUARDED, true).targets.map((t) => t.url);
  test('at an address of this machine', () => {
    expect(urls(VLLM, listening('0500000A', 8001, 7))).toEqual(['http://10.0.0.5:8001']);
  });
  test('at the address of its own network', () => {
    const inside = { ...VLLM, address: '172.17.0.2' };
    const tcp = [listening(ANY, 8001, 77)];
    expect(urls({ ...inside, tcp }, listening(ANY, 8001, 7))).toEqual(['http://172.17.0.2:8001']);
    expect(urls({ ...inside, tcp: [listening(LOOPBACK, 8001, 77)] })).toEqual([]);
    expect(urls({ ...VLLM, tcp })).toEqual([]);
  });
});

test('workers with their parent’s command line are not servers of their own', () => {
  const worker = { ...VLLM, pid: 21, parent: 20, start: 200 };
  expect(look([worker, VLLM], [listening(LOOPBACK, 8001, 7)]).targets).toEqual([found]);
});

test('several servers of one engine are all found', () => {
  const second = { pid: 30, command: ['vllm', 'serve', 'c', '--port=8002'] };
  const { targets } = look([VLLM, second], [listening(ANY, 8001, 7), listening(ANY, 8002, 8)]);
  expect(targets.map((t) => [t.url, t.model])).toEqual([
    ['http://127.0.0.1:8001', 'a/b'],
    ['http://127.0.0.1:8002', 'c'],
  ]);
});

test('a process that the guard leaves out is not read', () => {
  const entered: string[] = [];
  const guard = {
    enter: (device: string) => entered.push(device) > 0 && device !== 'process 20',
    leave() {},
  };
  expect(
    look([VLLM, { pid: 21, command: ['sh'] }], [listening(ANY, 8001, 7)], guard).targets,
  ).toEqual([]);
  expect(entered).toEqual(['process 20', 'process 21']);
});

test('kernel threads and files that are no processes are passed over', () => {
  const { processes } = look([{ pid: 2, command: [] }, VLLM], []);
  expect([...processes.keys()]).toEqual([20]);
});
