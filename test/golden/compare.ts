/** Compares a page with the one that is checked in. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of a difference that are worth reading. */
const SHOWN = 30;

/**
 * Fails with the lines that are in one of the two alone: the page, and the file of that name in test/golden.
 * With `UPDATE_GOLDEN=1` the file is written first.
 */
export function compare(file: string, page: string): void {
  const path = join(import.meta.dir, file);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, page);
  const golden = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (golden === page) return;
  const [was, is] = [golden.split('\n'), page.split('\n')];
  const only = (sign: string, lines: string[], others: string[]): string[] => {
    const there = new Set(others);
    return lines.filter((line) => !there.has(line)).map((line) => `${sign} ${line}`);
  };
  const lines = [...only('-', was, is), ...only('+', is, was)];
  const shown = lines.length === 0 ? ['the order of lines'] : lines.slice(0, SHOWN);
  throw new Error(`${file} differs in ${lines.length} lines:\n${shown.join('\n')}`);
}
