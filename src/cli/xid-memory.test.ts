import { describe, expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { GPU_XID } from '../catalog/gpu/events.ts';
import { XidMemory } from './xid-memory.ts';

const FACTS = { device: '0', uuid: 'GPU-1', name: 'NVIDIA H200' } as const;

/** What a probe's topology makes of an error on the parent's board. */
function show(layout: Layout, xid: number, count: number, time: number): void {
  const labels = { ...FACTS, xid: String(xid) };
  const draft = layout.draft('probe:nvidia-events');
  const { values } = layout.board;
  values[draft.slot(GPU_XID.errors, labels)] = count;
  values[draft.slot(GPU_XID.lastSeen, labels)] = time;
  draft.commit();
}

describe('XID errors', () => {
  test('are remembered with what they were counted of', () => {
    const layout = new Layout(new Board());
    const remembered = new XidMemory().reader(layout);
    expect(remembered()).toEqual([]);
    show(layout, 79, 3, 1_700_000_000);
    expect(remembered()).toEqual([
      { facts: FACTS, xid: 79, count: 3, time: 1_700_000_000 } as never,
    ]);
  });

  test('stay as they were when the probe that counted them is gone, or another counts anew', () => {
    const layout = new Layout(new Board());
    const remembered = new XidMemory().reader(layout);
    show(layout, 79, 3, 1_700_000_000);
    remembered();
    show(layout, 79, Number.NaN, Number.NaN);
    expect(remembered()).toMatchObject([{ count: 3, time: 1_700_000_000 }]);
    show(layout, 79, 1, 1_600_000_000);
    expect(remembered()).toMatchObject([{ count: 3, time: 1_700_000_000 }]);
    show(layout, 79, 4, 1_700_000_001);
    expect(remembered()).toMatchObject([{ count: 4, time: 1_700_000_001 }]);
  });

  test('are remembered beyond the layout that they were seen in', () => {
    const memory = new XidMemory();
    const [before, after] = [new Layout(new Board()), new Layout(new Board())];
    show(before, 79, 3, 1_700_000_000);
    memory.reader(before)();
    expect(memory.reader(after)()).toMatchObject([{ xid: 79, count: 3 }]);
  });
});
