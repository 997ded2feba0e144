import { type Row, signals } from '../signal.ts';

const gauge = (node: string, help: string, unit = ''): Row => ({
  type: 'gauge',
  unit,
  help,
  labels: ['name'],
  node,
});

/** /sys/class/watchdog; keys are the attributes' names. https://docs.kernel.org/watchdog/ */
export const WATCHDOG = signals('watchdog', {
  bootstatus: gauge('node_watchdog_bootstatus', 'Flags of why the machine was started last.'),
  fw_version: gauge('node_watchdog_fw_version', 'Version of the firmware of the watchdog.'),
  nowayout: gauge('node_watchdog_nowayout', 'Whether the watchdog cannot be stopped once started.'),
  timeleft: gauge(
    'node_watchdog_timeleft_seconds',
    'Time until the watchdog resets the machine.',
    'seconds',
  ),
  timeout: gauge(
    'node_watchdog_timeout_seconds',
    'Time that the watchdog waits to be reset before it resets the machine.',
    'seconds',
  ),
  pretimeout: gauge(
    'node_watchdog_pretimeout_seconds',
    'How long before the reset the watchdog gives a warning.',
    'seconds',
  ),
  access_cs0: gauge('node_watchdog_access_cs0', 'Whether the first of two flash chips is booted.'),
  info: {
    type: 'gauge',
    help: 'What this watchdog is and how it stands; always 1.',
    labels: ['identity', 'name', 'options', 'pretimeout_governor', 'state', 'status'],
    node: 'node_watchdog_info',
  },
});
