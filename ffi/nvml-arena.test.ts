import { expect } from 'bun:test';
import { join } from 'node:path';
import { buildStub } from '../test/abi/nvml-stub.ts';
import { testWith } from '../test/parts.ts';

testWith(
  ['cc', 'nvmlHeader'],
  'no address goes stale in 300,000 calls, when all is compiled and collected',
  ({ cc, nvmlHeader }) => {
    const stub = buildStub(cc, nvmlHeader, 'NEW');
    try {
      const fixture = join(import.meta.dir, 'nvml-arena.fixture.ts');
      const child = Bun.spawnSync([process.execPath, fixture, stub.path]);
      expect(child.stderr.toString()).toBe('');
      expect(child.stdout.toString()).toBe('0 wrong of 300000\n');
    } finally {
      stub.remove();
    }
  },
);
