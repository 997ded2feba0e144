/** The compiled programs, as a user has them. `make build` comes before. */
import { expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ready, scrape, start } from './edgegauge.ts';
import { parse } from './exposition.ts';
import { needs, ROOT, testWith } from './parts.ts';

const binary = (arch: string): string => join(ROOT, 'dist', `edgegauge-linux-${arch}`);
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

async function says(argv: readonly string[], cwd = ROOT): Promise<string> {
  const child = Bun.spawn([...argv], { cwd, stdout: 'pipe', stderr: 'inherit' });
  const text = await child.stdout.text();
  await child.exited;
  return text;
}

needs(
  'the x64 program is this program and serves, its probe included',
  process.arch === 'x64' && existsSync(binary('x64')),
  'dist/edgegauge-linux-x64 on an x64 machine (make build)',
  async () => {
    expect(await says([binary('x64'), 'version'])).toStartWith(`edgegauge, version ${version} `);
    await using running = await start(['--dialect=native,node'], { program: [binary('x64')] });
    await ready(running);
    const names = [...parse(await scrape(running)).keys()];
    for (const name of [
      'memory_total_bytes',
      'node_cpu_seconds_total',
      'storage_size_bytes',
      'node_timex_status',
    ]) {
      expect(names).toContain(name);
    }
  },
);

testWith(
  ['qemuArm64'],
  'the arm64 program is this program and serves',
  async ({ qemuArm64 }) => {
    const program = [qemuArm64.qemu, '-L', qemuArm64.prefix, binary('arm64')];
    expect(await says([...program, 'version'])).toMatch(/linux\/arm64\)\n$/);
    await using running = await start(['--dialect=native,node'], { program });
    const names = [...parse(await scrape(running)).keys()];
    for (const name of ['memory_total_bytes', 'node_cpu_seconds_total', 'edgegauge_build_info']) {
      expect(names).toContain(name);
    }
  },
  300_000,
);

test('the program takes nothing from the directory it is started in', async () => {
  const trap = mkdtempSync(join(tmpdir(), 'edgegauge-'));
  writeFileSync(join(trap, '.env'), 'BUN_OPTIONS=--print=1\n');
  writeFileSync(join(trap, 'evil.ts'), 'console.log("EVIL");\n');
  writeFileSync(join(trap, 'bunfig.toml'), 'preload = ["./evil.ts"]\n');
  const out = await says([binary(process.arch), 'version'], trap);
  expect(out).toStartWith(`edgegauge, version ${version} `);
  expect(out).not.toContain('EVIL');
});
