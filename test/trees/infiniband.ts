import { hex, pick } from './number.ts';
import { type Attribute, attributes, link, runtimePower, type Tree } from './tree.ts';

const COUNTERS = `VL15_dropped excessive_buffer_overrun_errors link_downed link_error_recovery
local_link_integrity_errors multicast_rcv_packets multicast_xmit_packets port_rcv_constraint_errors
port_rcv_data port_rcv_errors port_rcv_packets port_rcv_remote_physical_errors
port_rcv_switch_relay_errors port_xmit_constraint_errors port_xmit_data port_xmit_discards
port_xmit_packets port_xmit_wait symbol_error unicast_rcv_packets unicast_xmit_packets`;

const HARDWARE_COUNTERS = `duplicate_request implied_nak_seq_err local_ack_timeout_err np_cnp_sent
np_ecn_marked_roce_packets out_of_buffer out_of_sequence packet_seq_err req_cqe_error
req_cqe_flush_error req_remote_access_errors req_remote_invalid_request resp_cqe_error
resp_cqe_flush_error resp_local_length_error resp_remote_access_errors rnr_nak_retry_err
roce_adp_retrans roce_adp_retrans_to roce_slow_restart roce_slow_restart_cnps
roce_slow_restart_trans rp_cnp_handled rp_cnp_ignored rx_atomic_requests rx_dct_connect
rx_icrc_encapsulated rx_read_requests rx_write_requests`;

/** One RDMA device with one port. */
export interface Hca {
  readonly name: string;
  /** The PCI device below sys/devices. */
  readonly device: string;
  readonly netdev: string;
  readonly boardId: string;
  readonly firmware: string;
  readonly hcaType: string;
  readonly guid: string;
  readonly up: boolean;
  /** As the kernel writes it; a port that is down shows its lowest rate. */
  readonly rate: string;
  /** Counters whose value matters; `port_rcv_data` and `port_xmit_data` count words of four bytes. */
  readonly counters?: Record<string, Attribute>;
}

/** Counters of traffic; the others count what seldom happens. */
const TRAFFIC = /_data$|_packets$|_wait$|_requests$|_cnp_|_restart/;

/** A port that is down has counted nothing. */
function counts(hca: Hca, names: string): Record<string, Attribute> {
  return Object.fromEntries(
    names.split(/\s+/).map((name) => {
      const [low, high] = TRAFFIC.test(name) ? [1e9, 9e14] : [10, 900_000];
      return [name, hca.up ? pick(`${hca.guid} ${name}`, low, high) : 0];
    }),
  );
}

/** Adds an RDMA device (Documentation/ABI/stable/sysfs-class-infiniband) and its class link. */
export function infiniband(tree: Tree, hca: Hca): void {
  const base = `sys/devices/${hca.device}/infiniband/${hca.name}`;
  attributes(tree, base, {
    board_id: hca.boardId,
    fw_ver: hca.firmware,
    hca_type: hca.hcaType,
    hw_rev: '0',
    node_desc: `fixture ${hca.name}`,
    node_guid: hca.guid,
    node_type: '1: CA',
    sys_image_guid: hca.guid,
    uevent: `NAME=${hca.name}`,
  });
  const port = `${base}/ports/1`;
  attributes(tree, port, {
    cap_mask: '0x00010000',
    lid: '0x0',
    lid_mask_count: 0,
    link_layer: 'Ethernet',
    phys_state: hca.up ? '5: LinkUp' : '3: Disabled',
    rate: hca.rate,
    sm_lid: '0x0',
    sm_sl: 0,
    state: hca.up ? '4: ACTIVE' : '1: DOWN',
  });
  attributes(tree, `${port}/counters`, {
    ...counts(hca, COUNTERS),
    ...hca.counters,
  });
  attributes(tree, `${port}/hw_counters`, {
    ...counts(hca, HARDWARE_COUNTERS),
    // How long, in milliseconds, the driver keeps values before it asks the device again.
    lifespan: 10,
  });
  attributes(tree, `${port}/gids`, {
    0: `fe80:0000:0000:0000:0200:00ff:fe00:${hex(pick(hca.guid, 0, 65_536), 4)}`,
  });
  attributes(tree, `${port}/gid_attrs/ndevs`, { 0: hca.netdev });
  attributes(tree, `${port}/gid_attrs/types`, { 0: 'RoCE v2' });
  runtimePower(tree, base);
  link(tree, `${base}/device`, `sys/devices/${hca.device}`);
  link(tree, `${base}/subsystem`, 'sys/class/infiniband');
  link(tree, `sys/class/infiniband/${hca.name}`, base);
}
