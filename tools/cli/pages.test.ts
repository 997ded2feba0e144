/** Completions and manual pages, as the shells and groff read them. */
import { describe, expect, test } from 'bun:test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '../../src/config/settings.ts';
import { testWith } from '../../test/parts.ts';
import { bash } from './bash.ts';
import { commands } from './commands.ts';
import { fish } from './fish.ts';
import { man5 } from './man5.ts';
import { man8 } from './man8.ts';
import { zsh } from './zsh.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-pages-'));

function written(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function said(argv: readonly string[]): { code: number; out: string; err: string } {
  const child = Bun.spawnSync([...argv], {
    stderr: 'pipe',
    env: { ...process.env, HOME: directory },
  });
  return { code: child.exitCode, out: child.stdout.toString(), err: child.stderr.toString() };
}

describe('commands()', () => {
  test('has every command with every flag of the settings', () => {
    const all = commands();
    expect(all.map((c) => c.path.join(' '))).toEqual(
      expect.arrayContaining(['serve', 'snapshot', 'doctor', 'check-config', 'version']),
    );
    const flags = all.find((c) => c.isDefault)?.flags.map((f) => f.flag) ?? [];
    for (const { flag, kind, default: value } of SETTINGS) {
      expect(flags).toContain(kind === 'boolean' && value === true ? `--no-${flag}` : `--${flag}`);
    }
  });
});

describe('bash()', () => {
  const file = written('edgegauge.bash', bash(commands()));

  /** What is offered when these words are on the line and the last one is completed. */
  function offered(...words: readonly string[]): string[] {
    const line = ['edgegauge', ...words].map((w) => `'${w}'`).join(' ');
    const script = `source ${file}; COMP_WORDS=(${line}); COMP_CWORD=${words.length}
      compopt() { :; }; _edgegauge; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { out, err } = said(['bash', '--norc', '-c', script]);
    expect(err).toBe('');
    return out.split('\n').filter((word) => word !== '');
  }

  test('offers commands, and the flags of the command that stands there', () => {
    expect(offered('sn')).toEqual(['snapshot']);
    expect(offered('')).toContain('doctor');
    expect(offered('').filter((word) => word.startsWith('-'))).toEqual([]);
    expect(offered('--ver')).toEqual(['--version']);
    expect(offered('doctor', '--js')).toEqual(['--json']);
    expect(offered('serve', '--js')).toEqual([]);
    expect(offered('serve', '--web.listen')).toEqual(['--web.listen-address=']);
    expect(offered('--web.listen')).toEqual(['--web.listen-address=']);
  });

  test('offers values where there are few, with and without a space before them', () => {
    expect(offered('serve', '--dialect', 'n')).toEqual(['native', 'node']);
    expect(offered('serve', '--dialect', '=', 'd')).toEqual(['dcgm']);
    expect(offered('serve', '--dialect', '=')).toEqual(['native', 'node', 'dcgm']);
    expect(offered('serve', '--poll.interval', '=', '')).toEqual([]);
  });

  test('offers files where a file is asked for', () => {
    expect(offered('check-config', `${directory}/edgegauge.b`)).toEqual([file]);
    expect(offered('serve', '--config.file', '=', `${directory}/edgegauge.b`)).toEqual([file]);
  });
});

describe('zsh()', () => {
  const file = written('_edgegauge', zsh(commands()));

  testWith(['zsh'], 'makes a file that zsh reads', ({ zsh: program }) => {
    expect(said([program, '-f', '-n', file])).toEqual({ code: 0, out: '', err: '' });
  });

  testWith(['zsh'], 'has every command and the words of every flag’s value', ({ zsh: program }) => {
    // What zsh would be told for a command line, with its own helpers replaced by ones that print.
    const script = `_arguments() { print -rl -- "$@" }; _describe() { print -rl -- \${(P)2} }
      words=(edgegauge $1); CURRENT=$2; source ${file}`;
    const top = said([program, '-f', '-c', script, 'zsh', '', '2']);
    expect(top.out).toContain('snapshot:print the metrics once and exit\n');
    const serve = said([program, '-f', '-c', script, 'zsh', 'serve', '3']);
    expect(serve.out).toMatch(/^\*--dialect=\[.*\]:value:\(native node dcgm\)$/m);
    expect(serve.out).toMatch(/^\*--config\.file=\[.*\]:file:_files$/m);
    expect(serve.err).toBe('');
  });
});

describe('fish()', () => {
  const file = written('edgegauge.fish', fish(commands()));

  testWith(['fish'], 'offers commands, flags and values', ({ fish: program }) => {
    const offered = (line: string): string[] => {
      const { out, err } = said([
        program,
        '--no-config',
        '-c',
        `source ${file}; complete -C '${line}'`,
      ]);
      expect(err).toBe('');
      return out.split('\n').map((l) => l.split('\t')[0] ?? '');
    };
    expect(offered('edgegauge sn')).toContain('snapshot');
    expect(offered('edgegauge doctor --js')).toContain('--json');
    expect(offered('edgegauge serve --js')).not.toContain('--json');
    expect(offered('edgegauge --log.le')).toContain('--log.level');
    expect(offered('edgegauge serve --log.level=w')).toContain('--log.level=warn');
  });
});

describe('manual pages', () => {
  const about = { version: '1.2.3', date: '2026-01-02T00:00:00Z' };

  testWith(['groff'], 'are read by groff without a warning, and have everything', ({ groff }) => {
    const read = (name: string, page: string): string => {
      const { out, err } = said([
        groff,
        '-man',
        '-Tutf8',
        '-Kutf8',
        '-ww',
        '-P-cbou',
        written(name, page),
      ]);
      expect(err).toBe('');
      return out.replaceAll('‐', '-').replaceAll('−', '-');
    };
    const eight = read('edgegauge.8', man8(about));
    expect(eight).toContain('edgegauge 1.2.3');
    for (const { path } of commands()) expect(eight).toContain(path.join(' '));
    // Of the same name as a flag of the settings, and of another meaning.
    expect(eight).toMatch(/--web\.config\.file=file\s+web configuration to install/);
    expect(eight).toMatch(/--dialect=name\s+/);
    const five = read('edgegauge.yaml.5', man5(about));
    for (const { path } of SETTINGS) expect(five).toContain(path);
  });
});
