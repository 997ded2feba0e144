/** The script for machines with a GPU, on one without: nvidia-smi is played by a few lines of shell. */
import { expect } from 'bun:test';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../edgegauge.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { testWith } from '../parts.ts';

const SCRIPT = join(import.meta.dir, 'nvidia.sh');

/** What nvidia-smi would say of the GPU of rtx4090.scenario. */
const SAID = {
  index: '0',
  uuid: 'GPU-9f1c77ae-0d52-4b1e-8a3b-64c0d2e9b715',
  name: 'NVIDIA GeForce RTX 4090',
  driver_version: '570.172.08',
  'pci.bus_id': '00000000:01:00.0',
  serial: '[N/A]',
  'mig.mode.current': '[N/A]',
  'memory.total': '24564',
  'utilization.gpu': '90',
  'power.limit': '449.00',
  'power.draw': '400.10',
  'clocks.max.sm': '3150',
  'clocks_event_reasons.sw_power_cap': 'Active',
  'pcie.link.gen.max': '4',
  pstate: 'P2',
};

const SMI = (said: Readonly<Record<string, string>>): string => `#!/usr/bin/env bash
declare -A said=(${Object.entries(said)
  .map(([name, value]) => `[${name}]='${value}'`)
  .join(' ')})
if [[ $1 == --help-query-gpu ]]; then printf '"%s"\\n' "\${!said[@]}"; exit; fi
IFS=, read -ra names <<<"\${1#--query-gpu=}"
line=
for name in "\${names[@]}"; do line+="\${line:+, }\${said[$name]}"; done
echo "$line"
`;

async function run(
  said: Readonly<Record<string, string>>,
  scrapes: number,
): Promise<{ code: number; output: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-hardware-'));
  using fake = new FakeNvml('rtx4090', { elapsed: 0 });
  const script = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  script('nvidia-smi', SMI(said));
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
  const child = Bun.spawn([SCRIPT, wrapper], {
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

testWith(['cc', 'nvmlHeader'], 'nvidia.sh passes where both say the same', async () => {
  const { code, output } = await run(SAID, 5);
  expect(output).not.toContain('DIFFERS');
  expect(output).toMatch(/^0 +name +NVIDIA GeForce RTX 4090 +NVIDIA GeForce RTX 4090 +same$/m);
  expect(output).toMatch(/^0 +utilization\.gpu +90 +87 +near$/m);
  expect(output).toMatch(/^5 scrapes: RssAnon of the probe \d+ KiB before, \d+ KiB after$/m);
  expect(code).toBe(0);
});

testWith(['cc', 'nvmlHeader'], 'nvidia.sh fails where one says something else', async () => {
  const said = { ...SAID, name: 'NVIDIA Other', 'memory.total': '[N/A]', 'power.draw': '80.00' };
  const { code, output } = await run(said, 1);
  expect(output.match(/^\d+ +\S+(?=.* DIFFERS)/gm)).toEqual([
    '0    name',
    '0    memory.total',
    '0    power.draw',
  ]);
  expect(code).toBe(1);
});

testWith(
  ['cc', 'nvmlHeader'],
  'nvidia.sh ends with 77 and a line where nvidia-smi finds no GPU',
  async () => {
    const { code, output } = await run({ index: 'No devices were found' }, 1);
    expect(output).toBe('nvidia.sh: skipped: nvidia-smi finds no GPU\n');
    expect(code).toBe(77);
  },
);
