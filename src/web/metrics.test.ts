import { describe, expect, test } from 'bun:test';
import { BadQuery } from './face.ts';
import { gzip } from './gzip.ts';
import { metricsHandler } from './metrics.ts';
import { exposition, fakeService, TEXT_TYPE } from './service.fixture.ts';

interface Ask {
  readonly query?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

function ask({ query = '', method = 'GET', headers = {} }: Ask, service = fakeService()) {
  const request = new Request(`http://localhost/metrics${query}`, { method, headers });
  return { service, response: metricsHandler(service, '/metrics')(request) };
}

const page = exposition(40);

describe('metricsHandler()', () => {
  test("answers with the service's bytes under the service's content type", async () => {
    const { response } = ask({});
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(TEXT_TYPE);
    expect(response.headers.get('Content-Length')).toBe(String(page.length));
    expect(response.headers.get('Content-Encoding')).toBeNull();
    expect(await response.bytes()).toEqual(page);
  });

  test('tells caches that the answer depends on Accept and Accept-Encoding, whatever it is', () => {
    const vary = 'Accept, Accept-Encoding';
    expect(ask({}).response.headers.get('Vary')).toBe(vary);
    expect(ask({ headers: { 'Accept-Encoding': 'gzip' } }).response.headers.get('Vary')).toBe(vary);
    expect(ask({ query: '?collect[]=a&exclude[]=b' }).response.headers.get('Vary')).toBe(vary);
  });

  test('compresses when the body says so, into bytes that decode to the same page', async () => {
    const { response } = ask({ headers: { 'Accept-Encoding': 'gzip' } });
    expect(response.headers.get('Content-Encoding')).toBe('gzip');
    expect(response.headers.get('Content-Type')).toBe(TEXT_TYPE);
    const packed = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('Content-Length')).toBe(String(packed.length));
    expect(packed.length).toBeLessThan(page.length / 3);
    expect(Bun.gunzipSync(packed)).toEqual(page);
  });

  test('copies the page: what is rendered into its buffer afterwards does not change the answer', async () => {
    const bytes = new TextEncoder().encode('up 1\n');
    const metrics = () => ({ bytes, contentType: TEXT_TYPE, gzip: false });
    const { response } = ask({}, fakeService({ metrics }));
    bytes.fill(0);
    expect(await response.text()).toBe('up 1\n');
  });

  test.each([{}, { 'Accept-Encoding': 'gzip' }])(
    'answers HEAD with the headers of GET and no body (%o)',
    async (headers) => {
      const get = ask({ headers }).response;
      const head = ask({ headers, method: 'HEAD' }).response;
      expect(head.status).toBe(200);
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
      expect(head.body).toBeNull();
    },
  );

  test("hands over the client's headers and an empty query", () => {
    const { service } = ask({ headers: { Accept: 'text/plain', 'Accept-Encoding': 'gzip' } });
    expect(service.asked).toEqual([
      { accept: 'text/plain', acceptEncoding: 'gzip', dialects: [], collect: [], exclude: [] },
    ]);
    expect(ask({}).service.asked[0]).toMatchObject({
      accept: undefined,
      acceptEncoding: undefined,
    });
  });

  test.each([
    ['?dialect=node', ['node']],
    ['?dialect=native&dialect=node', ['native', 'node']],
    ['?dialect=native,node', ['native', 'node']],
    ['?dialect=native%2Cnode', ['native', 'node']],
    ['?dialect=node,native&dialect=node', ['node', 'native']],
    ['?dialect=', []],
    ['?dialect=node,', ['node']],
    ['?', []],
    ['?other=1', []],
  ])('reads dialects from %s', (query, dialects) => {
    expect(ask({ query }).service.asked[0]?.dialects).toEqual(dialects);
  });

  test.each(['?collect[]=cpu&collect[]=meminfo', '?collect%5B%5D=cpu&collect%5B%5D=meminfo'])(
    'reads collectors from %s',
    (query) => {
      const { collect, exclude } = ask({ query }).service.asked[0] ?? {};
      expect({ collect, exclude }).toEqual({ collect: ['cpu', 'meminfo'], exclude: [] });
    },
  );

  test('reads what to leave out from exclude[]', () => {
    const asked = ask({ query: '?exclude[]=cpu' }).service.asked[0];
    expect(asked).toMatchObject({ collect: [], exclude: ['cpu'] });
  });

  test('refuses collect[] and exclude[] at once with 400 and does not scrape', async () => {
    const { service, response } = ask({ query: '?collect[]=cpu&exclude[]=meminfo' });
    expect(response.status).toBe(400);
    expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe(
      'collect[] and exclude[] cannot be used at the same time.\n',
    );
    expect(service.asked).toEqual([]);
  });

  test("answers a BadQuery with 400 and the exception's message", async () => {
    const metrics = () => {
      throw new BadQuery('There is no dialect "nöde".');
    };
    const { response } = ask({}, fakeService({ metrics }));
    expect(response.status).toBe(400);
    const text = 'There is no dialect "nöde".\n';
    expect(response.headers.get('Content-Length')).toBe(String(Buffer.byteLength(text)));
    expect(await response.text()).toBe(text);
  });

  test.each([
    ['an Error', new Error('no such thing'), 'Internal error: no such thing\n'],
    ['anything else', 'text', 'Internal error: text\n'],
  ])('answers 500 when the service throws %s', async (_, thrown, body) => {
    const metrics = () => {
      throw thrown;
    };
    const { response } = ask({}, fakeService({ metrics }));
    expect(response.status).toBe(500);
    expect(await response.text()).toBe(body);
  });

  test('tells the service code, path, bytes and seconds of each answer', () => {
    const service = fakeService();
    ask({}, service);
    ask({ headers: { 'Accept-Encoding': 'gzip' } }, service);
    ask({ method: 'HEAD' }, service);
    ask({ query: '?collect[]=a&exclude[]=b' }, service);
    expect(service.told.map(({ path, code, bytes }) => [path, code, bytes])).toEqual([
      ['/metrics', 200, page.length],
      ['/metrics', 200, gzip(page).length],
      ['/metrics', 200, 0],
      ['/metrics', 400, 57],
    ]);
    for (const { seconds } of service.told) {
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(10);
    }
  });

  test('tells the service of an answer that is an internal error', () => {
    const metrics = () => {
      throw new Error('x');
    };
    const { service } = ask({}, fakeService({ metrics }));
    expect(service.told).toMatchObject([{ code: 500 }]);
  });
});
