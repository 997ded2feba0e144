import { gpuSignals } from './gpu.ts';

export const GPU_HEALTH = gpuSignals('health', {
  /** NVML field 230. */
  recoveryAction: {
    type: 'gauge',
    help: 'What the driver wants done for the GPU: 0 nothing, 1 reset it, 2 reboot the node, 3 stop its peer-to-peer traffic, 4 drain it and reset, 5 recover its IMEX domain.',
    native: 'gpu_recovery_action',
  },
  /** NVML fields 226 and 227. */
  resetPending: {
    type: 'gauge',
    help: 'Whether the GPU waits for a reset.',
    native: 'gpu_reset_pending',
  },
  drainResetPending: {
    type: 'gauge',
    help: 'Whether the GPU waits for being drained and reset.',
    native: 'gpu_drain_and_reset_pending',
  },
  /** GB10 alone. */
  powerStarved: {
    type: 'gauge',
    help: 'Whether a GB10 has long been busy at a clock or a power far too low with no reason given: a fault of the power supply that only unplugging cures.',
    native: 'gpu_power_starved',
  },
});
