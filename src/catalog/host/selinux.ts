import { signals } from '../signal.ts';

/** /sys/fs/selinux and /etc/selinux/config. Modes are those of node_exporter. */
export const SELINUX = signals('selinux', {
  enabled: {
    type: 'gauge',
    help: 'Whether the kernel runs with SELinux.',
    node: 'node_selinux_enabled',
  },
  currentMode: {
    type: 'gauge',
    help: 'What SELinux does with a violation: 1 it forbids it (enforcing), 0 it logs it (permissive).',
    node: 'node_selinux_current_mode',
  },
  configMode: {
    type: 'gauge',
    help: 'Mode that the machine starts with: 1 enforcing, 0 permissive, -1 disabled.',
    node: 'node_selinux_config_mode',
  },
});
