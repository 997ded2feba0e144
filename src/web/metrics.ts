/** GET and HEAD of the metrics. */
import { BadQuery, type Body, type MetricsQuery, type Service } from './face.ts';
import { gzip, release } from './gzip.ts';
import { queryOf } from './path.ts';

const PLAIN = 'text/plain; charset=utf-8';
/** What the answer depends on beside the URL: a cache must not give one client's format to another. */
const VARY = 'Accept, Accept-Encoding';

/**
 * `dialect=` (a name or a comma list, may be repeated), `collect[]=` or `exclude[]=` (not both: 400).
 * Synchronous, so that two scrapes cannot meet in the page's buffer: `new Response` copies the bytes,
 * and the buffer is free again at once.
 */
export function metricsHandler(service: Service, path: string): (request: Request) => Response {
  return (request) => {
    const started = performance.now();
    const head = request.method === 'HEAD';
    let code = 200;
    let response: Response;
    let bytes: number;
    try {
      const body = service.metrics(readQuery(request));
      const packed = body.gzip ? gzip(body.bytes) : undefined;
      const content = packed ?? body.bytes;
      bytes = content.length;
      response = answer(head ? null : content, body, bytes);
      if (packed !== undefined) release(packed);
    } catch (error) {
      code = error instanceof BadQuery ? 400 : 500;
      const message = error instanceof Error ? error.message : String(error);
      const content = `${code === 500 ? 'Internal error: ' : ''}${message}\n`;
      bytes = Buffer.byteLength(content);
      response = refusal(head ? null : content, code, bytes);
    }
    const seconds = (performance.now() - started) / 1000;
    service.observe({ path, code, seconds, bytes: head ? 0 : bytes });
    return response;
  };
}

function answer(content: Uint8Array | null, body: Body, length: number): Response {
  const headers: Record<string, string> = {
    'Content-Type': body.contentType,
    Vary: VARY,
    'Content-Length': String(length),
  };
  if (body.gzip) headers['Content-Encoding'] = 'gzip';
  return new Response(content as Uint8Array<ArrayBuffer> | null, { headers });
}

function refusal(content: string | null, status: number, length: number): Response {
  const headers = { 'Content-Type': PLAIN, Vary: VARY, 'Content-Length': String(length) };
  return new Response(content, { status, headers });
}

const NONE: readonly string[] = [];

function readQuery(request: Request): MetricsQuery {
  const { headers } = request;
  const accept = headers.get('accept') ?? undefined;
  const acceptEncoding = headers.get('accept-encoding') ?? undefined;
  const query = queryOf(request);
  if (query === '') {
    return { accept, acceptEncoding, dialects: NONE, collect: NONE, exclude: NONE };
  }
  const params = new URLSearchParams(query);
  const collect = params.getAll('collect[]');
  const exclude = params.getAll('exclude[]');
  if (collect.length > 0 && exclude.length > 0) {
    throw new BadQuery('collect[] and exclude[] cannot be used at the same time.');
  }
  // A dialect named twice is one dialect; an empty name is none.
  const names = params.getAll('dialect').flatMap((list) => list.split(','));
  const dialects = [...new Set(names)].filter((name) => name !== '');
  return { accept, acceptEncoding, dialects, collect, exclude };
}
