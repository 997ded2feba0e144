/** The script for machines with a GPU, on one without: nvidia-smi is played by a few lines of shell. */
import { expect } from 'bun:test';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { testWith } from '../parts.ts';
import { type Said, said, wrong } from './smi.ts';

const SCRIPT = join(import.meta.dir, 'nvidia.sh');

/** Plays nvidia-smi: knows the fields that it says something of, and a line for each GPU. */
function smi(gpus: readonly Said[], fails = ''): string {
  const said = gpus.flatMap((gpu, i) =>
    Object.entries(gpu).map(([field, value]) => `[${i}.${field}]='${value}'`),
  );
  return `#!/usr/bin/env bash
declare -A said=(${said.join('\n')})
fields='${Object.keys(gpus[0] ?? {}).join(' ')}'
if [[ $1 == --help-query-gpu ]]; then for f in $fields; do printf '"x.%s" or "%s"\\n' "$f" "$f"; done; exit; fi
if [[ -n '${fails}' && $1 != --query-gpu=index ]]; then echo '${fails}'; exit 15; fi
IFS=, read -ra names <<<"\${1#--query-gpu=}"
for ((gpu = 0; gpu < ${gpus.length}; gpu++)); do
  line=
  for name in "\${names[@]}"; do line+="\${line:+, }\${said[$gpu.$name]}"; done
  echo "$line"
done
`;
}

async function run(
  name: string,
  gpus: readonly Said[],
  scrapes: number,
  { program: other, fails }: { program?: string; fails?: string } = {},
): Promise<{ code: number; output: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-hardware-'));
  using fake = new FakeNvml(name, { elapsed: 0 });
  const script = (file: string, text: string): string => {
    const path = join(directory, file);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  script('nvidia-smi', smi(gpus, fails));
  const program = command()
    .map((word) => `'${word}'`)
    .join(' ');
  const wrapper = script(
    'edgegauge',
    `#!/bin/sh
[ "$1" = serve ] && set -- "$@" --gpu.nvidia-library='${fake.library}'
exec ${program} "$@"
`,
  );
  const child = Bun.spawn([SCRIPT, other ?? wrapper], {
    env: {
      ...process.env,
      ...fake.env,
      PATH: `${directory}:${process.env['PATH']}`,
      SCRAPES: String(scrapes),
    },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const output = (await child.stdout.text()) + (await child.stderr.text());
  const code = await child.exited;
  rmSync(directory, { recursive: true });
  return { code, output };
}

/** Verdicts by GPU and field. */
const verdicts = (output: string): readonly (readonly [field: string, verdict: string])[] =>
  [
    ...output.matchAll(
      /^(\d) +(\S+) .* {2}(same|near|MIG|not told|not in this library|withheld|the machine's|DIFFERS.*)$/gm,
    ),
  ].map(([, gpu, field, verdict]) => [
    `${gpu} ${field}`,
    (verdict as string).replace(/ by .*/, ''),
  ]);

const FIELDS = readFileSync(join(import.meta.dir, 'nvidia.fields'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.slice(0, line.indexOf('|')));

const EIGHT = Array.from({ length: 8 }, (_, gpu) => said('h200x8', gpu));

testWith(['cc', 'nvmlHeader'], 'nvidia.sh compares every field of eight H200', async () => {
  const { code, output } = await run('h200x8', EIGHT, 5);
  if (process.env['SHOW']) console.log(output);
  expect(output).not.toMatch(/DIFFERS|unknown to this nvidia-smi/);
  const found = verdicts(output);
  expect(found.map(([field]) => field)).toEqual(
    EIGHT.flatMap((_, gpu) => FIELDS.map((field) => `${gpu} ${field}`)),
  );
  // What stands still in the scenario is the same and not near: the units are right.
  expect(found.filter(([, verdict]) => verdict !== 'same')).toEqual([]);
  expect(output).toMatch(/^5 scrapes: RssAnon of the probe \d+ KiB before, \d+ KiB after$/m);
  expect(code).toBe(0);
});

testWith(['cc', 'nvmlHeader'], 'nvidia.sh finds a wrong value in any field', async () => {
  // The first GPU is known by its number, the second tells what a right one looks like.
  const [first, ...others] = EIGHT;
  const { code, output } = await run('h200x8', [wrong(first as Said), ...others], 1);
  const unknown = FIELDS.filter((field) => first?.[field] === '[N/A]');
  expect(verdicts(output).filter(([, verdict]) => verdict !== 'DIFFERS')).toEqual([
    ...unknown.map((field) => [`0 ${field}`, 'same'] as const),
    ...others.flatMap((_, i) => FIELDS.map((field) => [`${i + 1} ${field}`, 'same'] as const)),
  ]);
  expect(code).toBe(1);
});

testWith(
  ['cc', 'nvmlHeader'],
  'nvidia.sh takes what is absent on both sides as the same, and on one side as a difference',
  async () => {
    const right = said('rtx4090', 0);
    const { code, output } = await run(
      'rtx4090',
      [
        {
          ...right,
          serial: '0',
          'power.draw': '401.00',
          'clocks.applications.gr': '[Requested functionality has been deprecated]',
          'memory.total': '[Unknown Error]',
          'fabric.state': 'Completed',
        },
      ],
      1,
    );
    const found = new Map(verdicts(output));
    expect(found.get('0 serial')).toBe('same');
    expect(found.get('0 power.draw')).toBe('near');
    expect(found.get('0 mig.mode.current')).toBe('same');
    expect(found.get('0 clocks.applications.gr')).toBe('not told');
    expect([...found].filter(([, verdict]) => verdict === 'DIFFERS')).toEqual([
      ['0 memory.total', 'DIFFERS'],
      ['0 fabric.state', 'DIFFERS'],
    ]);
    expect(code).toBe(1);
  },
);

testWith(
  ['cc', 'nvmlHeader'],
  'nvidia.sh takes for right what is not told of a chip with the CPU in it, though nvidia-smi prints it',
  async () => {
    const { code, output } = await run('gb10', [said('gb10', 0)], 1);
    const found = new Map(verdicts(output));
    const withheld = [...found].filter(([, verdict]) => verdict === 'withheld');
    expect(withheld.map(([field]) => field)).toEqual([
      '0 utilization.memory',
      '0 utilization.encoder',
      '0 utilization.decoder',
      '0 temperature.memory',
      '0 pcie.link.gen.gpucurrent',
      '0 pcie.link.gen.max',
      '0 pcie.link.width.current',
      '0 pcie.link.width.max',
    ]);
    expect(found.get('0 memory.total')).toBe("the machine's");
    expect(found.get('0 power.limit')).toBe('same');
    expect([...found].filter(([, verdict]) => verdict === 'DIFFERS')).toEqual([]);
    expect(code).toBe(0);
    // Only a 0 means nothing.
    const more = { 'utilization.memory': '40', 'utilization.encoder': '7' };
    const other = await run('gb10', [{ ...said('gb10', 0), ...more }], 1);
    expect(verdicts(other.output).filter(([, verdict]) => verdict === 'DIFFERS')).toEqual([
      ['0 utilization.memory', 'DIFFERS'],
      ['0 utilization.encoder', 'DIFFERS'],
    ]);
    expect(other.code).toBe(1);
  },
);

testWith(
  ['cc', 'nvmlHeader'],
  'nvidia.sh ends with 77 and a line where nvidia-smi finds no GPU',
  async () => {
    const { code, output } = await run('rtx4090', [{ index: 'No devices were found' }], 1);
    expect(output).toBe('nvidia.sh: skipped: nvidia-smi finds no GPU\n');
    expect(code).toBe(77);
  },
);

testWith(
  ['cc', 'nvmlHeader'],
  'nvidia.sh says so where there is no program, and where nvidia-smi fails',
  async () => {
    const none = await run('rtx4090', [said('rtx4090', 0)], 1, { program: '/nowhere/edgegauge' });
    expect(none).toEqual({
      code: 1,
      output: 'nvidia.sh: no program /nowhere/edgegauge: run make build, or name one\n',
    });
    const fails = await run('rtx4090', [said('rtx4090', 0)], 1, { fails: 'Unable to do it' });
    expect(fails.output).toContain('nvidia-smi does not answer the query:\nUnable to do it\n');
    expect(fails.code).toBe(1);
  },
);
