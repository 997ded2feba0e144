import { expect } from 'bun:test';
import { testWith } from '../../../test/parts.ts';
import { fan } from './fan.ts';
import { NEEDS, Polled } from './reading.fixture.ts';
import { temperature, temperatureThreshold } from './temperature.ts';

testWith(NEEDS, 'temperature of die and memory, and how far from the slowdown', () => {
  using gpu = new Polled('h200x8', temperature, { gpu: 1 });
  expect(gpu.poll()).toEqual({
    temperature_celsius: 55,
    'sensor_temperature_celsius{sensor=memory}': 62,
    temperature_margin_celsius: 32,
  });
});

testWith(NEEDS, 'a GPU beyond its slowdown has a margin below zero', () => {
  using gpu = new Polled('rtx4090', temperature, { set: { MarginTemperature: -3 } });
  expect(gpu.poll()).toMatchObject({ temperature_margin_celsius: -3 });
});

testWith(NEEDS, 'a GB10 has no sensor in its memory, whose 0 means nothing', () => {
  using gpu = new Polled('gb10', temperature);
  expect(gpu.poll()).toEqual({ temperature_celsius: 70 });
});

testWith(
  NEEDS,
  'a driver without nvmlDeviceGetTemperatureV tells the temperature as before',
  () => {
    using gpu = new Polled('driver470', temperature);
    expect(gpu.poll()).toEqual({ temperature_celsius: 58 });
  },
);

testWith(
  NEEDS,
  'temperature_threshold reads thresholds and those of the margin, which are signed',
  () => {
    using gpu = new Polled('rtx4090', temperatureThreshold);
    expect(gpu.poll()).toEqual({
      'temperature_threshold_celsius{sensor=gpu,threshold=shutdown}': 100,
      'temperature_threshold_celsius{sensor=gpu,threshold=slowdown}': 97,
      'temperature_threshold_celsius{sensor=gpu,threshold=max}': 90,
      'temperature_threshold_celsius{sensor=gpu,threshold=acoustic}': 83,
      'temperature_margin_threshold_celsius{sensor=gpu,threshold=shutdown}': -7,
      'temperature_margin_threshold_celsius{sensor=gpu,threshold=slowdown}': -2,
      'temperature_margin_threshold_celsius{sensor=gpu,threshold=max}': 0,
    });
  },
);

testWith(NEEDS, 'each fan has its speed as asked for and as measured', () => {
  using gpu = new Polled('rtx4090', fan);
  expect(gpu.poll()).toEqual({
    'fan_speed_percent{fan=0}': 41,
    'fan_speed_percent{fan=1}': 43,
    'fan_speed_rpm{fan=0}': 1512,
    'fan_speed_rpm{fan=1}': 1587,
  });
});

testWith(NEEDS, 'a fan that stands still turns at 0', () => {
  using gpu = new Polled('rtx4090', fan, { set: { 'FanSpeed.0': 0, 'FanSpeedRPM.0': 0 } });
  expect(gpu.poll()).toMatchObject({ 'fan_speed_percent{fan=0}': 0, 'fan_speed_rpm{fan=0}': 0 });
});

testWith(NEEDS, 'a driver that does not count fans has one', () => {
  using gpu = new Polled('driver470', fan, { set: { FanSpeed: 'SUCCESS', 'FanSpeed.0': 37 } });
  expect(gpu.poll()).toEqual({ 'fan_speed_percent{fan=0}': 37 });
});

testWith(
  NEEDS,
  'a GPU without fans, and one that says it has four thousand million, have none',
  () => {
    for (const scenario of ['h200x8', 'gb10', 'sentinels']) {
      using gpu = new Polled(scenario, fan);
      expect(gpu.reading).toBeUndefined();
    }
  },
);
