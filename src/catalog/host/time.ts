import { signals } from '../signal.ts';

/** The clock, its zone, and /sys/devices/system/clocksource. */
export const TIME = signals('time', {
  now: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Unix time of this machine.',
    node: 'node_time_seconds',
  },
  zoneOffset: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How far local time is ahead of UTC.',
    labels: ['time_zone'],
    node: 'node_time_zone_offset_seconds',
  },
  clocksourceAvailable: {
    type: 'gauge',
    help: 'Clock sources that the kernel could use, each with the value 1.',
    labels: ['device', 'clocksource'],
    node: 'node_time_clocksource_available_info',
  },
  clocksourceCurrent: {
    type: 'gauge',
    help: 'The clock source that the kernel uses, with the value 1.',
    labels: ['device', 'clocksource'],
    node: 'node_time_clocksource_current_info',
  },
});
