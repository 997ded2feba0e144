import { expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { NEEDS, Polled } from './reading.fixture.ts';
import { utilization } from './utilization.ts';
import { encoderDecoder, encoderSessions } from './video.ts';

testWith(NEEDS, 'utilization of GPU and memory, the latter as a ratio', () => {
  using gpu = new Polled('h200x8', utilization, { gpu: 3 });
  expect(gpu.poll()).toEqual({
    utilization_percent: 93,
    memory_utilization_ratio: 0.53,
    utilization_peak_ratio: 0.97,
  });
});

testWith(NEEDS, 'a GB10 has no utilization of memory, because it says 0 whatever happens', () => {
  using gpu = new Polled('gb10', utilization);
  expect(gpu.poll()).toEqual({ utilization_percent: 94 });
});

testWith(NEEDS, 'a zero of another GPU is a zero', () => {
  using gpu = new Polled('rtx4090', utilization, {
    set: { 'UtilizationRates.gpu': 0, 'UtilizationRates.memory': 0, 'Samples.gpu_util': '0' },
  });
  expect(gpu.poll()).toMatchObject({ utilization_percent: 0, memory_utilization_ratio: 0 });
});

testWith(NEEDS, 'encoder_decoder reads each kind of video engine', () => {
  using gpu = new Polled('rtx4090', encoderDecoder);
  expect(gpu.poll()).toEqual({
    encoder_utilization_percent: 21,
    decoder_utilization_percent: 8,
    jpeg_utilization_ratio: 0.03,
    ofa_utilization_ratio: 0.01,
  });
  gpu.fake.set('gpu 0', 'EncoderUtilization.utilization', 0);
  expect(gpu.poll()).toMatchObject({ encoder_utilization_percent: 0 });
});

testWith(
  NEEDS,
  'an engine that the GPU or its driver does not know is absent, the others are not',
  () => {
    using h200 = new Polled('h200x8', encoderDecoder);
    expect(Object.keys(h200.poll())).not.toContain('encoder_utilization_percent');
    using old = new Polled('driver470', encoderDecoder);
    expect(old.poll()).toEqual({ encoder_utilization_percent: 14, decoder_utilization_percent: 9 });
  },
);

testWith(NEEDS, 'the zero of a GB10’s encoder means nothing, another number would', () => {
  using gpu = new Polled('gb10', encoderDecoder);
  expect(gpu.poll()).toEqual({});
  gpu.fake.set('gpu 0', 'EncoderUtilization.utilization', 5);
  expect(gpu.poll()).toEqual({ encoder_utilization_percent: 5 });
});

testWith(NEEDS, 'encoder_sessions reads latency in seconds, and none without a session', () => {
  using gpu = new Polled('rtx4090', encoderSessions);
  expect(gpu.poll()).toEqual({
    encoder_sessions: 2,
    encoder_frames_per_second: 59,
    encoder_latency_seconds: 0.004813,
  });
  gpu.fake.setAll('gpu 0', {
    'EncoderStats.sessionCount': 0,
    'EncoderStats.averageFps': 0,
    'EncoderStats.averageLatency': 0,
  });
  expect(gpu.poll()).toEqual({ encoder_sessions: 0, encoder_frames_per_second: 0 });
});
