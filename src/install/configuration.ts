/** The configuration that an installation is given, checked before anything is changed. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
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

/**
 * Throws ConfigError with every mistake. `absolute`: whether certificates that are named by an absolute path
 * are on this machine, or on those that the configuration is for.
 */
export async function readGiven(
  at: Places,
  { config, webConfig }: Given,
  absolute: 'here' | 'there' = 'here',
): Promise<Configuration> {
  const texts = {
    config: config === undefined ? undefined : await textOf(config),
    webConfig: webConfig === undefined ? undefined : await textOf(webConfig),
  };
  if (texts.config !== undefined) buildConfig(parseConfig(texts.config, config as string));
  if (texts.webConfig === undefined || webConfig === undefined) return { ...texts, files: [] };
  return { ...texts, files: await webFiles(at, webConfig, texts.webConfig, absolute) };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    throw new ConfigError([(error as Error).message]);
  }
}

async function webFiles(
  at: Places,
  file: string,
  text: string,
  absolute: 'here' | 'there',
): Promise<Configuration['files']> {
  const named = moved(text, file, at.webConfig);
  const outside = named.filter(({ from, to }) => from !== to && !to.startsWith(`${at.directory}/`));
  if (outside.length > 0) {
    const fix = `it leads out of the directory of ${file}, and would lead elsewhere from ${at.directory}; name an absolute path, or put the file beside it`;
    throw new ConfigError(outside.map(({ place }) => `${place}: ${fix}`));
  }
  const files = named.filter(({ from, to }) => from !== to);
  const missing = files.filter(({ from, to }) => !existsSync(from) && !existsSync(to));
  if (missing.length > 0) {
    throw new ConfigError(
      missing.map(({ from }) => `${file}: it names ${from}, which is not there`),
    );
  }
  const beside = files.filter(({ from }) => existsSync(from));
  const known = absolute === 'here' || files.length === named.length;
  if (beside.length === files.length && known) await checkWeb(file);
  // The certificate of a machine that signs its own may be the CA as well.
  return [...new Map(beside.map(({ from, to }) => [to, { from, to }])).values()];
}

/**
 * Files that a web configuration names: what is meant where it is now, and what where it will be. The same for
 * an absolute path. Throws ConfigError.
 */
function moved(
  text: string,
  from: string,
  to: string,
): readonly { readonly from: string; readonly to: string; readonly place: string }[] {
  const [before, after] = [from, to].map((file) => {
    const { tls } = parseWebConfig(text, resolve(file));
    return [tls?.cert, tls?.key, tls?.clientCa].filter((pem) => pem?.file !== undefined);
  });
  return (before ?? []).flatMap((pem, i) => {
    // Where it stands is told by the name that the file was given by.
    const place = pem?.place.replace(resolve(from), from) ?? '';
    return { from: pem?.file ?? '', to: after?.[i]?.file ?? '', place };
  });
}

/** A web configuration in its place, with the certificates that it names. Throws ConfigError. */
async function checkWeb(file: string): Promise<void> {
  const { config, material } = await loadWebConfig(file);
  if (config.tls === undefined || material === undefined) return;
  const { problems } = await explain(config.tls, material);
  if (problems.length > 0) throw new ConfigError(problems);
}

/**
 * What is there and stays, which the new program has to understand too: a service that runs may not have read
 * it yet. Throws ConfigError.
 */
export async function checkKept(at: Places, { config, webConfig }: Given): Promise<void> {
  if (config === undefined && existsSync(at.config)) {
    buildConfig(parseConfig(await textOf(at.config), at.config));
  }
  if (webConfig !== undefined || !existsSync(at.webConfig)) return;
  if (at.root === '/') await checkWeb(at.webConfig);
  // Paths in it are those of another machine.
  else parseWebConfig(await textOf(at.webConfig), at.webConfig);
}
