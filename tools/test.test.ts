import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'edgegauge-test-'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('test.sh', () => {
  /** Runs the script on one file of tests: its exit status and its last line. */
  function run(tests: string, ci = ''): { rc: number; last: string } {
    const file = join(dir, 'some.test.ts');
    writeFileSync(file, `import { expect, test } from 'bun:test';\n${tests}`);
    const child = Bun.spawnSync([join(import.meta.dir, 'test.sh'), file], {
      env: { ...process.env, CI: ci },
    });
    const last = child.stdout.toString().trimEnd().split('\n').at(-1) ?? '';
    return { rc: child.exitCode, last };
  }

  const PASS = `test('a', () => expect(1).toBe(1));`;
  const SKIP = `test.skip('s', () => {});`;

  test('ends with the counts', () => {
    expect(run(PASS)).toEqual({ rc: 0, last: '1 passed, 0 failed' });
    expect(run(PASS + SKIP)).toEqual({ rc: 0, last: '1 passed, 0 failed, 1 skipped' });
  });

  test('fails when a test fails, whatever the test printed', () => {
    const fail = `test('f', () => {
      console.log('\\n 9 pass\\n 0 fail\\nRan 9 tests across 1 file. [1.00ms]\\n');
      expect(1).toBe(2);
    });`;
    expect(run(PASS + fail)).toEqual({ rc: 1, last: '1 passed, 1 failed' });
  });

  test('fails when a file cannot be loaded', () => {
    expect(run(`${PASS}\nimport './nowhere.ts';`)).toEqual({ rc: 1, last: '0 passed, 1 failed' });
  });

  test('fails when a test ends the run early', () => {
    expect(run(`${PASS}\ntest('e', () => process.exit(0));`)).toEqual({
      rc: 1,
      last: '0 passed, 1 failed',
    });
  });

  test('fails on a skipped test when CI=true', () => {
    expect(run(PASS + SKIP, 'true')).toEqual({ rc: 1, last: '1 passed, 1 failed, 1 skipped' });
  });
});
