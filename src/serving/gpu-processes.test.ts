import { expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { UNGUARDED } from '../board/guard.ts';
import { Layout } from '../board/layout.ts';
import { Registry } from '../board/registry.ts';
import { GPU_PROCESS_INFO } from '../catalog/serving.ts';
import { Discovery } from './discover/discover.ts';
import { type FakeProcess, fakeProc } from './discover/proc.fixture.ts';
import { ENGINES } from './engines/index.ts';
import { Fleet } from './fleet.ts';
import { gpuProcesses } from './gpu-processes.ts';

const maps = (file: string): string => `7f00-7f10 r-xp 00000000 08:01 42 /lib/${file}\n`;

/** Labels of the series, where all of these processes hold a GPU. */
function shown(processes: readonly FakeProcess[], guard = UNGUARDED): unknown[] {
  using proc = fakeProc(processes);
  const fleet = new Fleet({
    targets: [],
    engines: ENGINES,
    discover: true,
    interval: 1000,
    now: () => 0,
    discovery: new Discovery({
      procfs: proc.path,
      engines: ENGINES,
      guard: UNGUARDED,
      elsewhere: false,
    }),
  });
  const holders = processes.map(({ pid }) => ({ pid, uuid: 'GPU-a', gpu: '0' }));
  const layout = new Layout(new Board());
  const source = gpuProcesses({ fleet, holders: () => holders, procfs: proc.path, guard });
  const registry = new Registry(layout, [source]);
  registry.discover();
  registry.sample();
  return [...layout.series()]
    .filter((s) => s.signal === GPU_PROCESS_INFO.process && layout.board.values[s.slot] === 1)
    .map(({ labels }) => labels);
}

test('what a process runs is told by what it maps', () => {
  const training = { pid: 9, command: ['python3', 'train.py'], maps: maps('libtorch_python.so') };
  expect(shown([training])).toEqual([{ pid: '9', framework: 'pytorch' }]);
});

test('a worker is told by its title, though its server is in a container and its map may not be read', () => {
  expect(shown([{ pid: 9, command: ['VLLM::EngineCore'] }])).toEqual([
    { pid: '9', framework: 'vllm', engine: 'vllm' },
  ]);
});

test('of a process of which nothing is known nothing is said', () => {
  expect(shown([{ pid: 9, command: ['python3', 'x.py'], maps: maps('libc.so.6') }])).toEqual([]);
});

test('a library behind a hundred thousand mappings is found', () => {
  const many = maps('libc.so.6').repeat(100_000);
  const process = { pid: 9, command: ['python3'], maps: many + maps('jaxlib/_jax.so') };
  expect(shown([process])).toEqual([{ pid: '9', framework: 'jax' }]);
});

test('the map of a process that hung the last probe is not read', () => {
  const process = { pid: 9, command: ['python3'], maps: maps('libtorch_python.so') };
  const guard = { enter: (device: string) => device !== 'process 9', leave() {} };
  expect(shown([process], guard)).toEqual([]);
});
