/** Child of the scrape benchmark: answers every request with one file's bytes and says its port on standard error. */
const page = await Bun.file(process.argv[2] ?? '').bytes();
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: () => new Response(page),
});
console.error(`port ${server.port}`);
