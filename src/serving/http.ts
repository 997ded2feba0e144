/**
 * One GET request to a model server, bounded in time and size. It goes where it is sent: redirects and
 * proxies are not followed.
 */
import { readFileSync } from 'node:fs';
import type { Target } from './target.ts';

export interface Limits {
  /** Milliseconds for the whole answer. */
  readonly timeout: number;
  /** Bytes of the body, unpacked. */
  readonly size: number;
}

export const LIMITS: Limits = { timeout: 2000, size: 8 * 1024 * 1024 };

/** `size`, `time`: the limit that the body met; `cut`: the connection ended before it did. */
export type Cut = 'size' | 'time' | 'cut';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Why the body is not whole. */
  readonly cut: Cut | undefined;
}

/** Rejects where there is no answer; its message says why and holds nothing of the target's credentials. */
export async function ask(target: Target, path: string, limits: Limits = LIMITS): Promise<Answer> {
  const url = new URL(path, target.url);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), limits.timeout);
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: checked(headersOf(target)),
      signal: controller.signal,
      ...(target.tls === undefined ? {} : { tls: tlsOf(target.tls) }),
    });
    const { status } = response;
    const contentType = response.headers.get('Content-Type') ?? '';
    if (status !== 200) {
      controller.abort();
      return { status, contentType, body: new Uint8Array(), cut: undefined };
    }
    return { status, contentType, ...(await readBody(response, controller, limits)) };
  } catch (error) {
    if (controller.signal.aborted) throw new Error(`no answer within ${limits.timeout / 1000} s`);
    throw new Error(reason(error));
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(
  { body }: Response,
  controller: AbortController,
  { size }: Limits,
): Promise<Pick<Answer, 'body' | 'cut'>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let cut: Cut | undefined;
  try {
    // An answer without a body has none to read.
    for await (const chunk of body ?? []) {
      const room = size - length;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      length += Math.min(chunk.length, room);
      if (chunk.length <= room) continue;
      cut = 'size';
      break;
    }
  } catch {
    cut = controller.signal.aborted ? 'time' : 'cut';
  }
  if (cut === 'size') controller.abort();
  return { body: Buffer.concat(chunks, length), cut };
}

/** Read at each request: tokens and certificates are renewed. */
function headersOf({ headers = {}, basicAuth, bearerTokenFile }: Target): Record<string, string> {
  // Not OpenMetrics: engines name some families otherwise there.
  const out: Record<string, string> = { Accept: 'text/plain;version=0.0.4, */*;q=0.1', ...headers };
  if (bearerTokenFile !== undefined) out['Authorization'] = `Bearer ${secret(bearerTokenFile)}`;
  if (basicAuth !== undefined) {
    const { username, password, passwordFile } = basicAuth;
    const word = passwordFile === undefined ? (password ?? '') : secret(passwordFile);
    out['Authorization'] = `Basic ${Buffer.from(`${username}:${word}`).toString('base64')}`;
  }
  return out;
}

/** Throws without what is in them, which fetch would tell. */
function checked(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers);
  } catch {
    throw new Error('its headers or credentials hold what no header may hold');
  }
}

const secret = (file: string): string => readFileSync(file, 'utf8').trim();

function tlsOf({
  caFile,
  certFile,
  keyFile,
  serverName,
  insecureSkipVerify,
}: NonNullable<Target['tls']>) {
  return {
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile, 'utf8') }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile, 'utf8') }),
    ...(serverName === undefined ? {} : { serverName }),
    rejectUnauthorized: insecureSkipVerify !== true,
  };
}

/** What a failed request says, by its code where it has one. */
function reason(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'ConnectionRefused' || code === 'ECONNREFUSED') return 'connection refused';
  if (typeof code === 'string' && typeof message === 'string' && !message.includes(code)) {
    return `${message} (${code})`;
  }
  return typeof message === 'string' ? message : String(error);
}
