import { readSettings } from './invocation.ts';

/** `edgegauge check-config FILE`: throws ConfigError with every mistake. */
export async function checkConfig(file: string): Promise<void> {
  const settings = await readSettings(file);
  process.stdout.write(`${file}: good; it sets ${settings.size} values\n`);
}
