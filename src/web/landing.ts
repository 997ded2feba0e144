/** The page at `/`: what this is, where things are, which dialects are on. */

export interface LandingOptions {
  readonly telemetryPath: string;
  readonly version: string;
  readonly dialects: readonly string[];
  readonly allDialects: readonly string[];
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; } td { padding: .2rem 1rem .2rem 0; } code { background: #f1f3f5; padding: 0 .25rem; }
@media (prefers-color-scheme: dark) { body { color: #e6e9ec; background: #14171a; } a { color: #7ab8ff; } code { background: #24292e; } }
`;

const html = (s: string): string =>
  s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export function landing(options: LandingOptions): string {
  const path = html(options.telemetryPath);
  const on = options.dialects.join(', ');
  const rows = options.allDialects
    .map((d) => {
      const state = options.dialects.includes(d) ? 'on' : 'off';
      const link = `<a href="${path}?dialect=${d}">${path}?dialect=${d}</a>`;
      return `<tr><td><code>${d}</code></td><td>${state}</td><td>${link}</td></tr>`;
    })
    .join('\n');
  const all = options.allDialects.join(',');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>edgegauge</title>
<style>${STYLE}</style>
</head>
<body>
<h1>edgegauge</h1>
<p>Version ${html(options.version)}. It tells Prometheus about this machine.</p>
<ul>
<li><a href="${path}">Metrics</a></li>
<li><a href="/api/v1/status">Status</a> (JSON: sources, their state, last error)</li>
<li><a href="/-/healthy">Healthy</a>, <a href="/-/ready">Ready</a></li>
</ul>
<h2>Dialects</h2>
<p>A plain scrape gets: <code>${on}</code>. For another one add <code>?dialect=NAME</code> (or <code>params: {dialect: [NAME]}</code>
in the scrape job); to change the default start with <code>--dialect=${all}</code>.</p>
<table>
${rows}
</table>
</body>
</html>
`;
}

/**
 * What a browser is told of a page: that it loads nothing, runs nothing, goes into no frame of another page
 * and tells nobody where it was linked from. Its one style is known by its hash.
 */
export const HTML_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${new Bun.CryptoHasher('sha256').update(STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'deny',
};
