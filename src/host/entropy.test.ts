import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { entropy } from './entropy.ts';
import { Files } from './files.fixture.ts';

const DIR = 'proc/sys/kernel/random';

test('entropy() reads both numbers, each at every sample', () => {
  using files = new Files({ [`${DIR}/entropy_avail`]: '251\n', [`${DIR}/poolsize`]: '256\n' });
  const exposed = new Exposed(entropy(files.paths));
  expect(exposed.sample()).toEqual([
    'node_entropy_available_bits 251',
    'node_entropy_pool_size_bits 256',
  ]);
  files.write(`${DIR}/entropy_avail`, '7\n');
  expect(exposed.sample()).toEqual([
    'node_entropy_available_bits 7',
    'node_entropy_pool_size_bits 256',
  ]);
});

test('entropy() has the one that there is', () => {
  using files = new Files({ [`${DIR}/poolsize`]: '256\n' });
  expect(new Exposed(entropy(files.paths)).sample()).toEqual(['node_entropy_pool_size_bits 256']);
});

test('entropy() leaves out what is empty or no number', () => {
  using files = new Files({ [`${DIR}/entropy_avail`]: '', [`${DIR}/poolsize`]: 'large\n' });
  expect(new Exposed(entropy(files.paths)).sample()).toEqual([]);
});

test('entropy() reads a fixture machine', () => {
  using files = Files.machine('spark', DIR);
  expect(new Exposed(entropy(files.paths)).sample()).toHaveLength(2);
});
