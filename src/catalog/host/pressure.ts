import { type Row, signal, signals } from '../signal.ts';

/**
 * node_exporter has a family per resource and kind; the native dialect has one with labels, so the
 * series carry `resource` and `kind` as facts that only the native entry prints.
 */
const stalled = (help: string, node?: string): Row => ({
  type: 'counter',
  unit: 'seconds',
  help,
  native: {
    name: 'host_pressure_seconds_total',
    help: 'Time in which some or all (kind full) tasks were held up for want of this resource.',
    labels: { resource: 'resource', kind: 'kind' },
  },
  ...(node === undefined ? {} : { node }),
});

/** /proc/pressure/*, total stall time; keys are resource and kind. */
export const PRESSURE = signals('pressure', {
  cpuSome: stalled(
    'Time in which at least one task waited for a CPU.',
    'node_pressure_cpu_waiting_seconds_total',
  ),
  cpuFull: stalled('Time in which every task of some group waited for a CPU.'),
  ioSome: stalled(
    'Time in which at least one task waited for IO.',
    'node_pressure_io_waiting_seconds_total',
  ),
  ioFull: stalled(
    'Time in which every task that was not idle waited for IO.',
    'node_pressure_io_stalled_seconds_total',
  ),
  memorySome: stalled(
    'Time in which at least one task waited for memory.',
    'node_pressure_memory_waiting_seconds_total',
  ),
  memoryFull: stalled(
    'Time in which every task that was not idle waited for memory.',
    'node_pressure_memory_stalled_seconds_total',
  ),
  irqFull: stalled(
    'Time in which tasks were held up by interrupt handling.',
    'node_pressure_irq_stalled_seconds_total',
  ),
});

/** The kernel's own average of the last ten seconds. */
export const PRESSURE_RATIO = signal('pressure', 'ratio', {
  type: 'gauge',
  unit: 'ratio',
  help: 'Share of the last ten seconds in which some or all (kind full) tasks were held up for want of this resource.',
  labels: ['resource', 'kind'],
  native: 'host_pressure_ratio',
});
