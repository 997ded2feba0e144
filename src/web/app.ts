/** The HTTP routes. */
import { type Context, Hono } from 'hono';
import type { Service } from './face.ts';
import { HTML_HEADERS, landing } from './landing.ts';
import { metricsHandler } from './metrics.ts';
import { pathOf } from './path.ts';

export interface AppOptions {
  readonly telemetryPath: string;
  readonly enableLifecycle: boolean;
  /** What the landing page says: read at each request, so a getter may follow a reload. */
  readonly version: string;
  readonly dialects: readonly string[];
  readonly allDialects: readonly string[];
}

export interface App {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

type Code = 200 | 400 | 403 | 404 | 405 | 500 | 503;

const TEXT = 'text/plain; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json';

/**
 * Routes everything. A scrape does not go through Hono: two handlers on one path (GET, and 405 for the
 * rest) make it compose a chain of promises for each request, which more than doubles the time that a
 * request takes here beside the server's own.
 */
export function createApp(service: Service, options: AppOptions): App {
  const { telemetryPath } = options;
  const metrics = metricsHandler(service, telemetryPath);
  const routes = createRoutes(service, options);
  return {
    fetch(request) {
      const { method } = request;
      const scrape = method === 'GET' || method === 'HEAD';
      return scrape && pathOf(request) === telemetryPath ? metrics(request) : routes.fetch(request);
    },
  };
}

function createRoutes(service: Service, options: AppOptions): Hono {
  const { telemetryPath } = options;
  const app = new Hono({ getPath: pathOf });

  if (telemetryPath !== '/') {
    app.get('/', (c) => {
      for (const [name, value] of Object.entries(HTML_HEADERS)) c.header(name, value);
      return send(c, landing(options), HTML);
    });
  }
  app.get('/-/healthy', (c) => text(c, 'edgegauge is healthy.'));
  app.get('/-/ready', (c) =>
    service.ready()
      ? text(c, 'edgegauge is ready.')
      : text(c, 'edgegauge is not ready: the first full sample is not in yet.', 503),
  );
  app.get('/api/v1/status', (c) => send(c, `${JSON.stringify(service.status())}\n`, JSON_TYPE));

  const reload = async (c: Context): Promise<Response> => {
    if (!options.enableLifecycle) {
      return text(c, 'Reloading over HTTP is off: start with --web.enable-lifecycle.', 403);
    }
    const problem = await service.reload();
    return problem === undefined
      ? text(c, 'Configuration reloaded.')
      : text(c, `The configuration was not reloaded, the old one stays:\n${problem}`, 500);
  };
  app.on(['POST', 'PUT'], '/-/reload', reload);

  const notAllowed = (allow: string) => (c: Context) => {
    c.header('Allow', allow);
    return text(c, `${c.req.method} is not allowed here; allowed: ${allow}.`, 405);
  };
  const known = [telemetryPath, '/', '/-/healthy', '/-/ready', '/api/v1/status'];
  for (const path of known) app.all(path, notAllowed('GET, HEAD'));
  app.all('/-/reload', notAllowed('POST, PUT'));

  app.notFound((c) =>
    text(c, `Nothing is at ${c.req.path}. Metrics are at ${telemetryPath}.`, 404),
  );
  app.onError((error, c) => text(c, `Internal error: ${error.message}`, 500));
  return app;
}

const text = (c: Context, body: string, code: Code = 200): Response =>
  send(c, `${body}\n`, TEXT, code);

/** The length is told by name, for HEAD: its answer has the headers and no body to count. */
function send(c: Context, body: string, type: string, code: Code = 200): Response {
  const length = String(Buffer.byteLength(body));
  return c.body(body, code, { 'Content-Type': type, 'Content-Length': length });
}
