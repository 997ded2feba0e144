import { signals } from '../signal.ts';

/** /etc/dgx-release; the serial number in it is not exported. */
export const DGX = signals('dgx', {
  release: {
    type: 'gauge',
    help: 'Release of the DGX software on this machine, with the value 1.',
    labels: [
      'name',
      'pretty_name',
      'platform',
      'build_version',
      'build_date',
      'ota_version',
      'ota_date',
    ],
    native: 'dgx_release_info',
  },
});
