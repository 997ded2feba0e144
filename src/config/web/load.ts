/** A web configuration with the certificates and keys that it names. */
import { ConfigError } from '../error.ts';
import { PemError, type PemKind, readPem, readText } from './pem.ts';
import { signature } from './watch.ts';
import { OPEN, type Pem, type WebConfig } from './web-config.ts';

/** Texts in PEM. */
export interface Material {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
}

export interface LoadedWeb {
  readonly config: WebConfig;
  /** There when `config.tls` is. */
  readonly material: Material | undefined;
}

/** Told, before a file is read, which ones count and what they are like. */
export type Follow = (files: readonly string[], signature: string) => void;

/** Reads the file and what it names. Throws ConfigError. */
export async function loadWebConfig(file: string, follow: Follow = () => {}): Promise<LoadedWeb> {
  const own = await signature([file]);
  follow([file], own);
  const config = await readWebConfig(file);
  const named = [config.tls?.cert, config.tls?.key, config.tls?.clientCa];
  const files = named.flatMap((pem) => pem?.file ?? []);
  if (files.length > 0) follow([file, ...files], `${own} ${await signature(files)}`);
  return { config, material: await readMaterial(config) };
}

async function readWebConfig(file: string): Promise<WebConfig> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    throw new ConfigError([(error as Error).message]);
  }
  if (isBlank(text)) return OPEN;
  const { parseWebConfig } = await import('./parse.ts');
  return parseWebConfig(text, file);
}

/** The file as it is shipped has comments alone, and needs no parser (three megabytes of memory). */
const isBlank = (text: string): boolean =>
  text.split('\n').every((line) => /^\s*(?:#|$)/.test(line));

async function readMaterial({ tls }: WebConfig): Promise<Material | undefined> {
  if (tls === undefined) return undefined;
  const problems: string[] = [];
  const read = async (pem: Pem | undefined, kind: PemKind): Promise<string | undefined> => {
    try {
      return pem === undefined ? undefined : await readPem(pem, kind);
    } catch (error) {
      if (!(error instanceof PemError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const cert = await read(tls.cert, 'certificate');
  const key = await read(tls.key, 'key');
  const clientCa = await read(tls.clientCa, 'certificate');
  if (problems.length > 0 || cert === undefined || key === undefined) {
    throw new ConfigError(problems);
  }
  return { cert, key, clientCa };
}
