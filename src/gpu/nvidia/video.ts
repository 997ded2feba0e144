/** Video engines: encoders, decoders, JPEG, optical flow; encoder sessions. */
import type { U32Call } from '../../../ffi/nvml.ts';
import { GPU_ENCODER_SESSIONS, GPU_VIDEO } from '../../catalog/gpu/utilization.ts';
import type { Gpu, Group } from './group.ts';
import { percent, ratio, seconds, u32 } from './policy.ts';
import { one, type Question, Table } from './table.ts';

export const encoderDecoder: Group = {
  name: 'encoder_decoder',
  every: 1,
  attach(gpu) {
    const asked = (call: U32Call) => () => gpu.nvml.u32(call, gpu.handle);
    return new Table(gpu, [
      one(gpu, GPU_VIDEO.encoder, asked('encoderUtilization'), busy(gpu)),
      one(gpu, GPU_VIDEO.decoder, asked('decoderUtilization'), busy(gpu)),
      one(gpu, GPU_VIDEO.jpeg, asked('jpgUtilization'), ratio),
      one(gpu, GPU_VIDEO.ofa, asked('ofaUtilization'), ratio),
    ]);
  },
};

/** A GB10 says 0 whatever happens: of an integrated GPU it means something once another number was seen. */
function busy({ integrated }: Gpu): (x: number) => number {
  let tells = !integrated;
  return (x) => {
    tells ||= percent(x) > 0;
    return tells ? percent(x) : Number.NaN;
  };
}

export const encoderSessions: Group = {
  name: 'encoder_sessions',
  every: 1,
  attach: (gpu) => new Table(gpu, [stats(gpu)]),
};

const MICROSECOND = 1000;

function stats(gpu: Gpu): Question {
  const { sessions, framesPerSecond, latency } = GPU_ENCODER_SESSIONS;
  return {
    series: [sessions, framesPerSecond, latency],
    ask(answer) {
      const open = u32(gpu.nvml.u32('encoderStats', gpu.handle));
      answer[0] = open;
      answer[1] = u32(gpu.nvml.more(1));
      // Without a session there is no latency, rather than one of 0.
      answer[2] = open === 0 ? Number.NaN : seconds(u32(gpu.nvml.more(2)) * MICROSECOND);
      return gpu.nvml.rc;
    },
  };
}
