/** A small HTTP server that behaves as an engine does, well or badly. */

export interface EngineServer {
  readonly url: string;
  readonly endpoint: string;
  /** Paths that were asked, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

export type Routes = Readonly<Record<string, (request: Request) => Response | Promise<Response>>>;

/** What is at no route answers 404. */
export function engineServer(routes: Routes): EngineServer {
  const asked: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      return routes[pathname]?.(request) ?? new Response('nothing here', { status: 404 });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    endpoint: `127.0.0.1:${server.port}`,
    asked,
    stop: () => server.stop(true),
  };
}

export const text = (body: string | Uint8Array<ArrayBuffer>): Response =>
  new Response(body, { headers: { 'Content-Type': 'text/plain; version=0.0.4' } });

/** The start of an answer that never ends. */
export const endless = (start: string): Response =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(start)),
    }),
  );

/** An answer without end that comes as fast as it is read. */
export function flood(line: string): Response {
  const chunk = new TextEncoder().encode(line.repeat(Math.ceil(65_536 / line.length)));
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
}
