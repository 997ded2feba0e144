import { expect, test } from 'bun:test';
import { Exposed } from '../../test/exposed.ts';
import { WebMetrics } from './web.ts';

test('tells of reloads, handovers and refusals, each from zero', () => {
  const started = Date.now() / 1000;
  const metrics = new WebMetrics();
  const exposed = new Exposed(metrics.source());
  const values = (): Map<string, number> =>
    new Map(
      exposed.sample('native').map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice('edgegauge_web_'.length, at), Number(line.slice(at + 1))];
      }),
    );
  const first = values();
  const loaded = first.get('config_last_reload_success_timestamp_seconds') ?? 0;
  expect(loaded).toBeGreaterThanOrEqual(started - 1);
  expect(first.get('config_last_reload_successful')).toBe(1);
  for (const name of [
    'handovers_total',
    'handover_resets_total',
    'refusals_total{reason="busy"}',
  ]) {
    expect([name, first.get(name)]).toEqual([name, 0]);
  }
  metrics.reloaded(false);
  for (const resets of [0, 2]) metrics.handedOver(resets);
  for (const why of ['unauthorized', 'unauthorized', 'rate_limit'] as const) metrics.refused(why);
  expect(Object.fromEntries(values())).toEqual({
    config_last_reload_successful: 0,
    config_last_reload_success_timestamp_seconds: loaded,
    handovers_total: 2,
    handover_resets_total: 2,
    'refusals_total{reason="unauthorized"}': 2,
    'refusals_total{reason="busy"}': 0,
    'refusals_total{reason="rate_limit"}': 1,
  });
  metrics.reloaded(true);
  expect(values().get('config_last_reload_successful')).toBe(1);
});
