import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { binaryName, compile } from '../tools/build.ts';
import { type Arch, runtimeFor } from '../tools/runtime.ts';
import { stampOf } from '../tools/stamp.ts';
import { ROOT, testWith } from './parts.ts';

const STAMP = { commit: '0123abcd', date: '2026-01-02T03:04:05Z' };

/** A program that says what it knows about itself and what it lets others do to it. */
const PROGRAM = `
import { BUILD_DATE, COMMIT, VERSION } from './self/version.ts';
import { arch } from 'node:process';
let evaluated = true;
try { new Function('return 1')(); } catch { evaluated = false; }
await Promise.resolve();
console.log(JSON.stringify({
  VERSION, COMMIT, BUILD_DATE, arch, evaluated,
  dotenv: process.env['FROM_DOTENV'] ?? '', preloaded: 'preloaded' in globalThis,
  url: import.meta.url,
}));
`;

let dir = '';

beforeAll(() => {
  // Not below /tmp: half a gigabyte does not belong into what may be memory.
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  dir = mkdtempSync(join(ROOT, '.cache', 'build-test-'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Builds the tree at `root` into `dir/name`, and answers the path of the executable. */
async function build(root: string, arch: Arch, name: string): Promise<string> {
  const outfile = join(dir, name, binaryName(arch));
  compile({ root, arch, runtime: await runtimeFor(arch, ROOT), outfile, stamp: STAMP });
  return outfile;
}

async function hashOf(file: string): Promise<string> {
  return new Bun.CryptoHasher('sha256').update(await Bun.file(file).bytes()).digest('hex');
}

/** A checkout with {@link PROGRAM} in the place of src/main.ts. */
function checkout(name: string): string {
  const root = join(dir, name);
  mkdirSync(join(root, 'src', 'self'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "version": "1.2.3", "type": "module" }');
  writeFileSync(join(root, 'src', 'main.ts'), PROGRAM);
  copyFileSync(join(ROOT, 'src/self/version.ts'), join(root, 'src/self/version.ts'));
  return root;
}

const SAID = {
  VERSION: '1.2.3',
  COMMIT: STAMP.commit,
  BUILD_DATE: STAMP.date,
  evaluated: false,
  dotenv: '',
  preloaded: false,
};

describe('compile()', () => {
  test('makes the same bytes of the same sources in two directories', async () => {
    const one = await build(checkout('one'), 'x64', 'out/one');
    const two = await build(checkout('deeper/two'), 'x64', 'out/two');
    expect(await hashOf(two)).toBe(await hashOf(one));
  });

  test('makes the same bytes of this checkout twice', async () => {
    const one = await build(ROOT, 'x64', 'out/this');
    const two = await build(ROOT, 'x64', 'out/again');
    expect(await hashOf(two)).toBe(await hashOf(one));
    expect(readdirSync(dirname(one))).toEqual([basename(one)]);
  });

  describe.skipIf(process.arch !== 'x64')('makes a program that', () => {
    let program = '';
    let hostile = '';

    beforeAll(async () => {
      program = await build(checkout('hardened'), 'x64', 'out/hardened');
      hostile = join(dir, 'hostile');
      mkdirSync(hostile);
      writeFileSync(join(hostile, 'evil.ts'), 'globalThis.preloaded = true;\n');
      writeFileSync(join(hostile, '.env'), 'FROM_DOTENV=1\n');
      writeFileSync(join(hostile, 'bunfig.toml'), 'preload = ["./evil.ts"]\n');
    });

    test('obeys no file of the directory it is started from', () => {
      const child = Bun.spawnSync([program], { cwd: hostile, env: {} });
      expect(child.stderr.toString()).toBe('');
      expect(JSON.parse(child.stdout.toString())).toMatchObject({ ...SAID, arch: 'x64' });
    });

    test('does not run with a module that BUN_OPTIONS preloads', () => {
      const env = { BUN_OPTIONS: '--preload ./evil.ts' };
      const child = Bun.spawnSync([program], { cwd: hostile, env });
      expect(child.stdout.toString()).toBe('');
      expect(child.exitCode).toBe(1);
    });
  });

  testWith(['qemuArm64'], 'makes an arm64 program that runs', async ({ qemuArm64 }) => {
    const program = await build(checkout('arm64'), 'arm64', 'out/arm64');
    const env = { QEMU_LD_PREFIX: qemuArm64.prefix };
    const child = Bun.spawnSync([qemuArm64.qemu, program], { env });
    expect(JSON.parse(child.stdout.toString())).toMatchObject({ ...SAID, arch: 'arm64' });
  });

  test('throws with what Bun says when a module is missing', async () => {
    const root = checkout('broken');
    writeFileSync(join(root, 'src', 'main.ts'), "import './nowhere.ts';\n");
    await expect(build(root, 'x64', 'out/broken')).rejects.toThrow('./nowhere.ts');
  });
});

describe('stampOf()', () => {
  function git(root: string, ...args: readonly string[]): void {
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false'];
    const env = { ...process.env, GIT_COMMITTER_DATE: '@1700000000 +0900' };
    const child = Bun.spawnSync(['git', '-C', root, ...who, ...args], { env });
    if (child.exitCode !== 0) throw new Error(child.stderr.toString());
  }

  test('gives commit and commit date in UTC, and says when files were changed', () => {
    const root = checkout('repository');
    git(root, 'init', '-q');
    expect(stampOf(root)).toEqual({ commit: 'unknown', date: 'unknown' });
    git(root, 'add', '.');
    git(root, 'commit', '-q', '-m', 'one');
    git(root, 'tag', 'v1');
    const clean = stampOf(root);
    expect(clean.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(clean.date).toBe('2023-11-14T22:13:20Z');

    writeFileSync(join(root, 'package.json'), '{}');
    expect(stampOf(root)).toEqual({ ...clean, commit: `${clean.commit}-dirty` });
  });

  test('does not take the commit of a repository around the tree', () => {
    expect(stampOf(checkout('repository/inner'))).toEqual({
      commit: 'unknown',
      date: 'unknown',
    });
  });

  test('obeys SOURCE_DATE_EPOCH, and refuses one that is no number', () => {
    expect(stampOf(dir, '1').date).toBe('1970-01-01T00:00:01Z');
    expect(() => stampOf(dir, 'now')).toThrow("not 'now'");
  });
});
