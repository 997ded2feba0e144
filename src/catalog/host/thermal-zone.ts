import { signals } from '../signal.ts';

/** /sys/class/thermal. Several zones may have one type: the zone's number is what tells them apart. */
export const THERMAL_ZONE = signals('thermal_zone', {
  temperature: {
    type: 'gauge',
    unit: 'celsius',
    help: 'Temperature of this thermal zone.',
    labels: ['type', 'zone'],
    node: 'node_thermal_zone_temp',
    native: {
      name: 'thermal_zone_temperature_celsius',
      labels: { zone: 'zone', type: 'type' },
    },
  },
  coolingState: {
    type: 'gauge',
    help: 'How much this device does to cool, from 0 to its highest state; -1 means that it does not say.',
    labels: ['name', 'type'],
    node: 'node_cooling_device_cur_state',
    native: { name: 'cooling_device_state', labels: { name: 'device', type: 'type' } },
  },
  coolingMaximum: {
    type: 'gauge',
    help: 'Highest state of this cooling device.',
    labels: ['name', 'type'],
    node: 'node_cooling_device_max_state',
    native: { name: 'cooling_device_max_state', labels: { name: 'device', type: 'type' } },
  },
});
