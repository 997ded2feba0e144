import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { nearest } from './nearest.ts';
import { SETTINGS } from './settings.ts';

const KEYS = [...new Set(SETTINGS.flatMap((s) => s.path.split('.')))];

describe('nearest()', () => {
  test.each([
    ['listen_adresses', 'listen_addresses'],
    ['TELEMETRY_PATHS', 'telemetry_path'],
    ['intreval', 'interval'],
    ['meminf', 'meminfo'],
    ['netdevs', 'netdev'],
    ['idle_intervall', 'idle_interval'],
  ])('finds for %p that %p was meant', (word, meant) => {
    expect(nearest(word, KEYS)).toBe(meant);
  });

  test('finds nothing where nothing is near', () => {
    expect(nearest('certificates', KEYS)).toBeUndefined();
    expect(
      nearest(
        '',
        KEYS.filter((k) => k.length > 2),
      ),
    ).toBeUndefined();
    expect(nearest('interval', [])).toBeUndefined();
    // Three of six letters are another word; three of nine may be a slip.
    expect(nearest('abcxyz', ['abcdef'])).toBeUndefined();
    expect(nearest('abcdefxyz', ['abcdefghi'])).toBe('abcdefghi');
  });

  test('finds a key in which one letter is missing, doubled, wrong or changed places', () => {
    const slip = fc.constantFrom(
      (key: string, at: number) => key.slice(0, at) + key.slice(at + 1),
      (key: string, at: number) => key.slice(0, at) + key.slice(at, at + 1) + key.slice(at),
      (key: string, at: number) => `${key.slice(0, at)}#${key.slice(at + 1)}`,
      (key: string, at: number) =>
        key.slice(0, at) + key.slice(at + 1, at + 2) + key.slice(at, at + 1) + key.slice(at + 2),
    );
    const long = KEYS.filter((key) => key.length >= 9);
    fc.assert(
      fc.property(fc.constantFrom(...long), slip, fc.nat(), (key, mistake, at) => {
        const word = mistake(key, at % key.length);
        expect(nearest(word, [key])).toBe(key);
      }),
    );
  });

  test('of several takes the nearest, and of two as near the first', () => {
    expect(nearest('netdex', ['netstat', 'netdev', 'netclass'])).toBe('netdev');
    expect(nearest('cat', ['bat', 'hat'])).toBe('bat');
    expect(nearest('cat', ['bats', 'cat'])).toBe('cat');
  });
});
