import { signals } from '../signal.ts';

/** /sys/devices/system/edac/mc: what memory controllers count. https://docs.kernel.org/driver-api/edac.html */
export const EDAC = signals('edac', {
  correctable: {
    type: 'counter',
    help: 'Memory errors that this controller has corrected.',
    labels: ['controller'],
    node: 'node_edac_correctable_errors_total',
    native: 'memory_correctable_errors_total',
  },
  uncorrectable: {
    type: 'counter',
    help: 'Memory errors that this controller could not correct.',
    labels: ['controller'],
    node: 'node_edac_uncorrectable_errors_total',
    native: 'memory_uncorrectable_errors_total',
  },
  rowCorrectable: {
    type: 'counter',
    help: 'Corrected memory errors in one row of chips; row unknown are those that no row was blamed for.',
    labels: ['controller', 'csrow'],
    node: 'node_edac_csrow_correctable_errors_total',
  },
  rowUncorrectable: {
    type: 'counter',
    help: 'Memory errors in one row of chips that were not corrected; row unknown are those that no row was blamed for.',
    labels: ['controller', 'csrow'],
    node: 'node_edac_csrow_uncorrectable_errors_total',
  },
});
