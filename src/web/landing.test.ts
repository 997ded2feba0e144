import { describe, expect, test } from 'bun:test';
import { HTML_HEADERS, landing } from './landing.ts';

const OPTIONS = {
  telemetryPath: '/metrics',
  version: '1.2.3',
  dialects: ['native'],
  allDialects: ['native', 'node', 'dcgm'],
};

/** Cells of each row of the table of dialects, without their tags. */
const rows = (page: string): string[][] =>
  [...page.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
  );

describe('landing()', () => {
  test('says of each dialect whether it is on and where it is', () => {
    expect(rows(landing(OPTIONS))).toEqual([
      ['native', 'on', '/metrics?dialect=native'],
      ['node', 'off', '/metrics?dialect=node'],
      ['dcgm', 'off', '/metrics?dialect=dcgm'],
    ]);
  });

  test('says how to turn the others on', () => {
    const page = landing(OPTIONS);
    expect(page).toContain('--dialect=native,node,dcgm');
    expect(page).toContain('?dialect=NAME');
  });

  test('escapes what comes from outside', () => {
    const page = landing({ ...OPTIONS, telemetryPath: '/a"><b>&', version: '<script>' });
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<b>');
    expect(page).toContain('href="/a&quot;>&lt;b>&amp;"');
  });
});

describe('HTML_HEADERS', () => {
  test('allow the one style of the page, and nothing else', () => {
    const policy = HTML_HEADERS['Content-Security-Policy'] ?? '';
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(landing(OPTIONS)) ?? [];
    const hash = new Bun.CryptoHasher('sha256').update(style).digest('base64');
    expect(policy).toContain(`style-src 'sha256-${hash}';`);
    expect(policy).toStartWith("default-src 'none';");
    expect(policy).toEndWith("frame-ancestors 'none'");
    expect(landing(OPTIONS)).not.toMatch(/<script|style=| on\w+=|<img|<link/);
  });
});
