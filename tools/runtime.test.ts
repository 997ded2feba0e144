import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../test/parts.ts';
import { runtimeFor, verify } from './runtime.ts';

let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'edgegauge-runtime-'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('verify()', () => {
  // FIPS 180-2's first example.
  const ABC =
    'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==';
  const ABC_SHA256 = 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';

  test('accepts a file with the hash, and refuses another file and another kind of hash', async () => {
    const file = join(dir, 'abc');
    writeFileSync(file, 'abc');
    await verify(file, ABC, 'abc');
    await expect(verify(file, ABC_SHA256, 'abc')).rejects.toThrow('not a sha512');
    writeFileSync(file, 'abd');
    await expect(verify(file, ABC, 'abc')).rejects.toThrow('abc has sha512-');
  });
});

describe('runtimeFor()', () => {
  function lock(packages: object): void {
    writeFileSync(join(dir, 'package-lock.json'), JSON.stringify({ packages }));
  }

  test('answers this very Bun for the processor it runs on', async () => {
    const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
    expect(await runtimeFor(arch, ROOT)).toBe(process.execPath);
  });

  test('refuses a runtime that the lock file does not pin by hash', async () => {
    lock({ 'node_modules/@oven/bun-linux-aarch64': { version: Bun.version } });
    await expect(runtimeFor('arm64', dir)).rejects.toThrow('does not pin @oven/bun-linux-aarch64');
  });

  test('refuses to build with another Bun than the pinned one', async () => {
    const pin = { version: '0.0.1', integrity: 'sha512-x' };
    lock({ 'node_modules/@oven/bun-linux-aarch64': pin });
    await expect(runtimeFor('arm64', dir)).rejects.toThrow('package-lock.json pins 0.0.1');
  });
});
