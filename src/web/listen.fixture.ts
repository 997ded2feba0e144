/** Listens on the addresses given; `/slow` is answered when a line comes on standard input. SIGTERM drains. */
import { parseAddress } from './address.ts';
import { close, listenAll } from './listen.ts';

const gate = Promise.withResolvers<void>();
process.stdin.once('data', () => gate.resolve());

try {
  const addresses = process.argv.slice(2).map(parseAddress);
  const servers = await listenAll(addresses, async (request) => {
    if (!request.url.endsWith('/slow')) return new Response('fast');
    console.log('asked');
    await gate.promise;
    return new Response('slow');
  });
  process.once('SIGTERM', async () => {
    console.log('stopping');
    await close(servers, 60_000);
    process.exit(0);
  });
  console.log(`listening ${servers.map((server) => server.port ?? 'unix').join(' ')}`);
} catch (error) {
  console.log(`refused ${error instanceof Error ? `${error.name}: ${error.message}` : error}`);
  process.exit(1);
}
