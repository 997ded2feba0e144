import { expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { GPU_INFO } from '../catalog/gpu/info.ts';
import { GpuMemory } from './gpu-memory.ts';

const FACTS = { device: '0', uuid: 'GPU-1', name: 'NVIDIA H200' } as const;

test('GPUs are remembered, those that the driver never named are not', () => {
  const layout = new Layout(new Board());
  const remembered = new GpuMemory('nvidia').reader(layout);
  const declare = (...gpus: Record<string, string>[]): void => {
    const draft = layout.draft('probe:nvidia');
    for (const labels of gpus) draft.slot(GPU_INFO.lost, labels);
    draft.commit();
  };
  declare(FACTS, { device: '1' });
  const known = { uuid: 'GPU-1', index: 0, name: 'NVIDIA H200', address: '' };
  expect(remembered()).toEqual([known]);
  declare();
  expect(remembered()).toEqual([known]);
  declare({ device: '1', uuid: 'GPU-2' });
  expect(remembered()).toEqual([known, { uuid: 'GPU-2', index: 1, name: '', address: '' }]);
});

test('where a GPU was is remembered too, and of whose probe it is told', () => {
  const layout = new Layout(new Board());
  const [amd, nvidia] = ['amd', 'nvidia'].map((kind) => new GpuMemory(kind).reader(layout));
  const address = '00000000:05:00.0';
  const draft = layout.draft('probe:amd');
  draft.slot(GPU_INFO.lost, FACTS);
  draft.slot(GPU_INFO.info, { ...FACTS, pci_bus_id: address });
  draft.slot(GPU_INFO.lost, FACTS);
  draft.commit();
  expect(amd?.()).toEqual([{ uuid: 'GPU-1', index: 0, name: 'NVIDIA H200', address }]);
  expect(nvidia?.()).toEqual([]);
});
