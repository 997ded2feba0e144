/**
 * What a process runs, by the libraries that it has mapped. It is a set, of which one is chosen: importing
 * TensorFlow maps JAX's library where that is installed, and PyTorch's TensorBoard maps TensorFlow's.
 */

const LIBRARIES: readonly (readonly [framework: string, library: RegExp])[] = [
  // The half that computes on a GPU is mapped by who uses one.
  ['pytorch', /\/(libtorch_cuda|libtorch_hip|libc10_cuda|libc10_hip)\b/],
  ['onnxruntime', /\/libonnxruntime_providers_(cuda|tensorrt|rocm|migraphx)\b/],
  ['jax', /\/(xla_cuda_plugin|xla_rocm_plugin|pjrt_plugin_cuda)\b/],
  ['pytorch', /\/libtorch_python\b/],
  ['onnxruntime', /\/(onnxruntime_pybind11_state|libonnxruntime)\b/],
  ['tensorflow', /\/(libtensorflow_framework|libtensorflow_cc|_pywrap_tensorflow_internal)\b/],
  ['pytorch', /\/libtorch(_cpu)?\b/],
  ['jax', /\/(libjax_common|_jax|_xla|xla_extension)\b/],
];

/** `maps`: the text of /proc/PID/maps. */
export const frameworkOf = (maps: string): string | undefined =>
  LIBRARIES.find(([, library]) => library.test(maps))?.[0];
