import { expect, test } from 'bun:test';
import type { Guard } from './guard.ts';
import { guarded } from './guarded.ts';

/** Notes in which order it is asked; refuses the device `bad`. */
class Log implements Guard {
  readonly calls: string[] = [];

  enter(device: string): boolean {
    this.calls.push(`enter ${device}`);
    return device !== 'bad';
  }

  leave(): void {
    this.calls.push('leave');
  }
}

test('guarded() answers what was read, between entering and leaving', () => {
  const guard = new Log();
  const answer = guarded(guard, 'good', () => {
    guard.calls.push('read');
    return 5;
  });
  expect(answer).toBe(5);
  expect(guard.calls).toEqual(['enter good', 'read', 'leave']);
});

test('guarded() does not read what the guard refuses, and leaves nothing that it has not entered', () => {
  const guard = new Log();
  const answer = guarded(guard, 'bad', () => {
    throw new Error('it was read');
  });
  expect(answer).toBeUndefined();
  expect(guard.calls).toEqual(['enter bad']);
});

test('guarded() leaves a device whose read throws, and throws that on', () => {
  const guard = new Log();
  const read = (): never => {
    throw new Error('EIO');
  };
  expect(() => guarded(guard, 'good', read)).toThrow('EIO');
  expect(guard.calls).toEqual(['enter good', 'leave']);
});
