import { expect, test } from 'bun:test';
import { frameworkIn } from './frameworks.ts';

/** Lines of /proc/PID/maps that map these files. */
const maps = (...files: string[]): string =>
  files
    .map((file) => `7f0000000000-7f0000001000 r-xp 00000000 08:01 42   /venv/lib/${file}\n`)
    .join('');

const TORCH = [
  'torch/lib/libtorch.so',
  'torch/lib/libtorch_cpu.so',
  'torch/lib/libtorch_python.so',
];
const TENSORFLOW = ['tensorflow/libtensorflow_framework.so.2', 'tensorflow/libtensorflow_cc.so.2'];
const JAX = ['jaxlib/libjax_common.so', 'jaxlib/_jax.so'];

test.each([
  ['pytorch', TORCH],
  ['tensorflow', TENSORFLOW],
  ['jax', JAX],
  ['onnxruntime', ['onnxruntime/capi/onnxruntime_pybind11_state.cpython-312-x86_64-linux-gnu.so']],
  // Importing one maps another.
  ['tensorflow', [...JAX, ...TENSORFLOW]],
  ['pytorch', [...TENSORFLOW, ...JAX, ...TORCH]],
  // The half that is for GPUs decides.
  ['onnxruntime', [...TORCH, 'onnxruntime/capi/libonnxruntime_providers_cuda.so']],
  ['jax', [...TENSORFLOW, 'jax_plugins/xla_cuda12/xla_cuda_plugin.so']],
  ['pytorch', [...JAX, 'torch/lib/libtorch_hip.so']],
  [undefined, ['libc.so.6', 'libcuda.so.1', 'mytorch.so', 'libtorchtext.so']],
])('%p', (framework, files) => {
  expect(frameworkIn([maps(...files)])).toBe(framework);
});

test('a line that is cut between two pieces is read whole', () => {
  const text = maps(...TORCH);
  for (let at = 0; at < text.length; at++) {
    expect(frameworkIn([text.slice(0, at), text.slice(at)])).toBe('pytorch');
  }
});

test('of a process with many mappings no more is held than a piece, nor read than is needed', () => {
  const other = maps('libc.so.6').repeat(1000);
  let read = 0;
  function* pieces(): Iterable<string> {
    for (; read < 200; read++) yield read === 100 ? maps('torch/lib/libtorch_cuda.so') : other;
  }
  expect(frameworkIn(pieces())).toBe('pytorch');
  expect(read).toBe(100);
});
