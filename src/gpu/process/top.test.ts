import { describe, expect, test } from 'bun:test';
import { ProcessTop } from './top.ts';

/** Chooses among processes whose key is their position, and answers who has a place. */
function choose(top: ProcessTop, memory: readonly number[], except: readonly number[] = []) {
  const all = memory.map((bytes, key) => ({ key, memory: bytes }));
  top.choose(all.filter(({ key }) => !except.includes(key)));
  return memory.map((_, key) => key).filter((key) => top.has(key));
}

describe('ProcessTop', () => {
  test('everybody has a place while there are enough', () => {
    expect(choose(new ProcessTop(3), [5, Number.NaN, 7])).toEqual([0, 1, 2]);
  });

  test('the largest have the places, one of unknown size comes last', () => {
    expect(choose(new ProcessTop(2), [5, Number.NaN, 7, 0])).toEqual([0, 2]);
    expect(choose(new ProcessTop(3), [5, Number.NaN, 7, 0])).toEqual([0, 2, 3]);
  });

  test('of equals the same ones have the places at each poll', () => {
    const top = new ProcessTop(2);
    for (let poll = 0; poll < 30; poll++) expect(choose(top, [5, 5, 5, 5])).toEqual([0, 1]);
  });

  test('two that swap ranks by little do not swap places', () => {
    const top = new ProcessTop(1);
    for (let poll = 0; poll < 100; poll++) {
      expect(choose(top, poll % 2 === 0 ? [101, 100] : [100, 101])).toEqual([0]);
    }
  });

  test('one that is much larger takes the place at once', () => {
    const top = new ProcessTop(2);
    expect(choose(top, [100, 90, 10])).toEqual([0, 1]);
    expect(choose(top, [100, 90, 112])).toEqual([0, 1]);
    expect(choose(top, [100, 90, 113])).toEqual([0, 2]);
  });

  test('one that is a little larger takes the place after ten polls', () => {
    const top = new ProcessTop(1);
    choose(top, [100, 90]);
    for (let poll = 1; poll < 10; poll++) expect(choose(top, [100, 101])).toEqual([0]);
    expect(choose(top, [100, 101])).toEqual([1]);
  });

  test('the place of one that ended goes to the next at once', () => {
    const top = new ProcessTop(2);
    choose(top, [100, 90, 80, 70]);
    expect(choose(top, [100, 90, 80, 70], [0])).toEqual([1, 2]);
  });

  test('nobody has a place where there is none', () => {
    expect(choose(new ProcessTop(0), [5, 6])).toEqual([]);
  });
});
