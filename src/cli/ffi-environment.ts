/**
 * For probes that call libraries: bun:ffi needs a JIT, but not its compilers. At one poll a second they cost two
 * megabytes and save a third of a millisecond. Nor are there allocations enough for memory to be kept ready
 * for them.
 */
export const FFI_ENVIRONMENT = {
  BUN_JSC_useJIT: '1',
  BUN_JSC_useBaselineJIT: '0',
  BUN_JSC_useWarmUpMarkedBlocks: '0',
} as const;
