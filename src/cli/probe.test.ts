import { expect, spyOn, test } from 'bun:test';
import { probe } from './probe.ts';

test.each([
  [['nonsense'], 'there is no kind "nonsense"'],
  [[], 'there is no kind ""'],
  [['sensors', '--nonsense'], 'there is no kind "sensors" with --nonsense'],
])(
  'probe(%j) refuses what no serving process asks for, with exit code 1',
  async (args, message) => {
    const err = spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      await probe(args);
      expect(String(err.mock.calls[0]?.[0])).toContain(message);
      expect(process.exitCode).toBe(1);
    } finally {
      err.mockRestore();
      process.exitCode = 0;
    }
  },
);
