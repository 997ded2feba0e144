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

/**
 * `pieces`: the text of /proc/PID/maps, cut anywhere. They are read as long as a later one could tell more;
 * of a process with a hundred thousand mappings that is all there is to hold in memory.
 */
export function frameworkIn(pieces: Iterable<string>): string | undefined {
  let best = LIBRARIES.length;
  let rest = '';
  for (const piece of pieces) {
    const text = rest + piece;
    const end = text.lastIndexOf('\n') + 1;
    best = bestIn(text.slice(0, end), best);
    if (best === 0) break;
    // A line is a path of at most 4096 bytes; what is longer is none.
    rest = text.slice(Math.max(end, text.length - LONGEST_LINE));
  }
  return LIBRARIES[bestIn(rest, best)]?.[0];
}

const LONGEST_LINE = 8192;

/** Place of the first library that the lines map, if it is before `best`. */
function bestIn(lines: string, best: number): number {
  const found = LIBRARIES.findIndex(([, library], i) => i < best && library.test(lines));
  return found < 0 ? best : found;
}
