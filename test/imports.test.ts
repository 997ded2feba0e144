import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Glob } from 'bun';
import { ROOT } from './parts.ts';

/**
 * Who may import whom (ARCHITECTURE.md). A part may always import its own folder and packages; `cli`
 * wires everything together and is under no rule.
 */
const RULES: Readonly<Record<string, readonly string[]>> = {
  'src/catalog': [],
  'src/board': ['src/catalog'],
  'src/text': ['src/board', 'src/catalog'],
  'src/web': ['src/board', 'src/catalog'],
  'src/host': ['src/board', 'src/catalog', 'ffi'],
  'src/sensors': ['src/board', 'src/catalog'],
  'src/serving': ['src/board', 'src/catalog'],
  'src/gpu': ['src/board', 'src/catalog', 'ffi'],
  'src/self': ['src/board', 'src/catalog', 'package.json'],
  'src/probe': ['src/board', 'src/catalog'],
  'src/config': ['src/catalog', 'src/web/address.ts'],
  'src/install': ['src/config', 'src/web', 'packaging', 'config'],
  'src/fleet': ['src/catalog', 'src/config', 'src/install', 'src/web'],
  ffi: [],
};

/** Folder that a path of the repository belongs to: `src/text`, `ffi`. */
const partOf = (path: string): string => {
  const [first = '', second = ''] = path.split('/');
  return first === 'src' ? `${first}/${second}` : first;
};

/** Every module that a file imports from the repository, as paths from its root. Types count: they tie too. */
function imports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found: string[] = [];
  for (const [, from] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    found.push(normalize(join(dirname(file), from as string)));
  }
  return found;
}

const files = [...new Glob('{src,ffi}/**/*.ts').scanSync(ROOT)].filter(
  (f) => !/\.(test|fixture)\.ts$/.test(f) && f !== 'src/main.ts',
);

test('every folder of src has a rule', () => {
  const parts = new Set(files.map(partOf));
  parts.delete('src/cli');
  expect([...parts].filter((p) => RULES[p] === undefined)).toEqual([]);
});

test('every import keeps to the rules', () => {
  const broken: string[] = [];
  for (const file of files) {
    const part = partOf(file);
    const allowed = RULES[part];
    if (allowed === undefined) continue;
    for (const target of imports(file)) {
      const other = partOf(target);
      const may = other === part || allowed.includes(other) || allowed.includes(target);
      if (!may) broken.push(`${file} imports ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

test('no module brings Node’s streams along when it is loaded (docs/adr/0005)', () => {
  const heavy = /from '(?:node:)?(?:child_process|http|net|readline|stream|tls|util|zlib)'/;
  const log = readFileSync(join(ROOT, 'src/cli/log.ts'), 'utf8');
  expect(log).not.toContain('process.stderr.');
  expect(files.filter((f) => heavy.test(readFileSync(join(ROOT, f), 'utf8')))).toEqual([]);
});

test('ptr() is called in ffi/arena.ts alone', () => {
  const callers = files.filter(
    (f) => f !== 'ffi/arena.ts' && /\bptr\(/.test(readFileSync(join(ROOT, f), 'utf8')),
  );
  expect(callers).toEqual([]);
});
