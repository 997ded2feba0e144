import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs, testWith } from './parts.ts';

describe('needs()', () => {
  let dir = '';

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'edgegauge-parts-'));
    writeFileSync(
      join(dir, 'some.test.ts'),
      `import { needs } from ${JSON.stringify(join(import.meta.dir, 'parts.ts'))};
       needs('has it', 'a path', 'unused', (found) => console.log('given', found));
       needs('lacks it', undefined, 'no flux capacitor', () => console.log('ran'));`,
    );
  });

  afterAll(() => rmSync(dir, { recursive: true }));

  function run(ci: string): { rc: number; out: string } {
    const child = Bun.spawnSync([process.execPath, 'test', './some.test.ts'], {
      cwd: dir,
      env: { ...process.env, CI: ci },
    });
    return { rc: child.exitCode, out: `${child.stdout}${child.stderr}` };
  }

  test('skips with one line that says what is missing, and runs the others', () => {
    const { rc, out } = run('');
    expect(out.split('\n').filter((line) => line.startsWith('skipped:'))).toEqual([
      'skipped: lacks it: no flux capacitor',
    ]);
    expect(out).toContain('given a path');
    expect(out).not.toContain('ran');
    expect(out).toMatch(/^ 1 pass$/m);
    expect(out).toMatch(/^ 1 skip$/m);
    expect(rc).toBe(0);
  });

  test('fails instead when CI=true', () => {
    const { rc, out } = run('true');
    expect(out).toContain('missing: no flux capacitor');
    expect(out).not.toContain('skipped:');
    expect(out).toMatch(/^ 1 fail$/m);
    expect(rc).toBe(1);
  });

  needs('hands over what was found', 7, 'unused', (found) => expect(found).toBe(7));
});

describe('testWith()', () => {
  testWith(['nodeExporter'], 'finds node_exporter 1.9', ({ nodeExporter }) => {
    expect(versionOf(nodeExporter)).toStartWith('node_exporter, version 1.9.');
  });

  testWith(['prometheus', 'promtool'], 'finds Prometheus 2 and promtool', (found) => {
    expect(versionOf(found.prometheus)).toStartWith('prometheus, version 2.');
    expect(versionOf(found.promtool)).toStartWith('promtool, version 2.');
  });

  testWith(['cc'], 'finds a C compiler that works', ({ cc }) => {
    const source = new TextEncoder().encode('#include <stdio.h>\nint main(void) { return 0; }');
    const built = Bun.spawnSync([cc, '-xc', '-fsyntax-only', '-'], { stdin: source });
    expect(built.exitCode).toBe(0);
  });

  testWith(['qemuArm64'], 'runs a dynamically linked arm64 program', ({ qemuArm64 }) => {
    const { qemu, prefix } = qemuArm64;
    const child = Bun.spawnSync([qemu, `${prefix}/usr/lib/aarch64-linux-gnu/libc.so.6`], {
      env: { QEMU_LD_PREFIX: prefix },
    });
    expect(child.stdout.toString()).toContain('GNU C Library');
  });

  testWith(['fuse'], 'finds a FUSE device', ({ fuse }) => expect(fuse).toBe('/dev/fuse'));

  testWith(['bwrap'], 'hides a directory with bubblewrap', ({ bwrap }) => {
    const child = Bun.spawnSync([bwrap, '--bind', '/', '/', '--tmpfs', '/etc', 'ls', '/etc']);
    expect(child.stdout.toString()).toBe('');
    expect(child.exitCode).toBe(0);
  });
});

/** First line of `--version`, which node_exporter before 1.6 and promtool print to either stream. */
function versionOf(program: string): string {
  const child = Bun.spawnSync([program, '--version']);
  return `${child.stdout}${child.stderr}`.split('\n', 1)[0] ?? '';
}
