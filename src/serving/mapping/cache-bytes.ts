/** Bytes of the KV cache, where tokens and the bytes of one are known. Nothing is guessed. */
import type { Mapped } from '../engines/engine.ts';
import type { Value } from './memory.ts';

/** The values, and those that follow from them. `bytesPerToken`: over all ranks of the engine. */
export function withCacheBytes(
  values: readonly Value[],
  bytesPerToken: number | undefined,
): readonly Value[] {
  const out = [...values];
  const find = (signal: Mapped, of: Value): Value | undefined =>
    out.find((v) => v.signal === signal && v.labels['model'] === of.labels['model']);
  const derive = (signal: Mapped, from: Value, value: number): void => {
    if (find(signal, from) !== undefined) return;
    out.push({ ...from, signal, values: Float64Array.of(value) });
  };
  for (const tokens of values) {
    if (tokens.signal !== 'cacheCapacityTokens' || bytesPerToken === undefined) continue;
    derive('cacheCapacityBytes', tokens, (tokens.values[0] as number) * bytesPerToken);
  }
  for (const ratio of values) {
    if (ratio.signal !== 'cacheUsage') continue;
    const capacity = find('cacheCapacityBytes', ratio);
    if (capacity === undefined) continue;
    derive(
      'cacheUsageBytes',
      ratio,
      Math.round((ratio.values[0] as number) * (capacity.values[0] as number)),
    );
  }
  return out;
}
