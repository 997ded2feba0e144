import { afterEach, beforeEach, describe, expect } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { needs } from '../test/parts.ts';

/** Answers as apt-get does; only the archive called `good` can be read. */
const APT_GET = `#!/bin/bash
if [[ $* == 'update --print-uris' ]]; then cat "$FAKE/uris"; exit; fi
list=$(sed -nE 's/^Dir::Etc::sourcelist "(.*)";/\\1/p' "$3")
[[ $4 == update ]] && cat "$list" >>"$FAKE/tried"
grep -q good "$list" || { echo "E: no such archive" >&2; exit 100; }
[[ $4 == update ]] || cp "$FAKE/tool.deb" tool_1_all.deb
`;

function uri(base: string, suite: string, component: string): string {
  return `'${base}/dists/${suite}/${component}/binary-amd64/Packages.xz' some_file 0 `;
}

describe('parts.sh', () => {
  let dir = '';
  let target = '';

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'edgegauge-apt-'));
    target = join(dir, 'root');
    put('bin/apt-get', APT_GET);
    put('bin/sleep', '#!/bin/sh\n');
    put('deb/DEBIAN/control', 'Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: t\n');
    put('deb/lib/old.so', 'named without /usr');
    put('deb/usr/bin/tool', 'tool');
    const packed = Bun.spawnSync(['dpkg-deb', '-b', join(dir, 'deb'), join(dir, 'tool.deb')]);
    expect(packed.exitCode).toBe(0);
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function put(path: string, text: string): void {
    mkdirSync(join(dir, dirname(path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    chmodSync(join(dir, path), 0o755);
  }

  function parts(...args: readonly string[]): { rc: number; err: string } {
    const { PATH } = process.env;
    const env = { ...process.env, FAKE: dir, PATH: `${dir}/bin:${PATH}` };
    const child = Bun.spawnSync([join(import.meta.dir, 'parts.sh'), ...args], { env });
    return { rc: child.exitCode, err: child.stderr.toString() };
  }

  /** The archives that lists were asked of, in order. */
  function tried(): string[] {
    return [...readFileSync(join(dir, 'tried'), 'utf8').matchAll(/\] (\S+) (.*)$/gm)].map(
      ([, base, rest]) => `${base} ${rest}`,
    );
  }

  const debian = ['dpkg', 'dpkg-deb', 'flock'].every((tool) => Bun.which(tool) !== null);
  function onDebian(name: string, body: () => void): void {
    needs(name, debian || undefined, 'dpkg or flock is missing', body);
  }

  onDebian('asks the archives that the machine takes main from, until one answers', () => {
    const uris = [
      uri('http://a.test/security', 'bookworm-security', 'main'),
      uri('http://a.test/vendor', 'bookworm', 'stable'),
      uri('http://a.test/bad', 'bookworm', 'main'),
      uri('http://a.test/good', 'bookworm', 'main'),
      uri('http://a.test/good', 'bookworm-updates', 'main'),
    ];
    put('uris', `${uris.join('\n')}\n`);
    expect(parts('sid,main,non-free', target, 'tool').rc).toBe(0);
    expect(tried()).toEqual([
      'http://a.test/bad sid main non-free',
      'http://a.test/good sid main non-free',
    ]);
  });

  onDebian('unpacks below a merged /usr, and does nothing the second time', () => {
    put('uris', uri('http://a.test/good', 'bookworm', 'main'));
    expect(parts('sid', target, 'tool').rc).toBe(0);
    expect(readFileSync(join(target, 'usr/bin/tool'), 'utf8')).toBe('tool');
    expect(readFileSync(join(target, 'usr/lib/old.so'), 'utf8')).toBe('named without /usr');
    expect(readFileSync(join(target, 'bin/tool'), 'utf8')).toBe('tool');

    expect(parts('sid', target, 'tool')).toEqual({ rc: 0, err: '' });
    expect(tried()).toHaveLength(1);
  });

  onDebian('takes an interrupted run up again', () => {
    put('uris', uri('http://a.test/good', 'bookworm', 'main'));
    put('root/.parts/apt.killed/debs/tool_1_all.deb', 'half a package');
    expect(parts('sid', target, 'tool').rc).toBe(0);
    expect(existsSync(join(target, '.parts/apt.killed'))).toBe(false);
    expect(existsSync(join(target, 'usr/bin/tool'))).toBe(true);
  });

  onDebian('tries three times, then says what failed and unpacks nothing', () => {
    put('uris', uri('http://a.test/bad', 'bookworm', 'main'));
    const { rc, err } = parts('sid', target, 'tool');
    expect(rc).toBe(1);
    expect(err).toContain('E: no such archive');
    expect(err).toContain('could not download tool of sid from http://a.test/bad');
    expect(tried()).toHaveLength(3);
    expect(existsSync(join(target, 'usr'))).toBe(false);
  });

  onDebian('says so when no Debian mirror is configured', () => {
    put('uris', uri('http://a.test/vendor', 'stable', 'contrib'));
    expect(parts('sid', target, 'tool')).toMatchObject({ rc: 1 });
    expect(existsSync(join(dir, 'tried'))).toBe(false);
  });
});
