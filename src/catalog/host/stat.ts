import { signals } from '../signal.ts';

/** /proc/stat, whole machine. */
export const STAT = signals('stat', {
  interrupts: {
    type: 'counter',
    help: 'Interrupts serviced since boot.',
    node: 'node_intr_total',
  },
  contextSwitches: {
    type: 'counter',
    help: 'Context switches since boot, over all CPUs.',
    native: 'host_context_switches_total',
    node: 'node_context_switches_total',
  },
  bootTime: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time at which the kernel started.',
    native: 'host_boot_time_seconds',
    node: 'node_boot_time_seconds',
  },
  forks: {
    type: 'counter',
    help: 'Processes and threads created since boot.',
    node: 'node_forks_total',
  },
  running: {
    type: 'gauge',
    help: 'Threads that run or could run at this moment.',
    native: 'host_procs_running',
    node: 'node_procs_running',
  },
  blocked: {
    type: 'gauge',
    help: 'Threads that wait for IO to complete.',
    native: 'host_procs_blocked',
    node: 'node_procs_blocked',
  },
});
