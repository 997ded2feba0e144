import { type Row, signals } from '../signal.ts';

const labels = ['rail'] as const;
const watts = (native: string, help: string): Row => ({
  type: 'gauge',
  unit: 'watts',
  help,
  labels,
  native,
});

/**
 * The power budget manager of a DGX Spark (GB10), a hwmon chip called `spbm` where its driver is
 * loaded. node_exporter's names for the same numbers come from the hwmon collector; prochot and the
 * level it does not have. The firmware counts millijoules in 32 bits, so energies start anew every
 * 4.3 MJ. Of the attribute tj_max_c nobody knows for sure what it says, so it is left out. https://github.com/antheas/spark_hwmon
 */
export const SPBM = signals('spbm', {
  power: watts(
    'spark_power_watts',
    'Power that flows through this rail; rails contain one another.',
  ),
  cap: watts('spark_power_cap_watts', 'Limit to which the power budget manager holds this rail.'),
  capMin: watts('spark_power_cap_min_watts', 'Lowest limit that the firmware lets be set.'),
  capMax: watts('spark_power_cap_max_watts', 'Highest limit that the firmware lets be set.'),
  energy: {
    type: 'counter',
    unit: 'joules',
    help: 'Energy that this part of the chip has used.',
    labels: ['domain'],
    native: 'spark_energy_joules_total',
  },
  prochot: {
    type: 'gauge',
    help: 'State of the signal that tells the processor to throttle because something is too hot; 0 is normal.',
    native: 'spark_prochot',
  },
  level: {
    type: 'gauge',
    help: 'Number of the power limit that is in force at the moment.',
    native: 'spark_pl_level',
  },
  hottest: {
    type: 'gauge',
    unit: 'celsius',
    help: 'Hottest place of the chip as the power budget manager sees it.',
    native: 'spark_tj_max_celsius',
  },
});
