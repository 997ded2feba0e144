/** Memory of the GPU; that of the machine where it has none of its own. */
import { type Bar1, type Memory, RETURN } from '../../../ffi/nvml.ts';
import { GPU_MEMORY, GPU_MEMORY_DETAIL } from '../../catalog/gpu/memory.ts';
import type { Gpu, Group } from './group.ts';
import { type Meminfo, readMeminfo } from './meminfo.ts';
import { bytes, nonZero } from './policy.ts';
import { type Question, Table } from './table.ts';

/** `procfs`: where /proc is mounted. */
export const memory = (procfs: string): Group => ({
  name: 'memory',
  every: 1,
  attach: (gpu) => new Table(gpu, [amounts(gpu, `${procfs}/meminfo`), unified(gpu)]),
});

export const memoryDetail: Group = {
  name: 'memory_detail',
  every: 10,
  attach: (gpu) => new Table(gpu, [bar1(gpu), guarded(gpu)]),
};

function amounts(gpu: Gpu, meminfo: string): Question {
  const out: Memory = nothing();
  const machine: Meminfo = { total: Number.NaN, available: Number.NaN };
  const { total, used, free, reserved } = GPU_MEMORY;
  return {
    series: [total, used, free, reserved],
    ask(answer) {
      const rc = gpu.nvml.readings.memory(gpu.handle, out);
      if (rc === RETURN.success) {
        answer[0] = nonZero(bytes(out.total));
        // A driver that tells no total tells nothing.
        if (Number.isNaN(answer[0])) return rc;
        answer[1] = bytes(out.used);
        answer[2] = bytes(out.free);
        answer[3] = bytes(out.reserved);
        return rc;
      }
      // Never by "the total is 0": a GPU that is about to be lost says that too.
      if (!gpu.integrated || rc !== RETURN.notSupported || !readMeminfo(meminfo, machine))
        return rc;
      answer[0] = machine.total;
      answer[1] = machine.total - machine.available;
      answer[2] = machine.available;
      return RETURN.success;
    },
  };
}

const nothing = (): Memory => ({
  total: Number.NaN,
  reserved: Number.NaN,
  free: Number.NaN,
  used: Number.NaN,
});

/** 0 is said of memory that the GPU tells of as its own; of one that tells nothing it is not known. */
function unified(gpu: Gpu): Question {
  const own = nothing();
  return {
    series: [GPU_MEMORY.unified],
    ask(answer) {
      if (gpu.integrated) answer[0] = 1;
      else if (gpu.nvml.readings.memory(gpu.handle, own) === RETURN.success) answer[0] = 0;
      return RETURN.success;
    },
  };
}

function bar1(gpu: Gpu): Question {
  const out: Bar1 = { total: Number.NaN, free: Number.NaN, used: Number.NaN };
  const { bar1Total, bar1Used } = GPU_MEMORY_DETAIL;
  return {
    series: [bar1Total, bar1Used],
    ask(answer) {
      const rc = gpu.nvml.readings.bar1(gpu.handle, out);
      if (rc !== RETURN.success) return rc;
      answer[0] = nonZero(bytes(out.total));
      answer[1] = bytes(out.used);
      return rc;
    },
  };
}

/** Where confidential computing is on; a GPU without it answers a total of 0 or that it does not know it. */
function guarded(gpu: Gpu): Question {
  const out = nothing();
  const { protectedTotal, protectedUsed } = GPU_MEMORY_DETAIL;
  return {
    series: [protectedTotal, protectedUsed],
    ask(answer) {
      const rc = gpu.nvml.readings.protectedMemory(gpu.handle, out);
      if (rc !== RETURN.success) return rc;
      answer[0] = nonZero(bytes(out.total));
      if (!Number.isNaN(answer[0])) answer[1] = bytes(out.used);
      return rc;
    },
  };
}
