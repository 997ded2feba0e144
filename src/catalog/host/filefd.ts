import { signals } from '../signal.ts';

/** /proc/sys/fs/file-nr */
export const FILEFD = signals('filefd', {
  allocated: {
    type: 'gauge',
    help: 'Open files that the kernel keeps, over all processes.',
    node: 'node_filefd_allocated',
  },
  maximum: {
    type: 'gauge',
    help: 'Open files that the kernel is willing to keep.',
    node: 'node_filefd_maximum',
  },
});
