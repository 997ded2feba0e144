import { readSettings } from './invocation.ts';

/** `edgegauge check-config FILE`: throws ConfigError with every mistake. */
export async function checkConfig(file: string): Promise<void> {
  const settings = await readSettings(file);
  const { size } = settings;
  process.stdout.write(`${file}: good; it sets ${size} value${size === 1 ? '' : 's'}\n`);
}
