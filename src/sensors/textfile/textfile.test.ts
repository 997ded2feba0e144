import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exposed } from '../../../test/exposed.ts';
import { testWith } from '../../../test/parts.ts';
import { textfile as fixture } from '../../../test/trees/textfile.ts';
import type { Tree } from '../../../test/trees/tree.ts';
import { both } from '../compare.fixture.ts';
import { type Guard, UNGUARDED } from '../guard.ts';
import { textfile } from './textfile.ts';

const PATHS = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };

let dir = '';
const complaints: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'edgegauge-textfile-'));
  complaints.length = 0;
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Written elsewhere and renamed, as everybody should. */
function put(name: string, content: string | Uint8Array): void {
  writeFileSync(`${dir}/.new`, content);
  renameSync(`${dir}/.new`, `${dir}/${name}`);
}

const expose = (directory: readonly string[] = [dir], guard: Guard = UNGUARDED): Exposed =>
  new Exposed(textfile(PATHS, guard, { directory }, (message) => complaints.push(message)));

/** Without what the collector says of the files. */
const content = (lines: readonly string[]): string[] =>
  lines.filter((line) => !line.startsWith('node_textfile_'));

const OK = 'node_textfile_scrape_error 0';
const WRONG = 'node_textfile_scrape_error 1';

describe('textfile()', () => {
  test('shows the families of all files, in both dialects', () => {
    put('a.prom', '# HELP a_total From A.\n# TYPE a_total counter\na_total{from="a"} 1\n');
    put('b.prom', '# TYPE a_total counter\na_total{from="b"} 2\nx NaN\n');
    utimesSync(`${dir}/a.prom`, 1_700_000_000.9, 1_700_000_000.9);
    const exposed = expose();
    const lines = exposed.sample();
    expect(content(lines)).toEqual(['a_total{from="a"} 1', 'a_total{from="b"} 2', 'x NaN']);
    expect(lines).toContain(`node_textfile_mtime_seconds{file="${dir}/a.prom"} 1700000000`);
    expect(lines).toContain(OK);
    const page = exposed.text('native');
    expect(page).toContain('# HELP a_total From A.\n# TYPE a_total counter\na_total{from="a"} 1\n');
    expect(page).toContain(`# HELP x Read from ${dir}/b.prom.\n# TYPE x untyped\nx NaN\n`);
    expect(page).toContain('textfile_scrape_error 0\n');
    expect(complaints).toEqual([]);
  });

  test('shows histograms and summaries whole', () => {
    const text =
      '# HELP h Of H.\n# TYPE h histogram\nh_bucket{le="0.5"} 1\nh_bucket{le="2"} 3\nh_bucket{le="+Inf"} 4\nh_sum 9.5\nh_count 4\n' +
      '# HELP s Of S.\n# TYPE s summary\ns{quantile="0.5"} 2\ns_sum 7\ns_count 4\n';
    put('a.prom', text);
    const exposed = expose();
    exposed.sample();
    expect(exposed.text()).toContain(text.slice(0, text.indexOf('# HELP s')));
    expect(exposed.text()).toContain(text.slice(text.indexOf('# HELP s')));
  });

  test('reads a file again when it has changed, and shows nothing of one that is gone', () => {
    put('a.prom', 'a 1\nb 1\n');
    const exposed = expose();
    expect(content(exposed.sample())).toEqual(['a 1', 'b 1']);
    put('a.prom', 'a 2\n');
    expect(content(exposed.sample())).toEqual(['a 2']);
    put('z.prom', 'c 3\n');
    expect(content(exposed.sample())).toEqual(['a 2', 'c 3']);
    rmSync(`${dir}/a.prom`);
    expect(exposed.sample()).toHaveLength(3);
  });

  test('does not take a change of values for a change of what there is', () => {
    put('a.prom', 'a{x="1"} 1\n');
    const exposed = expose();
    exposed.sample();
    const { version } = exposed.layout;
    put('a.prom', 'a{x="1"} 2\n');
    expect(content(exposed.sample())).toEqual(['a{x="1"} 2']);
    expect(exposed.layout.version).toBe(version);
  });

  test('takes other bounds, another type and another help for what they are', () => {
    const histogram = (bound: string): string =>
      `# TYPE h histogram\nh_bucket{le="${bound}"} 1\nh_count 1\nh_sum 1\n`;
    put('a.prom', histogram('1'));
    const exposed = expose();
    expect(exposed.sample()).toContain('h_bucket{le="1"} 1');
    put('a.prom', histogram('2'));
    expect(content(exposed.sample())[0]).toBe('h_bucket{le="2"} 1');
    put('a.prom', '# HELP x One.\n# TYPE x gauge\nx 1\n');
    exposed.sample();
    put('a.prom', '# HELP x Two.\n# TYPE x counter\nx 1\n');
    exposed.sample();
    expect(exposed.text()).toContain('# HELP x Two.\n# TYPE x counter\nx 1\n');
  });

  test('names a bad file with its line, once, and shows nothing of it until it is mended', () => {
    put('a.prom', 'a 1\n');
    put('bad.prom', 'good 1\nbad{ 2\n');
    const exposed = expose();
    const lines = exposed.sample();
    expect(content(lines)).toEqual(['a 1']);
    expect(lines).toContain(WRONG);
    expect(lines.some((line) => line.includes('bad.prom'))).toBe(false);
    exposed.sample();
    exposed.registry.rediscover();
    expect(complaints).toEqual([`${dir}/bad.prom: line 2: no label can be read from  2`]);
    put('bad.prom', 'good 1\n');
    expect(content(exposed.sample())).toEqual(['a 1', 'good 1']);
    expect(exposed.text()).toContain(`${OK}\n`);
    put('bad.prom', 'good 1 2\n');
    expect(exposed.sample()).toContain(WRONG);
    expect(complaints).toHaveLength(2);
  });

  test('leaves out the later file of two that have the same sample', () => {
    put('a.prom', 'x{l="1"} 1\n');
    put('b.prom', 'y 1\nx{l="1",m=""} 2\n');
    const lines = expose().sample();
    expect(content(lines)).toEqual(['x{l="1"} 1']);
    expect(lines).toContain(WRONG);
    expect(lines.filter((line) => line.startsWith('node_textfile_mtime'))).toHaveLength(1);
    expect(complaints).toEqual([`${dir}/b.prom: line 2: a sample of x is in ${dir}/a.prom too`]);
  });

  test('leaves out the later file of two that call a family by different types', () => {
    put('a.prom', '# TYPE x gauge\nx{l="1"} 1\n');
    put('b.prom', 'y 1\nx{l="2"} 2\n');
    expect(content(expose().sample())).toEqual(['x{l="1"} 1']);
    expect(complaints).toEqual([
      `${dir}/b.prom: TYPE of x is unknown here and gauge in ${dir}/a.prom`,
    ]);
  });

  test('leaves out a family whose help differs, but not the rest of its file', () => {
    put('a.prom', '# HELP x One.\nx{l="1"} 1\n');
    put('b.prom', '# HELP x Two.\nx{l="2"} 2\ny 3\n');
    put('c.prom', 'x{l="3"} 4\n');
    const lines = expose().sample();
    expect(content(lines)).toEqual(['x{l="1"} 1', 'x{l="3"} 4', 'y 3']);
    expect(lines).toContain(WRONG);
    expect(lines.filter((line) => line.startsWith('node_textfile_mtime'))).toHaveLength(3);
    expect(complaints).toEqual([`${dir}/b.prom: HELP of x is another one in ${dir}/a.prom`]);
  });

  test('reads only *.prom, and files that are empty', () => {
    put('notes.txt', 'not for the collector {{{\n');
    put('prom', '{{{\n');
    put('empty.prom', '');
    const lines = expose().sample();
    expect(lines.filter((line) => line.startsWith('node_textfile_mtime'))).toHaveLength(1);
    expect(lines).toContain(OK);
  });

  test('does not open what is no file', () => {
    mkdirSync(`${dir}/d.prom`);
    expect(Bun.spawnSync(['mkfifo', `${dir}/f.prom`]).exitCode).toBe(0);
    symlinkSync(`${dir}/nowhere`, `${dir}/l.prom`);
    expect(expose().sample()).toContain(WRONG);
    expect(complaints).toEqual([
      `${dir}/d.prom: it is no file`,
      `${dir}/f.prom: it is no file`,
      `${dir}/l.prom: it is a link that leads nowhere`,
    ]);
  });

  test('follows links to files', () => {
    put('target', 'a 1\n');
    symlinkSync(`${dir}/target`, `${dir}/l.prom`);
    const exposed = expose();
    expect(content(exposed.sample())).toEqual(['a 1']);
    put('target', 'a 2\n');
    expect(content(exposed.sample())).toEqual(['a 2']);
  });

  test('reads a file whose name is not UTF-8', () => {
    const name = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xff]), Buffer.from('.prom')]);
    writeFileSync(name, 'a 1\n');
    const lines = expose().sample();
    expect(content(lines)).toEqual(['a 1']);
    expect(lines.some((line) => line.includes(`${dir}/\ufffd.prom`))).toBe(true);
  });

  test('reads several directories and patterns, each file once', () => {
    for (const name of ['one', 'two']) {
      mkdirSync(`${dir}/${name}`);
      writeFileSync(`${dir}/${name}/x.prom`, `${name} 1\n`);
    }
    const exposed = expose([`${dir}/two`, `${dir}/*`, `${dir}/one/`]);
    expect(content(exposed.sample())).toEqual(['one 1', 'two 1']);
    mkdirSync(`${dir}/three`);
    writeFileSync(`${dir}/three/x.prom`, 'three 1\n');
    expect(content(exposed.sample())).toEqual(['one 1', 'three 1', 'two 1']);
    expect(complaints).toEqual([]);
  });

  test('says that a directory is missing, and reads it when it appears', () => {
    const exposed = expose([`${dir}/later`]);
    expect(exposed.sample()).toEqual([WRONG]);
    expect(complaints).toEqual([`${dir}/later: no such file or directory`]);
    mkdirSync(`${dir}/later`);
    expect(exposed.sample()).toEqual([OK]);
  });

  test('is content without a directory', () => {
    expect(expose([]).sample()).toEqual([OK]);
    expect(expose(['']).sample()).toEqual([OK]);
  });

  test('leaves a directory alone that hung a former probe', () => {
    put('a.prom', 'a 1\n');
    const guard: Guard = { enter: (path) => path !== dir, leave() {} };
    expect(expose([dir], guard).sample()).toEqual([WRONG]);
    expect(complaints).toEqual([`${dir}: it does not answer`]);
  });
});

/** Written as files `0.prom`, `1.prom` …; node_exporter and this source must agree on them. */
const ALIKE: readonly (readonly string[])[] = [
  ['# HELP a A.\n# TYPE a gauge\na{x="1"} 1\n', '# HELP a A.\n# TYPE a gauge\na{x="2"} 2\n'],
  ['# HELP a A.\na{x="1"} 1\n', '# HELP a B.\na{x="2"} 2\nb 1\n'],
  ['a{x="1"} 1\n', 'a{x="2"} 2\n'],
  ['# TYPE a GAUGE\na{x="1"} 1\na{y="1",x=""} NaN\n'],
  ['a 1\nb 2 1700000000000\n', 'c 3\n'],
  ['# TYPE a histogram\na_bucket{le="1.50"} 2\na_bucket{le="+Inf"} 3\na_sum 4\na_count 3\n'],
  ['# TYPE a summary\na{quantile="0.90",l="x"} 2\na_sum{l="x"} 4\na_count{l="x"} 3\n'],
  ['#TYPE a counter\n a{x="\\\\\\"\\n"} +Inf\nb\t-inf\nc 1e-400\nd 18446744073709551615\n'],
  ['a 1\n', 'no end', 'a-b 1\n', 'x{y=z} 1\n', 'x 1e999\n', 'x 0x10\n', 'x{a="\xff"} 1\n'],
  ['# TYPE x gauge\n# TYPE x gauge\n', '# HELP x y\\z\n', '# TYPE x nothing\nx 1\n', 'x 1 \n'],
];

describe('textfile() and node_exporter', () => {
  for (const [i, files] of ALIKE.entries()) {
    testWith(['nodeExporter'], `agree on example ${i}`, async ({ nodeExporter }) => {
      for (const [k, text] of files.entries()) put(`${k}.prom`, Buffer.from(text, 'latin1'));
      const { theirs, ours } = await compare(nodeExporter);
      expect(ours).toEqual(theirs);
    });
  }

  testWith(['nodeExporter'], 'agree on the files of the fixture machines', async (found) => {
    const tree: Tree = new Map();
    fixture(tree, 'h');
    for (const [path, text] of tree) put(path.split('/').at(-1) as string, text as string);
    const { theirs, ours } = await compare(found.nodeExporter);
    expect(ours).toEqual(theirs);
    expect(Object.keys(theirs).length).toBeGreaterThan(12);
  });
});

function compare(program: string): ReturnType<typeof both> {
  const source = textfile(PATHS, UNGUARDED, { directory: [dir] }, () => {});
  return both(program, 'textfile', PATHS, source, [`--collector.textfile.directory=${dir}`]);
}
