/** Content negotiation as Prometheus does it: q-values, OpenMetrics 1.0.0 or text 0.0.4, text by default. */
import type { Format } from './format.ts';

interface Range {
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
  readonly q: number;
}

/** Parses an Accept or Accept-Encoding header; what cannot be read is passed over. */
function ranges(header: string): Range[] {
  const out: Range[] = [];
  for (const part of header.split(',')) {
    const [type = '', ...rest] = part.split(';').map((s) => s.trim());
    if (type === '') continue;
    const params = new Map<string, string>();
    for (const p of rest) {
      const eq = p.indexOf('=');
      if (eq > 0) params.set(p.slice(0, eq).trim().toLowerCase(), unquote(p.slice(eq + 1).trim()));
    }
    const q = Number(params.get('q') ?? '1');
    out.push({ type: type.toLowerCase(), params, q: Number.isFinite(q) && q >= 0 ? q : 0 });
  }
  return out;
}

const unquote = (s: string): string => (/^".*"$/.test(s) ? s.slice(1, -1) : s);

function formatOf(range: Range): Format | undefined {
  const version = range.params.get('version');
  switch (range.type) {
    case 'application/openmetrics-text':
      // 0.0.1 is what old Prometheus servers ask for beside 1.0.0; without a version the newest is meant.
      return version === undefined || version === '1.0.0' || version === '0.0.1'
        ? 'openmetrics'
        : undefined;
    case 'text/plain':
      return version === undefined || version === '0.0.4' ? 'text' : undefined;
    case 'text/*':
    case '*/*':
      return 'text';
    default:
      return undefined;
  }
}

/** The format of the highest q; of equal ones the first named; text 0.0.4 where nothing fits. */
export function negotiateFormat(accept: string | null | undefined): Format {
  let best: Format = 'text';
  let bestQ = 0;
  for (const range of ranges(accept ?? '')) {
    const format = formatOf(range);
    if (format !== undefined && range.q > bestQ) {
      best = format;
      bestQ = range.q;
    }
  }
  return best;
}

/** Whether the client takes gzip at least as gladly as the bytes as they are. */
export function acceptsGzip(acceptEncoding: string | null | undefined): boolean {
  let gzip: number | undefined;
  let any: number | undefined;
  let identity: number | undefined;
  for (const range of ranges(acceptEncoding ?? '')) {
    if (range.type === 'gzip' || range.type === 'x-gzip') gzip = Math.max(gzip ?? 0, range.q);
    else if (range.type === '*') any = range.q;
    else if (range.type === 'identity') identity = range.q;
  }
  const wish = gzip ?? any ?? 0;
  return wish > 0 && wish >= (identity ?? 0);
}
