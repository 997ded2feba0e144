/**
 * For probes that call libraries: bun:ffi needs a JIT, but not its compilers. At one poll a second they cost two
 * megabytes and save a third of a millisecond. Nor are there allocations enough for memory to be kept ready
 * for them, or for a second thread that collects; and code that only the start ran is let go of at once.
 */
export const FFI_ENVIRONMENT = {
  BUN_JSC_useJIT: '1',
  BUN_JSC_useBaselineJIT: '0',
  BUN_JSC_useWarmUpMarkedBlocks: '0',
  BUN_JSC_numberOfGCMarkers: '1',
  BUN_JSC_useConcurrentGC: '0',
  BUN_JSC_useEagerCodeBlockJettisonTiming: '1',
} as const;
