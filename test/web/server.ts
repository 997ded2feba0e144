/** A server in a process of its own, so that what clients do to it shows in its memory alone. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exposition } from '../../src/web/service.fixture.ts';

const FIXTURE = fileURLToPath(new URL('server.fixture.ts', import.meta.url));

/** What it answers at /metrics. */
export const PAGE: string = new TextDecoder().decode(exposition(1000));

export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>;

  private constructor(child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<ServerProcess> {
    const child = Bun.spawn([process.execPath, FIXTURE], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const { value } = await child.stdout.getReader().read();
    return new ServerProcess(child, Number(new TextDecoder().decode(value)));
  }

  /** Asks for the metrics on a connection of its own. */
  async scrape(): Promise<{ readonly status: number; readonly body: string }> {
    const response = await fetch(`http://127.0.0.1:${this.port}/metrics`, {
      headers: { Connection: 'close' },
    });
    return { status: response.status, body: await response.text() };
  }

  /** RssAnon in kB (proc_pid_status(5)). */
  get memory(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]);
  }

  /** Ends it; gives what it wrote to standard error. */
  async stop(): Promise<string> {
    this.#child.kill('SIGKILL');
    await this.#child.exited;
    return this.#child.stderr.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
