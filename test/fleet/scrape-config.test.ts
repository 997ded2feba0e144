/** What `edgegauge scrape-config` prints, as the real promtool reads it. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../edgegauge.ts';
import { type Output, run } from '../package/tree.ts';
import { testWith } from '../parts.ts';

const directory = mkdtempSync(join(tmpdir(), 'edgegauge-scrape-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const scrapeConfig = (...args: readonly string[]): Promise<Output> =>
  run([...command(), 'scrape-config', ...args]);

describe('scrape-config', () => {
  testWith(['promtool'], 'prints a configuration that promtool accepts', async ({ promtool }) => {
    for (const args of [
      ['spark-1'],
      ['spark-1', 'spark-2:99', '::1', '--label=fleet=sparks', '--dialect=node', '--path=/m'],
      ['spark-1', '--tls', '--username=u', `--password-file=${file('password', 'x')}`],
      ['spark-1', '--insecure-skip-verify', '--server-name=s', '--interval=1m30s', '--job=a: b'],
    ]) {
      const { out, code } = await scrapeConfig(...args);
      expect(code).toBe(0);
      const path = file('prometheus.yml', out);
      const checked = await run([promtool, 'check', 'config', path]);
      expect(`${checked.out}${checked.err}`).toContain('SUCCESS');
      expect(checked.code).toBe(0);
    }
  });

  testWith(['promtool'], '--file-sd prints targets that promtool accepts', async ({ promtool }) => {
    const { out } = await scrapeConfig('spark-1', '[::1]:99', '--label=fleet=sparks', '--file-sd');
    const targets = file('targets.json', out);
    const path = file(
      'sd.yml',
      `scrape_configs: [{ job_name: a, file_sd_configs: [{ files: [${targets}] }] }]\n`,
    );
    const checked = await run([promtool, 'check', 'config', path]);
    expect(`${checked.out}${checked.err}`).toContain('SUCCESS');
    expect(checked.code).toBe(0);
  });

  test('refuses with one line what is no machine', async () => {
    expect(await scrapeConfig('http://spark-1')).toEqual({
      code: 1,
      out: '',
      err: 'edgegauge: "http://spark-1" is not a host: expected HOST, HOST:PORT or [IPv6]:PORT\n',
    });
    expect((await scrapeConfig()).err).toContain("missing required argument 'host'");
  });
});
