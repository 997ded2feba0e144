/** Compresses a page many times, as a server does, and prints by how much its anonymous memory grew (kB). */
import { readFileSync } from 'node:fs';
import { gzip, release } from './gzip.ts';
import { exposition } from './service.fixture.ts';

const page = exposition(1000);

function run(times: number): number {
  for (let i = 0; i < times; i++) {
    const packed = gzip(page);
    if (process.argv[2] === 'release') release(packed);
  }
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]);
}

// The first few bring the compressor's own memory.
const before = run(20);
console.log(run(20_000) - before);
