import { type Row, signals } from '../signal.ts';

/** Only interfaces with this fact are in the native dialect. */
const PHYSICAL = { physical: 'yes' };

const traffic = (name: string, help: string, native?: string, unit = ''): Row => ({
  type: 'counter',
  unit,
  help,
  labels: ['device'],
  node: `node_network_${name}_total`,
  ...(native === undefined ? {} : { native: { name: native, select: PHYSICAL } }),
});

/** /proc/net/dev, and the one default of node_exporter that it lacks (`rx_nohandler` in sysfs). */
export const NETDEV = signals('netdev', {
  receiveBytes: traffic('receive_bytes', 'Bytes received.', 'network_receive_bytes_total', 'bytes'),
  receivePackets: traffic('receive_packets', 'Packets received.', 'network_receive_packets_total'),
  receiveErrors: traffic(
    'receive_errs',
    'Received packets that were bad.',
    'network_receive_errors_total',
  ),
  receiveDrop: traffic(
    'receive_drop',
    'Received packets dropped by the kernel or missed by the interface.',
    'network_receive_dropped_total',
  ),
  receiveFifo: traffic('receive_fifo', 'Packets lost because the receive queue overran.'),
  receiveFrame: traffic('receive_frame', 'Received frames of wrong length, checksum or alignment.'),
  receiveCompressed: traffic('receive_compressed', 'Compressed packets received.'),
  receiveMulticast: traffic('receive_multicast', 'Multicast packets received.'),
  transmitBytes: traffic('transmit_bytes', 'Bytes sent.', 'network_transmit_bytes_total', 'bytes'),
  transmitPackets: traffic('transmit_packets', 'Packets sent.', 'network_transmit_packets_total'),
  transmitErrors: traffic(
    'transmit_errs',
    'Packets that could not be sent because of an error.',
    'network_transmit_errors_total',
  ),
  transmitDrop: traffic(
    'transmit_drop',
    'Packets dropped before they were sent.',
    'network_transmit_dropped_total',
  ),
  transmitFifo: traffic('transmit_fifo', 'Packets lost because the send queue overran.'),
  transmitCollisions: traffic('transmit_colls', 'Collisions while sending.'),
  transmitCarrier: traffic(
    'transmit_carrier',
    'Packets lost while sending: no carrier, aborted, late.',
  ),
  transmitCompressed: traffic('transmit_compressed', 'Compressed packets sent.'),
  receiveNoHandler: traffic(
    'receive_nohandler',
    'Packets received for which there was no handler.',
  ),
});

/** The columns of /proc/net/dev behind the name. */
export const NETDEV_COLUMNS = [
  NETDEV.receiveBytes,
  NETDEV.receivePackets,
  NETDEV.receiveErrors,
  NETDEV.receiveDrop,
  NETDEV.receiveFifo,
  NETDEV.receiveFrame,
  NETDEV.receiveCompressed,
  NETDEV.receiveMulticast,
  NETDEV.transmitBytes,
  NETDEV.transmitPackets,
  NETDEV.transmitErrors,
  NETDEV.transmitDrop,
  NETDEV.transmitFifo,
  NETDEV.transmitCollisions,
  NETDEV.transmitCarrier,
  NETDEV.transmitCompressed,
] as const;
