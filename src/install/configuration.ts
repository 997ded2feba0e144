/** The configuration that an installation is given, checked before anything is changed. */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildConfig } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import { parseConfig } from '../config/loader.ts';
import { explain } from '../config/web/explain.ts';
import { loadWebConfig } from '../config/web/load.ts';
import { parseWebConfig } from '../config/web/parse.ts';
import { readText } from '../config/web/pem.ts';
import type { Places } from './places.ts';

export interface Given {
  readonly config: string | undefined;
  readonly webConfig: string | undefined;
}

export interface Configuration {
  /** Texts to be installed; undefined: what is there stays. */
  readonly config: string | undefined;
  readonly webConfig: string | undefined;
  /** Certificates and keys that the web configuration names by a path relative to itself. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

/** Throws ConfigError with every mistake. */
export async function readGiven(at: Places, { config, webConfig }: Given): Promise<Configuration> {
  const texts = {
    config: config === undefined ? undefined : await textOf(config),
    webConfig: webConfig === undefined ? undefined : await textOf(webConfig),
  };
  if (texts.config !== undefined) buildConfig(parseConfig(texts.config, config as string));
  if (texts.webConfig === undefined || webConfig === undefined) return { ...texts, files: [] };
  return { ...texts, files: await webFiles(at, webConfig, texts.webConfig) };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new ConfigError([(error as Error).message]);
  }
}

async function webFiles(at: Places, file: string, text: string): Promise<Configuration['files']> {
  parseWebConfig(text, file);
  const files = relativePaths(text).map((path) => ({
    from: join(dirname(file), path),
    to: join(at.directory, path),
  }));
  const missing = files.filter(({ from, to }) => !existsSync(from) && !existsSync(to));
  if (missing.length > 0) {
    throw new ConfigError(
      missing.map(({ from }) => `${file}: it names ${from}, which is not there`),
    );
  }
  const beside = files.filter(({ from }) => existsSync(from));
  if (beside.length === files.length) await checkCertificates(file);
  return beside;
}

/** No file is really there. */
const ELSEWHERE = '/dev/null/web-config';

/** Files that a web configuration names relative to itself, below its own directory. Throws ConfigError. */
export function relativePaths(text: string): string[] {
  const { tls } = parseWebConfig(text, join(ELSEWHERE, 'web-config.yaml'));
  return [tls?.cert, tls?.key, tls?.clientCa]
    .flatMap((pem) => pem?.file ?? [])
    .filter((path) => path.startsWith(`${ELSEWHERE}/`))
    .map((path) => relative(ELSEWHERE, path));
}

async function checkCertificates(file: string): Promise<void> {
  const { config, material } = await loadWebConfig(file);
  if (config.tls === undefined || material === undefined) return;
  const { problems } = await explain(config.tls, material);
  if (problems.length > 0) throw new ConfigError(problems);
}
