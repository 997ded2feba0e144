import { describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { gzip, release } from './gzip.ts';
import { exposition } from './service.fixture.ts';

describe('gzip()', () => {
  test.each([0, 1, 40, 1000])(
    'packs a page of %d lines so that it decodes to the same',
    (lines) => {
      const page = exposition(lines);
      expect(new Uint8Array(gunzipSync(gzip(page)))).toEqual(page);
    },
  );

  test('packs a part of a larger buffer', () => {
    const buffer = exposition(40);
    const page = buffer.subarray(100, 900);
    expect(new Uint8Array(gunzipSync(gzip(page)))).toEqual(page.slice());
  });

  test('packs a page to less than a third', () => {
    const page = exposition(1000);
    expect(gzip(page).length).toBeLessThan(page.length / 3);
  });
});

describe('release()', () => {
  test('empties the array', () => {
    const packed = gzip(exposition(1));
    release(packed);
    expect(packed.length).toBe(0);
  });

  test('leaves the answer that was made from the array as it was', async () => {
    const page = exposition(1000);
    const packed = gzip(page);
    const response = new Response(packed);
    release(packed);
    // Whoever gets the memory next writes over it.
    for (let i = 0; i < 100; i++) gzip(exposition(1000 + i));
    expect(new Uint8Array(gunzipSync(await response.arrayBuffer()))).toEqual(page);
  });

  test('keeps the memory of 20,000 compressions from piling up', async () => {
    const fixture = fileURLToPath(new URL('gzip.fixture.ts', import.meta.url));
    const grown = async (how: string) => {
      const child = Bun.spawn([process.execPath, fixture, how], { stderr: 'inherit' });
      return Number(await child.stdout.text());
    };
    const kept = await grown('release');
    expect(kept).toBeLessThan(4096);
    expect(await grown('leave')).toBeGreaterThan(kept + 2048);
  });
});
