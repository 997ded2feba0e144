/**
 * Reads the page of vLLM over and over, for as long as the argument says (milliseconds), and prints bytes per
 * second: of the walk over its samples, of reading every name and label, and of all that is done with a page.
 */
import { ENGINES } from '../src/serving/engines/index.ts';
import { Page } from '../src/serving/exposition/page.ts';
import { Collector } from '../src/serving/mapping/collect.ts';
import { figuresOf } from '../src/serving/mapping/figures.ts';
import { Memory } from '../src/serving/mapping/memory.ts';
import { recognise } from '../src/serving/recognise.ts';
import { vllm026 } from '../test/serving/pages/vllm.ts';
import { median } from './samples.ts';

const TURNS = 15;

const bytes = new TextEncoder().encode(vllm026());
const vllm = ENGINES.filter(({ name }) => name === 'vllm');
const [engine] = vllm;
if (engine === undefined) throw new Error('vLLM is no engine');
const collector = new Collector(engine);
const memory = new Memory();
let now = 0;

function walk(): void {
  const page = new Page(bytes);
  while (page.next());
}

/** What nobody does with a page: every name and label of it. */
function decode(): void {
  const page = new Page(bytes);
  while (page.next()) {
    if (page.name === '' || page.labels() === undefined) throw new Error('malformed');
  }
}

function all(): void {
  if (engine === undefined || recognise(bytes, vllm) !== engine) throw new Error('not recognised');
  const { figures } = figuresOf(collector.collect(new Page(bytes)), engine, undefined);
  memory.add(figures, now++);
}

function rate(run: () => void, milliseconds: number): number {
  const rates: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const started = performance.now();
    let runs = 0;
    do {
      run();
      runs++;
    } while (performance.now() - started < milliseconds / TURNS);
    rates.push((runs * bytes.length * 1000) / (performance.now() - started));
  }
  return median(rates);
}

const milliseconds = Number(process.argv[2]);
// The first is to warm up.
for (const run of [walk, decode, all]) rate(run, milliseconds / 3);
console.log(
  JSON.stringify({
    size: bytes.length,
    walk: rate(walk, milliseconds),
    decode: rate(decode, milliseconds),
    all: rate(all, milliseconds),
  }),
);
