import { type Row, type Signal, signals } from '../signal.ts';

/** Labels of whatever belongs to a port. */
export const PORT = ['device', 'port'];

const state = (native: string, node: string, help: string): Row => ({
  type: 'gauge',
  help,
  labels: PORT,
  native,
  node,
});

/** /sys/class/infiniband/DEVICE and its ports: InfiniBand and RoCE alike. */
export const INFINIBAND = signals('infiniband', {
  info: {
    type: 'gauge',
    help: 'Board, firmware and type of an RDMA device, with the value 1.',
    labels: ['board_id', 'device', 'firmware_version', 'hca_type'],
    native: 'infiniband_info',
    node: 'node_infiniband_info',
  },
  portInfo: {
    type: 'gauge',
    help: 'Link layer of a port, and the network interface on it, with the value 1.',
    labels: ['device', 'port', 'link_layer', 'netdev'],
    native: 'infiniband_port_info',
  },
  stateId: state(
    'infiniband_port_state_id',
    'node_infiniband_state_id',
    'Logical state of the port: 1 down, 2 initialising, 3 armed, 4 active, 5 active and deferring.',
  ),
  physicalStateId: state(
    'infiniband_port_physical_state_id',
    'node_infiniband_physical_state_id',
    'Physical state of the port: 1 sleep, 2 polling, 3 disabled, 4 training, 5 link up, 6 recovering from errors, 7 test.',
  ),
  rate: {
    type: 'gauge',
    unit: 'bytes_per_second',
    help: 'Rate of the port; a port that is down shows the lowest it knows.',
    labels: PORT,
    node: 'node_infiniband_rate_bytes_per_second',
  },
  activeRate: {
    type: 'gauge',
    unit: 'bytes_per_second',
    help: 'Rate of the port, while it is active.',
    labels: PORT,
    native: 'infiniband_port_rate_bytes_per_second',
  },
});

/** A counter of a port. */
export const counter = (node: string, help: string, native?: string): Row => ({
  type: 'counter',
  unit: node.endsWith('_bytes_total') ? 'bytes' : '',
  help,
  labels: PORT,
  node: `node_infiniband_${node}`,
  ...(native === undefined ? {} : { native: `infiniband_port_${native}` }),
});

/** ports/PORT/counters, by file; Documentation/ABI/stable/sysfs-class-infiniband. */
export const INFINIBAND_COUNTERS: Readonly<Record<string, Signal>> = signals('infiniband', {
  excessive_buffer_overrun_errors: counter(
    'excessive_buffer_overrun_errors_total',
    'Times the receive buffers overran for as many flow control periods in a row as the limit allows.',
  ),
  link_downed: counter(
    'link_downed_total',
    'Times the link could not recover from errors and went down.',
    'link_downed_total',
  ),
  link_error_recovery: counter(
    'link_error_recovery_total',
    'Times the link recovered from errors by training anew.',
    'link_error_recovery_total',
  ),
  local_link_integrity_errors: counter(
    'local_link_integrity_errors_total',
    'Times the errors of the local physical layer went over their limit.',
  ),
  multicast_rcv_packets: counter(
    'multicast_packets_received_total',
    'Multicast packets received, bad ones too.',
  ),
  multicast_xmit_packets: counter(
    'multicast_packets_transmitted_total',
    'Multicast packets sent, bad ones too.',
  ),
  port_rcv_constraint_errors: counter(
    'port_constraint_errors_received_total',
    'Packets received that the port dropped because of its partition or raw filter.',
  ),
  port_rcv_data: counter(
    'port_data_received_bytes_total',
    'Bytes of data received on all virtual lanes.',
    'receive_bytes_total',
  ),
  port_rcv_discards: counter(
    'port_discards_received_total',
    'Packets received and dropped because the port was down or congested.',
  ),
  port_rcv_errors: counter(
    'port_errors_received_total',
    'Packets received with an error.',
    'receive_errors_total',
  ),
  port_rcv_packets: counter(
    'port_packets_received_total',
    'Packets received on all virtual lanes, bad ones too.',
    'receive_packets_total',
  ),
  port_rcv_remote_physical_errors: counter(
    'port_receive_remote_physical_errors_total',
    'Packets received that a device before this one had marked as bad.',
  ),
  port_rcv_switch_relay_errors: counter(
    'port_receive_switch_relay_errors_total',
    'Packets received that the switch could not forward.',
  ),
  port_xmit_constraint_errors: counter(
    'port_constraint_errors_transmitted_total',
    'Packets that the port did not send because of its partition or raw filter.',
  ),
  port_xmit_data: counter(
    'port_data_transmitted_bytes_total',
    'Bytes of data sent on all virtual lanes.',
    'transmit_bytes_total',
  ),
  port_xmit_discards: counter(
    'port_discards_transmitted_total',
    'Packets dropped before they were sent because the port was down or congested.',
    'transmit_discards_total',
  ),
  port_xmit_packets: counter(
    'port_packets_transmitted_total',
    'Packets sent on all virtual lanes, bad ones too.',
    'transmit_packets_total',
  ),
  port_xmit_wait: counter(
    'port_transmit_wait_total',
    'Ticks of the port in which it had data to send and could not.',
    'transmit_wait_ticks_total',
  ),
  symbol_error: counter(
    'symbol_error_total',
    'Minor errors on the physical lanes.',
    'symbol_errors_total',
  ),
  unicast_rcv_packets: counter(
    'unicast_packets_received_total',
    'Unicast packets received, bad ones too.',
  ),
  unicast_xmit_packets: counter(
    'unicast_packets_transmitted_total',
    'Unicast packets sent, bad ones too.',
  ),
  VL15_dropped: counter(
    'vl15_dropped_total',
    'Management packets received and dropped for want of buffers.',
  ),
});

/** ports/PORT/counters_ext, by file: 64 bits beside 32 on kernels before 4.5. */
export const INFINIBAND_COUNTERS_EXT: Readonly<Record<string, Signal>> = signals('infiniband', {
  port_multicast_rcv_packets: counter(
    'legacy_multicast_packets_received_total',
    'Multicast packets received.',
  ),
  port_multicast_xmit_packets: counter(
    'legacy_multicast_packets_transmitted_total',
    'Multicast packets sent.',
  ),
  port_rcv_data_64: counter(
    'legacy_data_received_bytes_total',
    'Bytes of data received on all virtual lanes.',
  ),
  port_rcv_packets_64: counter(
    'legacy_packets_received_total',
    'Packets received on all virtual lanes.',
  ),
  port_unicast_rcv_packets: counter(
    'legacy_unicast_packets_received_total',
    'Unicast packets received.',
  ),
  port_unicast_xmit_packets: counter(
    'legacy_unicast_packets_transmitted_total',
    'Unicast packets sent.',
  ),
  port_xmit_data_64: counter(
    'legacy_data_transmitted_bytes_total',
    'Bytes of data sent on all virtual lanes.',
  ),
  port_xmit_packets_64: counter(
    'legacy_packets_transmitted_total',
    'Packets sent on all virtual lanes.',
  ),
});
