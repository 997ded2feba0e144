import { describe, expect, test } from 'bun:test';
import { parse } from 'yaml';
import { fileSd, type ScrapeOptions, scrapeJob } from './scrape-config.ts';

const options = (more: Partial<ScrapeOptions> = {}): ScrapeOptions => ({
  port: '9835',
  job: 'edgegauge',
  interval: '15s',
  path: '/metrics',
  dialects: [],
  labels: [],
  tls: false,
  caFile: undefined,
  certFile: undefined,
  keyFile: undefined,
  serverName: undefined,
  insecureSkipVerify: false,
  username: undefined,
  passwordFile: undefined,
  ...more,
});

const job = (hosts: readonly string[], more: Partial<ScrapeOptions> = {}): unknown =>
  (parse(scrapeJob(hosts, options(more))) as { scrape_configs: unknown[] }).scrape_configs[0];

describe('scrapeJob()', () => {
  test('is a job with the targets and nothing that Prometheus does by itself', () => {
    expect(job(['spark-1', 'spark-2:99'])).toEqual({
      job_name: 'edgegauge',
      scrape_interval: '15s',
      static_configs: [{ targets: ['spark-1:9835', 'spark-2:99'] }],
    });
  });

  test('has dialects, labels and another path', () => {
    const more = { dialects: ['native', 'node'], labels: ['fleet=sparks', 'note=a=b'], path: '/m' };
    expect(job(['a'], more)).toMatchObject({
      metrics_path: '/m',
      params: { dialect: ['native,node'] },
      static_configs: [{ targets: ['a:9835'], labels: { fleet: 'sparks', note: 'a=b' } }],
    });
  });

  test('has TLS and a password as Prometheus names them', () => {
    const more = {
      caFile: '/ca.pem',
      certFile: '/c.pem',
      keyFile: '/k.pem',
      serverName: 'spark',
      username: 'prometheus',
      passwordFile: '/pw',
    };
    expect(job(['a'], more)).toMatchObject({
      scheme: 'https',
      tls_config: {
        ca_file: '/ca.pem',
        cert_file: '/c.pem',
        key_file: '/k.pem',
        server_name: 'spark',
      },
      basic_auth: { username: 'prometheus', password_file: '/pw' },
    });
    expect(job(['a'], { tls: true })).toMatchObject({ scheme: 'https' });
    expect(job(['a'], { insecureSkipVerify: true })).toMatchObject({
      scheme: 'https',
      tls_config: { insecure_skip_verify: true },
    });
  });

  test.each([
    [{ interval: '15' }, '--interval: "15" is not a duration'],
    [{ interval: '5s1m' }, '--interval: "5s1m" is not a duration'],
    [{ interval: '' }, '--interval: "" is not a duration'],
    [{ interval: '0s' }, '--interval: "0s" is not a duration'],
    [{ path: 'metrics' }, '--path: "metrics" is not a path'],
    [{ job: '' }, '--job: "" is not a name'],
    [{ dialects: ['klingon'] }, '--dialect: "klingon" is not one of native, node, dcgm'],
    [{ labels: ['fleet'] }, '--label: "fleet" is not NAME=VALUE'],
    [{ labels: ['1=x'] }, '--label: "1=x" is not NAME=VALUE'],
    [{ labels: ['a=x', 'a=y'] }, '--label: a is given twice'],
    [{ username: 'u' }, '--username and --password-file belong together'],
    [{ keyFile: 'k' }, '--cert-file and --key-file belong together'],
  ])('refuses %j', (more, message) => {
    expect(() => scrapeJob(['a'], options(more))).toThrow(message);
  });

  test('refuses a machine that would be scraped twice', () => {
    expect(() => scrapeJob(['a', 'a:9835'], options())).toThrow('a:9835 is named twice');
  });
});

describe('fileSd()', () => {
  test('is a list of targets with their labels', () => {
    expect(JSON.parse(fileSd(['a', '::1'], options({ labels: ['fleet=sparks'] })))).toEqual([
      { targets: ['a:9835', '[::1]:9835'], labels: { fleet: 'sparks' } },
    ]);
    expect(JSON.parse(fileSd(['a'], options()))).toEqual([{ targets: ['a:9835'] }]);
  });

  test('refuses what such a file cannot say', () => {
    for (const more of [
      { tls: true },
      { caFile: '/ca' },
      { username: 'u', passwordFile: '/p' },
      { dialects: ['node'] },
      { path: '/m' },
    ]) {
      expect(() => fileSd(['a'], options(more))).toThrow('belong in the job');
    }
  });
});
