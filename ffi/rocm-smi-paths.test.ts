import { expect, test } from 'bun:test';
import { rocmSmiCandidates, rocmSmiFiles } from './rocm-smi-paths.ts';

test('the loader is asked first, then the places where ROCm and distributions put it', () => {
  const candidates = rocmSmiCandidates();
  expect(candidates.slice(0, 5)).toEqual([
    'librocm_smi64.so.7',
    'librocm_smi64.so.6',
    'librocm_smi64.so.5',
    'librocm_smi64.so.1',
    '/opt/rocm/lib/librocm_smi64.so.7',
  ]);
  expect(candidates).toContain('/usr/lib/x86_64-linux-gnu/librocm_smi64.so.1');
  expect(candidates).toContain('/usr/lib/aarch64-linux-gnu/librocm_smi64.so.1');
});

test('every file is named by an absolute path', () => {
  for (const file of rocmSmiFiles()) expect(file).toMatch(/^\/.*\/librocm_smi64\.so\.[1567]$/);
});
