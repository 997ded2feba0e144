/** Certificates and keys: found, readable, and what they claim to be. */
import { stat } from 'node:fs/promises';
import { fileProblem } from '../file-problem.ts';
import type { Pem } from './web-config.ts';

/** A mistake with its place in front of it. */
export class PemError extends Error {
  override readonly name = 'PemError';
}

/** No certificate or configuration comes near it; a device or a log file does. */
const MOST_BYTES = 1024 * 1024;

/** The text of a small file; never waits on the thread that serves. Throws an Error that says what to do. */
export async function readText(path: string): Promise<string> {
  try {
    const found = await stat(path);
    // A pipe or a terminal would be waited for.
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size > MOST_BYTES) throw new Error('it is larger than 1 MiB');
    return await Bun.file(path).text();
  } catch (error) {
    throw new Error(`${path} cannot be read: ${fileProblem(error)}`);
  }
}

export type PemKind = 'certificate' | 'key';

/** The text that a setting names. Throws PemError where it is not of its kind. */
export async function readPem(pem: Pem, kind: PemKind): Promise<string> {
  let text: string;
  try {
    text = pem.text ?? (await readText(pem.file ?? ''));
  } catch (error) {
    throw new PemError(`${pem.place}: ${(error as Error).message}`);
  }
  const mistake = mistakeIn(text, kind);
  if (mistake === undefined) return text;
  throw new PemError(`${pem.place}: ${pem.file ?? 'the text'} ${mistake}`);
}

function mistakeIn(text: string, kind: PemKind): string | undefined {
  if (kind === 'certificate') {
    return text.includes('-----BEGIN CERTIFICATE-----')
      ? undefined
      : 'has no certificate in PEM (a line -----BEGIN CERTIFICATE-----)';
  }
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return 'is encrypted, and nobody is there to say the passphrase; decrypt it: openssl pkey -in FILE -out NEW';
  }
  return /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text)
    ? undefined
    : 'has no private key in PEM (a line -----BEGIN PRIVATE KEY-----)';
}
