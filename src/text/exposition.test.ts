import { describe, expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { Registry } from '../board/registry.ts';
import { SAMPLE, type Source } from '../board/source.ts';
import { type Signal, signal } from '../catalog/signal.ts';
import { Exposition, type Plan, type Sampler, type ScrapeRequest } from './exposition.ts';

const signalOf = (collector: string): Signal =>
  signal(collector, 'value', {
    type: 'gauge',
    help: 'Test.',
    labels: ['device'],
    native: `${collector}_value`,
    node: `node_${collector}_value`,
  });

/** One series per device; counts its samples in them. */
class Fake implements Source {
  readonly name: string;
  readonly collectors: readonly string[];
  readonly #signal: Signal;
  devices: readonly string[] = ['x'];
  samples = 0;
  rescan = false;
  #slots: number[] = [];

  constructor(collector: string) {
    this.name = collector;
    this.collectors = [collector];
    this.#signal = signalOf(collector);
  }

  discover(draft: Parameters<Source['discover']>[0]): void {
    this.rescan = false;
    this.#slots = this.devices.map((device) => draft.slot(this.#signal, { device }));
  }

  sample(values: Float64Array) {
    this.samples++;
    if (this.rescan) return SAMPLE.rescan;
    for (const slot of this.#slots) values[slot] = this.samples;
    return SAMPLE.ok;
  }

  close(): void {}
}

class Machine {
  readonly cpu = new Fake('cpu');
  readonly disk = new Fake('disk');
  readonly self = new Fake('self');
  readonly layout = new Layout(new Board());
  readonly exposition: Exposition;

  constructor(sampler?: (layout: Layout) => Sampler) {
    const registry = new Registry(this.layout, [this.cpu, this.disk, this.self]);
    registry.discover();
    this.exposition = new Exposition(this.layout, registry, sampler?.(this.layout));
  }

  plan(request: Partial<ScrapeRequest> = {}): Plan {
    return this.exposition.plan({
      format: 'text',
      dialects: ['native'],
      collect: [],
      exclude: [],
      ...request,
    });
  }

  /** The samples of a scrape, without what the registry says of its sources. */
  scrape(plan: Plan): string[] {
    return this.page(plan)
      .split('\n')
      .filter((line) => line !== '' && !/^#|^edgegauge_|^node_scrape_/.test(line));
  }

  page(plan: Plan): string {
    const page = this.exposition.scrape(plan);
    return new TextDecoder().decode(page.bytes.subarray(page.start, plan.end));
  }
}

describe('Exposition', () => {
  test('plan() answers the same plan to the same request', () => {
    const machine = new Machine();
    const plan = machine.plan({ collect: ['cpu'] });
    expect(machine.plan({ collect: ['cpu'] })).toBe(plan);
    const others: Partial<ScrapeRequest>[] = [
      {},
      { collect: ['disk'] },
      { exclude: ['cpu'] },
      { collect: ['cpu'], format: 'openmetrics' },
      { collect: ['cpu'], dialects: ['node'] },
      { collect: ['cpu'], dialects: ['native', 'node'] },
      { collect: ['cpu', 'disk'] },
    ];
    const plans = [plan, ...others.map((request) => machine.plan(request))];
    expect(new Set(plans).size).toBe(others.length + 1);
  });

  test('plan() keeps those that are used, however many others come, and no others', () => {
    const machine = new Machine();
    const often = machine.plan();
    const once = machine.plan({ exclude: ['once'] });
    for (let i = 0; i < 100; i++) {
      machine.plan({ exclude: [`${i}`] });
      expect(machine.plan()).toBe(often);
    }
    expect(machine.plan({ exclude: ['once'] })).not.toBe(once);
    // One that was forgotten still works.
    expect(machine.scrape(once)).toHaveLength(3);
  });

  test('plan() knows the type of its content', () => {
    const machine = new Machine();
    expect(machine.plan().contentType).toContain('text/plain; version=0.0.4');
    const open = machine.plan({ format: 'openmetrics' });
    expect(open.contentType).toContain('application/openmetrics-text');
    expect(machine.page(open)).toEndWith('# EOF\n');
  });

  test('scrape() samples anew at every scrape', () => {
    const machine = new Machine();
    const plan = machine.plan();
    for (let i = 1; i < 5; i++)
      expect(machine.scrape(plan)).toContain(`cpu_value{device="x"} ${i}`);
  });

  test.each([
    [[], [], ['cpu', 'disk', 'self']],
    [['cpu'], [], ['cpu', 'self']],
    [['cpu', 'disk'], [], ['cpu', 'disk', 'self']],
    [[], ['cpu'], ['disk', 'self']],
    [[], ['self'], ['cpu', 'disk']],
    [['self'], [], ['self']],
    [['cpu', 'disk'], ['disk'], ['cpu', 'self']],
    [['nobody'], [], ['self']],
  ])('collect %p without %p shows and samples %p', (collect, exclude, shown) => {
    const machine = new Machine();
    const lines = machine.scrape(machine.plan({ collect, exclude }));
    expect(lines.map((line) => line.split('_')[0])).toEqual(shown);
    const sampled = [machine.cpu, machine.disk, machine.self].filter((s) => s.samples > 0);
    expect(sampled.map((s) => s.name)).toEqual(shown);
  });

  test('what the registry says of a source comes and goes with its collector', () => {
    const machine = new Machine();
    const up = (request: Partial<ScrapeRequest>): string[] =>
      [
        ...machine.page(machine.plan(request)).matchAll(/^edgegauge_source_up\{source="(\w+)"\}/gm),
      ].map((m) => m[1] as string);
    expect(up({ collect: ['cpu'] })).toEqual(['cpu', 'self']);
    expect(up({ exclude: ['cpu', 'self'] })).toEqual(['disk']);
  });

  test('scrape() shows what a source found during that very sample', () => {
    const machine = new Machine();
    const plan = machine.plan({ collect: ['disk'] });
    machine.scrape(plan);
    machine.disk.devices = ['x', 'y'];
    machine.disk.rescan = true;
    expect(machine.scrape(plan)).toEqual([
      'disk_value{device="x"} 3',
      'disk_value{device="y"} 3',
      'self_value{device="x"} 2',
    ]);
    machine.disk.devices = ['y'];
    machine.disk.rescan = true;
    expect(machine.scrape(plan)).toEqual(['disk_value{device="y"} 5', 'self_value{device="x"} 3']);
  });

  test('scrape() runs the sampler each time, and shows what it brought', () => {
    let calls = 0;
    const probe = signalOf('probe');
    const machine = new Machine((layout) => () => {
      calls++;
      const draft = layout.draft('probe');
      const slots = Array.from({ length: calls }, (_, i) => draft.slot(probe, { device: `${i}` }));
      draft.commit();
      for (const slot of slots) layout.board.values[slot] = calls;
    });
    const plan = machine.plan({ collect: ['probe'], exclude: ['self'] });
    expect(machine.scrape(plan)).toEqual(['probe_value{device="0"} 1']);
    expect(machine.scrape(plan)).toEqual([
      'probe_value{device="0"} 2',
      'probe_value{device="1"} 2',
    ]);
    expect(calls).toBe(2);
  });

  test('plans that share a page, and plans that do not, each have their own page in turns', () => {
    const machine = new Machine();
    const requests: Partial<ScrapeRequest>[] = [
      { exclude: ['self'] },
      { collect: ['cpu'], exclude: ['self'] },
      { collect: ['disk'], exclude: ['self'] },
      { dialects: ['node'], exclude: ['self'] },
      { dialects: ['node', 'native'], collect: ['cpu'], exclude: ['self'] },
      { format: 'openmetrics', exclude: ['self'] },
    ];
    const names = (dialect: string, collector: string, devices: readonly string[]): string[] =>
      devices.map((device) => `${dialect}${collector}_value{device="${device}"}`);
    const plans = requests.map((request) => machine.plan(request));
    for (let turn = 0; turn < 60; turn++) {
      // A disk comes or goes while the scrapers take turns.
      if (turn % 7 === 0) {
        machine.disk.devices = Array.from({ length: 1 + (turn % 3) }, (_, i) => `d${i}`);
        machine.disk.rescan = true;
      }
      const at = (turn * 5) % plans.length;
      const lines = machine.scrape(plans[at] as Plan);
      // One that does not ask for disks does not sample them either: it shows those that were there.
      const devices = [...machine.layout.series('disk')].map((s) => s.labels['device'] as string);
      const expected = [
        [...names('', 'cpu', ['x']), ...names('', 'disk', devices)],
        names('', 'cpu', ['x']),
        names('', 'disk', devices),
        [...names('node_', 'cpu', ['x']), ...names('node_', 'disk', devices)],
        [...names('', 'cpu', ['x']), ...names('node_', 'cpu', ['x'])],
        [...names('', 'cpu', ['x']), ...names('', 'disk', devices)],
      ][at] as string[];
      expect(lines.map((line) => line.split(' ')[0] as string)).toEqual(expected);
      for (const line of lines) {
        const source = line.includes('disk') ? machine.disk : machine.cpu;
        expect(line).toEndWith(` ${source.samples}`);
      }
    }
  });

  test('more pages than are kept are still right', () => {
    const machine = new Machine();
    const formats = ['text', 'openmetrics'] as const;
    const dialects = [['native'], ['node'], ['native', 'node'], ['node', 'native'], []] as const;
    const plans = formats.flatMap((format) =>
      dialects.map((d) =>
        machine.plan({ format, dialects: d, collect: ['cpu'], exclude: ['self'] }),
      ),
    );
    for (let round = 0; round < 3; round++) {
      for (const plan of plans) {
        expect(machine.scrape(plan)).toHaveLength(plan.request.dialects.length);
        expect(machine.page(plan).endsWith('# EOF\n')).toBe(plan.request.format === 'openmetrics');
      }
    }
  });
});
