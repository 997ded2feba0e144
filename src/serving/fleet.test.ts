import { describe, expect, test } from 'bun:test';
import { UNGUARDED } from '../board/guard.ts';
import { Discovery } from './discover/discover.ts';
import { Fingerprints } from './discover/fingerprint.ts';
import { ANY, type FakeProcess, fakeProc, LOOPBACK, listening } from './discover/proc.fixture.ts';
import { ENGINES } from './engines/index.ts';
import { Fleet } from './fleet.ts';
import type { Target } from './target.ts';

const VLLM: FakeProcess = { pid: 20, command: ['vllm', 'serve', 'a/b'] };

/** What a fleet sees of one machine after another. */
function fleetOf(targets: readonly Target[] = [], discover = true) {
  let now = 0;
  let procfs = '';
  const fleet = new Fleet({
    targets,
    engines: ENGINES,
    discover,
    interval: 1000,
    now: () => now,
    names: () => new Set(['box', '10.0.0.5']),
    discovery: {
      fingerprints: new Fingerprints(ENGINES),
      look: () =>
        new Discovery({ procfs, engines: ENGINES, guard: UNGUARDED, elsewhere: false }).look(),
    } as Discovery,
  });
  return {
    fleet,
    look(processes: readonly FakeProcess[], tcp: readonly string[]) {
      using proc = fakeProc(processes, tcp);
      procfs = proc.path;
      fleet.look();
      now += 10_000;
      return fleet.servers.map((s) => [s.endpoint, s.target.process?.pid]);
    },
  };
}

describe('a server that was named and found is asked once, where it was named', () => {
  const named = (url: string, discover?: boolean) =>
    fleetOf([{ engine: 'vllm', url }], discover).look([VLLM], [listening(ANY, 8000, 7)]);

  test.each(['localhost:8000', '127.0.0.1:8000', '10.0.0.5:8000', 'box:8000'])('%s', (endpoint) => {
    expect(named(`http://${endpoint}`)).toEqual([[endpoint, 20]]);
    expect(named(`http://${endpoint}/metrics`, false)).toEqual([[endpoint, 20]]);
  });
  test('with the model that its command line names, unless it was named too', () => {
    const modelOf = (target: Target) => {
      const { fleet, look } = fleetOf([target]);
      look([VLLM], [listening(ANY, 8000, 7)]);
      return fleet.servers.map((s) => s.target.model);
    };
    const url = 'http://localhost:8000';
    expect(modelOf({ engine: 'vllm', url })).toEqual(['a/b']);
    expect(modelOf({ engine: 'vllm', url, model: 'mine' })).toEqual(['mine']);
  });
  test('and twice where it is another one', () => {
    expect(named('http://10.0.0.6:8000')).toEqual([
      ['10.0.0.6:8000', undefined],
      ['127.0.0.1:8000', 20],
    ]);
  });
  test('and twice where the one that was found is not reached by that address', () => {
    const { look } = fleetOf([{ engine: 'vllm', url: 'http://10.0.0.5:8000' }]);
    expect(look([VLLM], [listening(LOOPBACK, 8000, 7)])).toEqual([
      ['10.0.0.5:8000', undefined],
      ['127.0.0.1:8000', 20],
    ]);
  });
});

test('a server stays the same until its process is another', () => {
  const { fleet, look } = fleetOf();
  const at = (port: number) => [listening(LOOPBACK, port, 7)];
  look([VLLM], at(8000));
  const [first] = fleet.servers;
  look([VLLM], at(8000));
  expect(fleet.servers[0]).toBe(first as (typeof fleet.servers)[0]);
  look([{ ...VLLM, start: 200 }], at(8000));
  expect(fleet.servers[0]).not.toBe(first as (typeof fleet.servers)[0]);
  const moved = { ...VLLM, start: 300, command: [...VLLM.command, '--port=8001'] };
  expect(look([moved], at(8001))).toEqual([['127.0.0.1:8001', 20]]);
  expect(look([], [])).toEqual([]);
});

describe('a server’s own processes', () => {
  test('descend from it, or from its launcher', () => {
    const { fleet, look } = fleetOf();
    look(
      [
        { pid: 1, parent: 0, command: ['text-generation-launcher'] },
        { pid: 2, command: ['python3', 'text-generation-server', 'serve'] },
        { pid: 3, command: ['text-generation-router', '--port=80'] },
        { pid: 9, parent: 0, command: ['python3', 'train.py'] },
      ],
      [listening(LOOPBACK, 80, 7)],
    );
    const [tgi] = fleet.servers as [(typeof fleet.servers)[0]];
    const holders = [2, 9].map((pid) => ({ pid, uuid: 'GPU-a', gpu: '0' }));
    expect(fleet.holders(tgi, holders)).toEqual([holders[0] as (typeof holders)[0]]);
  });
  test('of Ray are those that serve, and not those that train', () => {
    const { fleet, look } = fleetOf();
    look(
      [
        { pid: 5, command: ['raylet', '--metrics-agent-port=1', '--metrics_export_port=8080'] },
        { pid: 6, parent: 5, command: ['ray::ServeReplica:chat'] },
        { pid: 7, parent: 6, command: ['python3', '-c', 'spawned'] },
        { pid: 8, parent: 5, command: ['ray::RayTrainWorker'] },
      ],
      [listening(LOOPBACK, 8080, 7)],
    );
    const [ray] = fleet.servers as [(typeof fleet.servers)[0]];
    expect([5, 6, 7, 8].filter((pid) => fleet.owns(ray, pid))).toEqual([6, 7]);
  });
});
