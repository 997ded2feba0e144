import { type Signal, signals } from '../signal.ts';
import { counter, PORT } from './infiniband.ts';

/**
 * ports/PORT/hw_counters, by file: what the driver counts beyond the standard, here mlx5's and irdma's.
 * node_exporter has these names since 1.10.
 */
export const INFINIBAND_HW_COUNTERS: Readonly<Record<string, Signal>> = signals('infiniband', {
  duplicate_request: counter(
    'duplicate_requests_packets_total',
    'Requests received that had been received before.',
  ),
  implied_nak_seq_err: counter(
    'implied_nak_seq_errors_total',
    'Times a read or atomic was answered with a sequence number beyond the expected one.',
  ),
  lifespan: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the driver keeps these counters before it asks the device again.',
    labels: PORT,
    node: 'node_infiniband_lifespan_seconds',
  },
  local_ack_timeout_err: counter(
    'local_ack_timeout_errors_total',
    'Times the acknowledgement timer of a sending queue pair ran out.',
    'ack_timeouts_total',
  ),
  np_cnp_sent: counter(
    'np_cnp_packets_sent_total',
    'Congestion notifications sent because packets came marked.',
    'cnp_sent_total',
  ),
  np_ecn_marked_roce_packets: counter(
    'np_ecn_marked_roce_packets_received_total',
    'RoCE packets received that a switch had marked as congested.',
    'ecn_marked_packets_total',
  ),
  out_of_buffer: counter(
    'out_of_buffer_drops_total',
    'Packets dropped because no receive request was posted.',
    'out_of_buffer_drops_total',
  ),
  out_of_sequence: counter(
    'out_of_sequence_packets_received_total',
    'Packets received out of sequence.',
    'out_of_sequence_packets_total',
  ),
  packet_seq_err: counter(
    'packet_sequence_errors_total',
    'Negative acknowledgements received for a lost packet.',
    'packet_sequence_errors_total',
  ),
  req_cqe_error: counter(
    'req_cqes_errors_total',
    'Requests of this side that completed with an error.',
  ),
  req_cqe_flush_error: counter(
    'req_cqes_flush_errors_total',
    'Requests of this side that were flushed with an error.',
  ),
  req_remote_access_errors: counter(
    'req_remote_access_errors_total',
    'Requests of this side that the other refused for want of rights.',
  ),
  req_remote_invalid_request: counter(
    'req_remote_invalid_request_errors_total',
    'Requests of this side that the other called invalid.',
  ),
  resp_cqe_error: counter(
    'resp_cqes_errors_total',
    'Receive requests of this side that completed with an error.',
  ),
  resp_cqe_flush_error: counter(
    'resp_cqes_flush_errors_total',
    'Receive requests of this side that were flushed with an error.',
  ),
  resp_local_length_error: counter(
    'resp_local_length_errors_total',
    'Messages received that were longer than their buffer.',
  ),
  resp_remote_access_errors: counter(
    'resp_remote_access_errors_total',
    'Requests of the other side that this one refused for want of rights.',
  ),
  rnr_nak_retry_err: counter(
    'rnr_nak_retry_packets_received_total',
    'Times the other side was not ready to receive.',
  ),
  roce_adp_retrans: counter(
    'roce_adp_retransmits_total',
    'Adaptive retransmissions of RoCE traffic.',
  ),
  roce_adp_retrans_to: counter(
    'roce_adp_retransmits_timeout_total',
    'Times RoCE traffic waited out the timeout of adaptive retransmission.',
  ),
  roce_slow_restart: counter('roce_slow_restart_used_total', 'Times RoCE slow restart was used.'),
  roce_slow_restart_cnps: counter(
    'roce_slow_restart_cnps_total',
    'Congestion notifications that RoCE slow restart made.',
  ),
  roce_slow_restart_trans: counter(
    'roce_slow_restart_total',
    'Times RoCE slow restart was entered.',
  ),
  rp_cnp_handled: counter(
    'rp_cnp_packets_handled_total',
    'Congestion notifications received that slowed this side down.',
    'cnp_handled_total',
  ),
  rp_cnp_ignored: counter(
    'rp_cnp_ignored_packets_received_total',
    'Congestion notifications received and not heeded.',
  ),
  rx_atomic_requests: counter('rx_atomic_requests_total', 'Atomic requests received.'),
  rx_dct_connect: counter(
    'rx_dct_connect_requests_total',
    'Requests received to connect a dynamically connected target.',
  ),
  rx_icrc_encapsulated: counter(
    'rx_icrc_encapsulated_errors_total',
    'RoCE packets received with a wrong checksum.',
    'icrc_errors_total',
  ),
  rx_read_requests: counter('rx_read_requests_total', 'RDMA read requests received.'),
  rx_write_requests: counter('rx_write_requests_total', 'RDMA write requests received.'),
});
