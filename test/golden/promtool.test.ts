/** promtool's opinion of our names. What it objects to is in promtool.exceptions, each line with its reason. */
import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testWith } from '../parts.ts';

const EXCEPTIONS = readFileSync(join(import.meta.dir, 'promtool.exceptions'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('  # '));

/** Exit code of `promtool check metrics` when it has read everything and objects to something. */
const OBJECTS = 3;

const pages = readdirSync(import.meta.dir, { encoding: 'utf8', recursive: true }).filter((file) =>
  file.endsWith('.text.txt'),
);

async function check(promtool: string, page: string): Promise<string[]> {
  const stdin = Bun.file(join(import.meta.dir, page));
  const child = Bun.spawn([promtool, 'check', 'metrics'], {
    stdin,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const said = (await child.stdout.text()) + (await child.stderr.text());
  const lines = said.split('\n').filter((line) => line !== '');
  // A page that it cannot parse is neither.
  expect([await child.exited, page]).toEqual([lines.length === 0 ? 0 : OBJECTS, page]);
  return lines;
}

testWith(
  ['promtool'],
  'promtool objects to the names in promtool.exceptions and to no other',
  async (found) => {
    expect(pages.length).toBeGreaterThan(0);
    const said = await Promise.all(pages.map((page) => check(found.promtool, page)));
    expect([...new Set(said.flat())].sort()).toEqual(
      EXCEPTIONS.map(([message = '']) => message).sort(),
    );
  },
);

test('every exception has a reason, and none is about a name of our own', () => {
  for (const [message, reason] of EXCEPTIONS) {
    const theirs = message?.startsWith('DCGM_FI_') ? /^dcgm-exporter's / : /^node_exporter's name/;
    expect(reason, message).toMatch(theirs);
    expect(message).toMatch(/^(node_|DCGM_FI_)/);
  }
});
