/** Serves a page of about 90 kB on a free port of the loopback interface, and prints the port. */
import { createApp } from '../../src/web/app.ts';
import { listen } from '../../src/web/listen.ts';
import { exposition, fakeService, TEXT_TYPE } from '../../src/web/service.fixture.ts';

const bytes = exposition(1000);
const service = fakeService({
  metrics: ({ acceptEncoding }) => ({
    bytes,
    contentType: TEXT_TYPE,
    gzip: acceptEncoding?.includes('gzip') ?? false,
  }),
  observe() {},
});
const app = createApp(service, {
  telemetryPath: '/metrics',
  enableLifecycle: true,
  version: '0.0.0',
  dialects: ['native'],
  allDialects: ['native'],
});
const server = listen({ hostname: '127.0.0.1', port: 0 }, app.fetch);
console.log(server.port);
