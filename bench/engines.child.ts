/**
 * Sixteen model servers, each with a page of a hundred kilobytes whose counters rise: child of the benchmark
 * `serving` and of the proof of allocation. Says its ports on standard output, and ends with its input.
 */
import { PAGES } from '../test/serving/pages/index.ts';

const SERVERS = 16;
/** Bytes. */
const SIZE = 100_000;

const page = PAGES.find(({ engine, path }) => engine === 'vllm' && path === '/metrics');
if (page === undefined) throw new Error('there is no page of vLLM');

/** The page for one model after the other, until it is large enough. */
function body(step: number): string {
  const one = String(page?.body(step));
  let text = '';
  for (let i = 0; text.length < SIZE; i++) {
    text += one.replaceAll(/model_name="[^"]*"/g, `model_name="org/model-${i}"`);
  }
  return text;
}

const bodies = Array.from({ length: 8 }, (_, step) => body(step));
const servers = Array.from({ length: SERVERS }, () => {
  let asked = 0;
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) =>
      new URL(url).pathname === '/metrics'
        ? new Response(bodies[Math.min(asked++, bodies.length - 1)])
        : new Response('', { status: 404 }),
  });
});
console.log(JSON.stringify(servers.map(({ port }) => port)));
for await (const _ of Bun.stdin.stream());
process.exit(0);
