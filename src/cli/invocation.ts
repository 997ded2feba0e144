/** What a command was called with, and the configuration that follows from it. */
import { readFileSync } from 'node:fs';
import { buildConfig, type Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import { fileProblem } from '../config/file-problem.ts';
import type { Settings } from '../config/setting.ts';

export interface Invocation {
  readonly flags: Settings;
  readonly configFile: string | undefined;
  /** Options of the one command. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Loaded {
  readonly config: Config;
  /** What differs from the defaults, file and flags together: what a probe is told. */
  readonly settings: Settings;
}

/** Reads the file (the YAML parser is loaded only if there is one); flags win over it. Throws ConfigError. */
export async function load(invocation: Invocation): Promise<Loaded> {
  const { configFile, flags } = invocation;
  const file = configFile === undefined ? new Map() : await readSettings(configFile);
  return { config: buildConfig(file, flags), settings: new Map([...file, ...flags]) };
}

export async function readSettings(file: string): Promise<Settings> {
  if (file === '') throw new ConfigError(['the name of the configuration file is empty']);
  let text: string;
  try {
    // Not only files: `check-config <(…)` is a pipe.
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${file} cannot be read: ${fileProblem(error)}`]);
  }
  const { parseConfig } = await import('../config/loader.ts');
  return parseConfig(text, file);
}
