import { expect, test } from 'bun:test';
import { nameFilter } from './filter.ts';

test('nameFilter() takes everything without expressions', () => {
  expect(['a', ''].map(nameFilter('', ''))).toEqual([true, true]);
});

test('nameFilter() takes what the first matches and the second does not, anywhere in the name', () => {
  const takes = nameFilter('nvme', 'nvme1');
  expect(['nvme_nvme0', 'nvme_nvme1', 'platform_coretemp_0'].map(takes)).toEqual([
    true,
    false,
    false,
  ]);
});
