import { type Row, signals } from '../signal.ts';

/** Only interfaces with this fact are in the native dialect. */
const PHYSICAL = { physical: 'yes' };

const property = (node: string, help: string, more: Partial<Row> = {}): Row => ({
  type: 'gauge',
  help,
  labels: ['device'],
  node,
  ...more,
});

/** /sys/class/net/INTERFACE; https://docs.kernel.org/admin-guide/abi-testing.html, sysfs-class-net. */
export const NETCLASS = signals('netclass', {
  up: {
    type: 'gauge',
    help: 'Whether the operational state of the interface is up.',
    labels: ['device'],
    native: { name: 'network_up', select: PHYSICAL },
    node: 'node_network_up',
  },
  info: {
    type: 'gauge',
    help: 'What the kernel says of the interface in words, with the value 1.',
    labels: ['address', 'adminstate', 'broadcast', 'device', 'duplex', 'ifalias', 'operstate'],
    node: 'node_network_info',
  },
  addressAssignType: property(
    'node_network_address_assign_type',
    'Where the hardware address comes from: 0 the device, 1 random, 2 another device, 3 set by hand.',
  ),
  carrier: property('node_network_carrier', 'Whether the link has a carrier.'),
  carrierChanges: property(
    'node_network_carrier_changes_total',
    'Times the carrier came or went.',
    {
      type: 'counter',
      native: { name: 'network_carrier_changes_total', select: PHYSICAL },
    },
  ),
  carrierUpChanges: property('node_network_carrier_up_changes_total', 'Times the carrier came.', {
    type: 'counter',
  }),
  carrierDownChanges: property(
    'node_network_carrier_down_changes_total',
    'Times the carrier went.',
    { type: 'counter' },
  ),
  deviceId: property(
    'node_network_device_id',
    'Tells apart the ports of one device that share an address.',
  ),
  dormant: property(
    'node_network_dormant',
    'Whether the interface waits for another event to go up.',
  ),
  flags: property('node_network_flags', 'The IFF_ flags of the interface as a number.'),
  ifaceId: property('node_network_iface_id', 'Index of the interface.'),
  ifaceLink: property(
    'node_network_iface_link',
    'Index of the interface that this one is stacked on; its own for a device.',
  ),
  ifaceLinkMode: property(
    'node_network_iface_link_mode',
    'Link mode policy: 0 default, 1 goes through dormant.',
  ),
  mtu: property('node_network_mtu_bytes', 'Largest packet that the interface carries.', {
    unit: 'bytes',
    native: { name: 'network_mtu_bytes', select: PHYSICAL },
  }),
  nameAssignType: property(
    'node_network_name_assign_type',
    'Where the name comes from: 1 kernel, 2 predictable, 3 given by user space, 4 renamed.',
  ),
  netDevGroup: property('node_network_net_dev_group', 'Group that the interface belongs to.'),
  speed: property(
    'node_network_speed_bytes',
    'Speed of the link per second, as its driver says; negative where it does not know.',
    { unit: 'bytes' },
  ),
  transmitQueueLength: property(
    'node_network_transmit_queue_length',
    'Packets that the transmit queue takes.',
  ),
  protocolType: property(
    'node_network_protocol_type',
    'ARPHRD_ number of the link layer: 1 Ethernet, 772 loopback.',
  ),
});

/** What only the native dialect has, of physical interfaces. */
export const NETCLASS_NATIVE = signals('netclass', {
  linkSpeed: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Speed of the link per second; absent while there is no link or its driver does not know.',
    labels: ['device'],
    native: 'network_speed_bytes',
  },
  hardware: {
    type: 'gauge',
    help: 'Hardware address, driver and bus address of the interface, with the value 1.',
    labels: ['device', 'address', 'driver', 'bus_address'],
    native: 'network_info',
  },
});
