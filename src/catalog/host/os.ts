import { signals } from '../signal.ts';

/** /etc/os-release */
export const OS = signals('os', {
  info: {
    type: 'gauge',
    help: 'What the operating system says of itself in os-release, with the value 1.',
    labels: [
      'build_id',
      'id',
      'id_like',
      'image_id',
      'image_version',
      'name',
      'pretty_name',
      'variant',
      'variant_id',
      'version',
      'version_codename',
      'version_id',
    ],
    node: 'node_os_info',
  },
  version: {
    type: 'gauge',
    help: 'Version of the operating system as a number: major, or major.minor.',
    labels: ['id', 'id_like', 'name'],
    node: 'node_os_version',
  },
  supportEnd: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time at which support for this operating system ends.',
    node: 'node_os_support_end_timestamp_seconds',
  },
});
