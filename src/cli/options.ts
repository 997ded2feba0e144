/** From the configuration to what the sources take. */
import type { Source } from '../board/source.ts';
import type { Config } from '../config/config.ts';

/** A collector's options as its source names them. */
export function optionsOf<T extends object>(config: Config, collector: string): T {
  const options = config.collectors[collector]?.options ?? {};
  // `native` has no pattern that means "as the devices say": that is what leaving it out means.
  const given = Object.entries(options).filter(([key, value]) => key !== 'native' || value !== '');
  // Each source declares its own options; that the table of collectors names the same is tested.
  return Object.fromEntries(given) as T;
}

/** Sources of which at least one collector is switched on. */
export function enabled(config: Config, sources: readonly Source[]): Source[] {
  return sources.filter((s) => s.collectors.some((c) => config.collectors[c]?.enabled !== false));
}
