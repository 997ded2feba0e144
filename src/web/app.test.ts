import { describe, expect, test } from 'bun:test';
import { type AppOptions, createApp } from './app.ts';
import type { Service } from './face.ts';
import { fakeService, TEXT_TYPE } from './service.fixture.ts';

const OPTIONS: AppOptions = {
  telemetryPath: '/metrics',
  enableLifecycle: true,
  version: '1.2.3',
  dialects: ['native'],
  allDialects: ['native', 'node'],
};

const TEXT = 'text/plain; charset=utf-8';

function client(service: Partial<Service> = {}, options: Partial<AppOptions> = {}) {
  const app = createApp(fakeService(service), { ...OPTIONS, ...options });
  return async (path: string, method = 'GET') => {
    const response = await app.fetch(new Request(`http://localhost${path}`, { method }));
    const body = await response.text();
    const { status, headers } = response;
    return { status, headers, type: headers.get('Content-Type'), body };
  };
}

describe('createApp()', () => {
  test('serves the metrics at the telemetry path, with a query and without', async () => {
    const ask = client();
    for (const path of ['/metrics', '/metrics?dialect=native', '/metrics?', '/%6detrics']) {
      expect(await ask(path)).toMatchObject({ status: 200, type: TEXT_TYPE });
    }
  });

  test('answers HEAD of the metrics without a body', async () => {
    const answer = await client()('/metrics', 'HEAD');
    expect(answer).toMatchObject({ status: 200, type: TEXT_TYPE, body: '' });
  });

  test('serves the landing page at /', async () => {
    const { status, type, headers, body } = await client()('/');
    expect({ status, type }).toEqual({ status: 200, type: 'text/html; charset=utf-8' });
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(body).toContain('Version 1.2.3');
    for (const link of ['/metrics', '/api/v1/status', '/-/healthy', '/-/ready']) {
      expect(body).toContain(`href="${link}"`);
    }
  });

  test('is healthy', async () => {
    expect(await client()('/-/healthy')).toMatchObject({
      status: 200,
      type: TEXT,
      body: 'edgegauge is healthy.\n',
    });
  });

  test('is ready when the service is', async () => {
    expect(await client({ ready: () => true })('/-/ready')).toMatchObject({
      status: 200,
      body: 'edgegauge is ready.\n',
    });
    expect(await client({ ready: () => false })('/-/ready')).toMatchObject({
      status: 503,
      type: TEXT,
      body: 'edgegauge is not ready: the first full sample is not in yet.\n',
    });
  });

  test("tells the service's status as JSON", async () => {
    const status = { version: '1.2.3', sources: [{ name: 'stat', up: true, error: null }] };
    const answer = await client({ status: () => status })('/api/v1/status');
    expect(answer).toMatchObject({ status: 200, type: 'application/json' });
    expect(JSON.parse(answer.body)).toEqual(status);
  });

  test('answers 500 with the message when the service cannot tell its status', async () => {
    const status = () => {
      throw new Error('no status');
    };
    expect(await client({ status })('/api/v1/status')).toMatchObject({
      status: 500,
      type: TEXT,
      body: 'Internal error: no status\n',
    });
  });

  test.each(['/', '/-/healthy', '/-/ready', '/api/v1/status', '/nothing'])(
    'answers HEAD of %s with the headers of GET and no body',
    async (path) => {
      const ask = client();
      const get = await ask(path);
      const head = await ask(path, 'HEAD');
      expect(head).toMatchObject({ status: get.status, body: '' });
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
      expect(head.headers.get('Content-Length')).toBe(String(Buffer.byteLength(get.body)));
    },
  );

  test.each(['/nothing', '/metrics/', '/metric', '/metricsx', '/-/', '/api/v1', '//'])(
    'answers 404 at %s and says where the metrics are',
    async (path) => {
      expect(await client()(path)).toMatchObject({
        status: 404,
        type: TEXT,
        body: `Nothing is at ${path}. Metrics are at /metrics.\n`,
      });
    },
  );

  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  const ALLOWED: readonly (readonly [string, string])[] = [
    ['/metrics', 'GET, HEAD'],
    ['/', 'GET, HEAD'],
    ['/-/healthy', 'GET, HEAD'],
    ['/-/ready', 'GET, HEAD'],
    ['/api/v1/status', 'GET, HEAD'],
    ['/-/reload', 'POST, PUT'],
  ];
  const refused = ALLOWED.flatMap(([path, allow]) =>
    METHODS.filter((m) => !allow.split(', ').includes(m)).map((m) => [m, path, allow] as const),
  );
  test.each(refused)('answers 405 to %s %s with Allow: %s', async (method, path, allow) => {
    const { status, type, headers, body } = await client()(path, method);
    expect({ status, type, allow: headers.get('Allow') }).toEqual({
      status: 405,
      type: TEXT,
      allow,
    });
    const line = `${method} is not allowed here; allowed: ${allow}.\n`;
    expect(body).toBe(method === 'HEAD' ? '' : line);
  });
});

describe('createApp() at /-/reload', () => {
  test.each(['POST', 'PUT'])('reloads on %s', async (method) => {
    let reloads = 0;
    const reload = async () => {
      reloads++;
      return undefined;
    };
    expect(await client({ reload })('/-/reload', method)).toMatchObject({
      status: 200,
      type: TEXT,
      body: 'Configuration reloaded.\n',
    });
    expect(reloads).toBe(1);
  });

  test.each(['POST', 'PUT'])('refuses %s with 403 when it is off', async (method) => {
    let reloads = 0;
    const reload = async () => {
      reloads++;
      return undefined;
    };
    const ask = client({ reload }, { enableLifecycle: false });
    expect(await ask('/-/reload', method)).toMatchObject({
      status: 403,
      type: TEXT,
      body: 'Reloading over HTTP is off: start with --web.enable-lifecycle.\n',
    });
    expect(reloads).toBe(0);
  });

  test('answers 500 with the problem when the new configuration is bad', async () => {
    const reload = async () => 'edgegauge.yaml:3:1: unknown key "wob"';
    const { status, body } = await client({ reload })('/-/reload', 'POST');
    expect(status).toBe(500);
    expect(body).toContain('the old one stays');
    expect(body).toContain('edgegauge.yaml:3:1: unknown key "wob"');
  });

  test('answers 500 when reloading fails in another way', async () => {
    const reload = async () => {
      throw new Error('out of luck');
    };
    expect(await client({ reload })('/-/reload', 'POST')).toMatchObject({
      status: 500,
      body: 'Internal error: out of luck\n',
    });
  });
});

describe('createApp() with another telemetry path', () => {
  test('serves the metrics there, and nothing at /metrics', async () => {
    const ask = client({}, { telemetryPath: '/gauges' });
    expect(await ask('/gauges')).toMatchObject({ status: 200, type: TEXT_TYPE });
    expect(await ask('/metrics')).toMatchObject({
      status: 404,
      body: 'Nothing is at /metrics. Metrics are at /gauges.\n',
    });
    expect((await ask('/gauges', 'POST')).headers.get('Allow')).toBe('GET, HEAD');
    expect((await ask('/')).body).toContain('href="/gauges"');
  });

  test('serves the metrics at / instead of the landing page', async () => {
    const ask = client({}, { telemetryPath: '/' });
    expect(await ask('/')).toMatchObject({ status: 200, type: TEXT_TYPE });
    expect(await ask('/?dialect=native')).toMatchObject({ status: 200, type: TEXT_TYPE });
    expect(await ask('/', 'POST')).toMatchObject({ status: 405 });
    expect(await ask('/-/healthy')).toMatchObject({ status: 200, type: TEXT });
    expect(await ask('/metrics')).toMatchObject({ status: 404 });
  });

  test('serves a path that is written percent-encoded in the request', async () => {
    const ask = client({}, { telemetryPath: '/métriques' });
    expect(await ask('/m%C3%A9triques')).toMatchObject({ status: 200, type: TEXT_TYPE });
  });
});
