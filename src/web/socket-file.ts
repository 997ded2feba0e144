/** The file of a unix socket: it outlives a process that is killed, and then nobody can bind to it. */
import { rmSync, statSync } from 'node:fs';

export function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    return false;
  }
}

/**
 * Removes a socket file that nobody answers on; leaves a live one, and whatever is not a socket (to
 * which connect(2) answers ECONNREFUSED as well).
 */
export async function removeStale(path: string): Promise<void> {
  if (isSocket(path) && (await isRefused(path))) rmSync(path, { force: true });
}

async function isRefused(path: string): Promise<boolean> {
  // Loaded by the few who need it: it brings Node's streams along.
  const { connect } = await import('node:net');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const client = connect(path);
  client.on('connect', () => resolve(false));
  client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  return promise.finally(() => client.destroy());
}
