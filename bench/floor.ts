/**
 * Collect and render in this process against floor.c, a C program that preads the same files, scans the
 * same tokens and writes the same page. First on fixture machines, where both pages must be the same
 * bytes; then timed on this machine's /proc, in turns.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConfig } from '../src/config/config.ts';
import { type MachineName, machines, materialise } from '../test/trees/write.ts';
import { FilePage } from './file-page.ts';
import { median } from './samples.ts';
import type { Scope } from './scope.ts';
import type { Row } from './table.ts';

const TURNS = 15;
const MICROSECOND = 1000;

export async function floor({ quick }: Scope): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-floor-'));
  try {
    const program = join(directory, 'floor');
    build(program);
    for (const name of Object.keys(machines) as MachineName[]) compare(program, directory, name);
    return time(program, directory, quick ? 500 : 5000);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function build(program: string): void {
  const source = join(import.meta.dir, 'floor.c');
  const cc = Bun.spawnSync(['cc', '-O2', '-Wall', '-Wextra', '-o', program, source, '-lm']);
  if (cc.exitCode !== 0) throw new Error(`cc: ${cc.stderr}`);
}

/** Throws where the pages of a fixture machine differ. */
function compare(program: string, directory: string, name: MachineName): void {
  using machine = materialise(name);
  const { path } = buildConfig();
  const page = new FilePage({ ...buildConfig(), path: { ...path, ...machine } });
  try {
    const ours = page.text(page.run());
    const theirs = execute(program, write(directory, page), 0);
    if (ours !== theirs) throw new Error(`${name}: ${firstDifference(ours, theirs)}`);
    const lines = ours.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    console.log(`  ${name}: ${page.files.length} files, ${lines.length} samples, same bytes`);
  } finally {
    page.close();
  }
}

/** Both run alternately, so that whatever else this machine does falls upon both. */
function time(program: string, directory: string, rounds: number): Row[] {
  const page = new FilePage(buildConfig());
  const plan = write(directory, page);
  const [ours, theirs]: [number[], number[]] = [[], []];
  const turn = (): number => {
    const started = Bun.nanoseconds();
    for (let i = 0; i < rounds; i++) page.run();
    return (Bun.nanoseconds() - started) / rounds;
  };
  // The compiler is done with a loop after some thousands of rounds.
  for (let i = 0; i < 3; i++) turn();
  for (let i = 0; i < TURNS; i++) {
    ours.push(turn());
    theirs.push(Number(execute(program, plan, rounds)));
  }
  page.close();
  const of = median(theirs) / MICROSECOND;
  return [
    { what: 'floor: reading, scanning and rendering in C', measured: of, unit: 'µs' },
    {
      what: 'floor: collect and render in process',
      measured: median(ours) / MICROSECOND,
      unit: 'µs',
      budget: { of, factor: 2, whose: 'C' },
    },
  ];
}

function write(directory: string, page: FilePage): string {
  const file = join(directory, 'plan');
  writeFileSync(file, page.plan());
  return file;
}

/** What floor.c says: the page for no rounds, nanoseconds per round otherwise. */
function execute(program: string, plan: string, rounds: number): string {
  const child = Bun.spawnSync([program, plan, String(rounds)]);
  if (child.exitCode !== 0) throw new Error(`floor: ${child.stderr}`);
  return child.stdout.toString();
}

function firstDifference(ours: string, theirs: string): string {
  const [a, b] = [ours.split('\n'), theirs.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return at < 0 ? `C says more: ${b[a.length]}` : `"${a[at]}", in C "${b[at]}"`;
}
