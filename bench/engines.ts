/** Sixteen model servers in a process of their own. */
import { join } from 'node:path';

export interface Engines extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly urls: readonly string[];
}

export async function startEngines(): Promise<Engines> {
  // Whoever counts its own collections must not find this child's among them.
  const { BUN_JSC_logGC: _, ...env } = process.env;
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'engines.child.ts')], {
    env,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const reader = child.stdout.getReader();
  let said = '';
  while (!said.includes('\n')) {
    const { done, value } = await reader.read();
    if (done) throw new Error('the model servers ended before they said their ports');
    said += new TextDecoder().decode(value);
  }
  const ports = JSON.parse(said) as number[];
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await child.exited;
    },
  };
}
