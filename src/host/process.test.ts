import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { Exposed } from '../../test/exposed.ts';
import { ownProcess } from './process.ts';

const COMM = '/proc/self/comm';
let name = '';
beforeEach(() => {
  name = readFileSync(COMM, 'latin1').trimEnd();
});
afterEach(() => writeFileSync(COMM, name));

function sample(exposed: Exposed): Map<string, number> {
  const lines = exposed.sample('native');
  return new Map(
    lines.map((line) => line.split(' ') as [string, string]).map(([k, v]) => [k, Number(v)]),
  );
}

const cpu = (exposed: Exposed): number | undefined =>
  sample(exposed).get('process_cpu_seconds_total');

/** As getrusage(2) tells it, in seconds. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** A field of status, in kB or as a number. */
const status = (field: string): number =>
  Number(
    new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1],
  );

/** Ends behind the first tick of the kernel's clock that falls into it. */
function work(seconds: number): void {
  const until = used() + seconds;
  while (used() < until);
}

describe('ownProcess()', () => {
  test('says the CPU time that the process has used, as getrusage(2) does', () => {
    const exposed = new Exposed(ownProcess());
    const before = used();
    const shown = cpu(exposed) as number;
    const after = used();
    // Two values in hundredths, each of which the kernel rounds down.
    expect(shown).toBeGreaterThanOrEqual(before - 0.021);
    expect(shown).toBeLessThanOrEqual(after + 0.001);
    work(0.1);
    expect(cpu(exposed)).toBeGreaterThanOrEqual(shown + 0.07);
  });

  test('says CPU time in whole hundredths', () => {
    const exposed = new Exposed(ownProcess());
    for (let i = 0; i < 20; i++) {
      work(0.005);
      const [line] = exposed.sample('native', 'process_cpu_seconds_total');
      expect(line).toMatch(/^process_cpu_seconds_total \d+(\.\d\d?)?$/);
    }
  });

  test('says memory and threads as /proc/self/status does', () => {
    const fields = {
      process_resident_memory_bytes: 'VmRSS',
      process_virtual_memory_bytes: 'VmSize',
      edgegauge_memory_anonymous_bytes: 'RssAnon',
    };
    const kilobytes = (): number[] => Object.values(fields).map(status);
    const exposed = new Exposed(ownProcess());
    const before = kilobytes();
    const shown = sample(exposed);
    const after = kilobytes();
    for (const [at, metric] of Object.keys(fields).entries()) {
      const bytes = [before[at], after[at]].map((kB) => (kB as number) * 1024);
      expect(shown.get(metric)).toBeGreaterThan(Math.min(...bytes) * 0.99);
      expect(shown.get(metric)).toBeLessThan(Math.max(...bytes) * 1.01);
    }
    expect(shown.get('process_threads')).toBe(status('Threads'));
    expect(shown.size).toBe(5);
  });

  test.each(['a b c', 'x) S 1 2 3 (y', ')', '(', 'VmRSS: 5', '   '])(
    'reads a process whose name is %j',
    (comm) => {
      writeFileSync(COMM, comm);
      expect(readFileSync(COMM, 'latin1')).toBe(`${comm}\n`);
      const exposed = new Exposed(ownProcess());
      const before = used();
      const shown = sample(exposed);
      expect(shown.size).toBe(5);
      expect(shown.get('process_cpu_seconds_total')).toBeGreaterThanOrEqual(before - 0.021);
      expect(shown.get('process_cpu_seconds_total')).toBeLessThanOrEqual(used() + 0.001);
    },
  );

  test('notices that the process is given another name while it is sampled', () => {
    const exposed = new Exposed(ownProcess());
    for (const comm of ['one', 'two words', 'now three words', 'one']) {
      writeFileSync(COMM, comm);
      const before = used();
      const shown = cpu(exposed);
      expect(shown).toBeGreaterThanOrEqual(before - 0.021);
      expect(shown).toBeLessThanOrEqual(used() + 0.001);
    }
    expect(exposed.complaints).toEqual([]);
  });
});
