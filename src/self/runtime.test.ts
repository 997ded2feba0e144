import { afterEach, describe, expect, test } from 'bun:test';
import { closeSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { Exposed } from '../../test/exposed.ts';
import { Runtime } from './runtime.ts';
import { COMMIT, VERSION } from './version.ts';

const opened: number[] = [];
afterEach(() => {
  for (const fd of opened.splice(0)) closeSync(fd);
});

class Machine {
  readonly runtime = new Runtime();
  readonly exposed = new Exposed(this.runtime.source());

  /** By name, without labels. */
  sample(): Map<string, number> {
    const lines = this.exposed.sample('native');
    return new Map(
      lines.map((line) => [/^\w+/.exec(line)?.[0] ?? '', Number(line.split(' ').at(-1))]),
    );
  }

  value(name: string): number | undefined {
    return this.sample().get(name);
  }
}

/** Descriptors that are open, found without opening one. */
function open(): number {
  let count = 0;
  for (let fd = 0; fd < 4096; fd++) {
    if (lstatSync(`/proc/self/fd/${fd}`, { throwIfNoEntry: false }) !== undefined) count++;
  }
  return count;
}

describe('Runtime', () => {
  test('says which edgegauge this is', () => {
    const [line] = new Machine().exposed.sample('native', 'edgegauge_build_info');
    expect(line).toBe(
      `edgegauge_build_info{version="${VERSION}",revision="${COMMIT}",runtime="bun ${Bun.version}",arch="${process.arch}"} 1`,
    );
  });

  test('says nothing before the first refresh of what only that looks at', () => {
    const sample = new Machine().sample();
    expect(sample.has('process_open_fds')).toBe(false);
    expect(sample.has('edgegauge_memory_heap_bytes')).toBe(false);
  });

  test('counts the descriptors that are open, and not the one it counts with', () => {
    const machine = new Machine();
    machine.runtime.refresh(0);
    const before = machine.value('process_open_fds');
    expect(before).toBe(open());
    for (let i = 0; i < 5; i++) opened.push(openSync('/dev/null', 'r'));
    machine.runtime.refresh(0);
    expect(machine.value('process_open_fds')).toBe(Number(before) + 5);
  });

  test('says what was told of requests and the size of the heap', () => {
    const machine = new Machine();
    machine.runtime.refresh(7);
    expect(machine.value('edgegauge_scrapes_in_flight')).toBe(7);
    machine.runtime.refresh(0);
    expect(machine.value('edgegauge_scrapes_in_flight')).toBe(0);
    const heap = machine.value('edgegauge_memory_heap_bytes');
    expect(heap).toBeGreaterThan(1e5);
    expect(heap).toBeLessThan(process.memoryUsage.rss());
  });

  test('says when the process started, as the kernel does', () => {
    const started = new Machine().value('process_start_time_seconds') as number;
    // Field 22 of stat is in hundredths of a second since the boot.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    expect(Math.abs(started - (boot + ticks / 100))).toBeLessThan(5);
  });

  test('says the limits that this process has, and none that it has not', () => {
    const machine = new Machine();
    const soft = (resource: string): number | undefined => {
      const { stdout } = Bun.spawnSync(['sh', '-c', `ulimit -S ${resource}`]);
      const text = stdout.toString().trim();
      return text === 'unlimited' ? undefined : Number(text);
    };
    expect(machine.value('process_max_fds')).toBe(soft('-n') as number);
    const memory = soft('-v');
    expect(machine.value('process_virtual_memory_max_bytes')).toBe(
      (memory === undefined ? undefined : memory * 1024) as number,
    );
  });

  test('says how the last reload went, and when the last good one was', () => {
    const machine = new Machine();
    const success = 'edgegauge_config_last_reload_successful';
    const time = 'edgegauge_config_last_reload_success_timestamp_seconds';
    const first = machine.value(time) as number;
    expect(Math.abs(first - Date.now() / 1000)).toBeLessThan(5);
    expect(machine.value(success)).toBe(1);
    machine.runtime.reloaded(false);
    expect([machine.value(success), machine.value(time)]).toEqual([0, first]);
    while (Date.now() / 1000 <= first);
    machine.runtime.reloaded(true);
    expect(machine.value(success)).toBe(1);
    expect(machine.value(time)).toBeGreaterThan(first);
  });
});
