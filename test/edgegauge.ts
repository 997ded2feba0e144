/** Starts edgegauge as a user does and talks to it as Prometheus does. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './parts.ts';

/** The compiled program where it was built, the sources otherwise. */
export function command(): string[] {
  const binary = join(ROOT, 'dist', 'edgegauge-linux-x64');
  const compiled = process.arch === 'x64' && process.env['EDGEGAUGE_TEST'] !== 'sources';
  if (compiled && existsSync(binary)) return [binary];
  return sources();
}

/** The program as the checkout has it, not compiled. */
const sources = (): string[] => [process.execPath, join(ROOT, 'src', 'main.ts')];

export interface Running {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it has logged so far. */
  log(): string;
  /** Exit code after SIGTERM, or the one it ended with. */
  stop(): Promise<number>;
  readonly exited: Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface StartOptions {
  /** Command line before the arguments; default: `command()`. */
  readonly program?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A free port of the loopback address, unless the arguments name one. */
const address = (args: readonly string[]): string[] =>
  args.some((a) => a.startsWith('--web.listen-address='))
    ? []
    : ['--web.listen-address=127.0.0.1:0'];

/** Starts it and waits until it listens. */
export async function start(args: readonly string[], options: StartOptions = {}): Promise<Running> {
  const program = options.program ?? command();
  const child = Bun.spawn([...program, 'serve', ...address(args), ...args], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    env: { ...process.env, ...options.env },
  });
  let log = '';
  const listening = Promise.withResolvers<number>();
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) {
      log += decoder.decode(chunk, { stream: true });
      const port = /msg=listening address=127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (port !== undefined) listening.resolve(Number(port));
    }
    listening.reject(new Error(`edgegauge ended before it listened:\n${log}`));
  })();
  const port = await listening.promise;
  const stop = async (): Promise<number> => {
    child.kill('SIGTERM');
    return await child.exited;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    log: () => log,
    stop,
    exited: child.exited,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await child.exited;
    },
  };
}

/** Asks again until the answer is as wished; fails after a minute with what it last saw. */
export async function until<T>(
  ask: () => Promise<T> | T,
  wished: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const value = await ask();
    if (wished(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(`still not as wished: ${Bun.inspect(value).slice(0, 2000)}`);
    }
    await Bun.sleep(20);
  }
}

/** The body of a scrape; a failure when it is not answered with 200. */
export async function scrape(running: Running, query = '', accept = '*/*'): Promise<string> {
  const response = await fetch(`${running.url}/metrics${query}`, { headers: { accept } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return text;
}

/** Waits until the first full sample is in. */
export async function ready(running: Running): Promise<void> {
  await until(
    async () => (await fetch(`${running.url}/-/ready`)).status,
    (status) => status === 200,
  );
}

/** Unix time of the newest sample of devices that is shown; undefined before the first. */
async function sampled(running: Running): Promise<string | undefined> {
  const text = await scrape(running, '?collect[]=self');
  return /^edgegauge_probe_sample_timestamp_seconds\{source="sensors"\} (\S+)$/m.exec(text)?.[1];
}

/**
 * Waits until every device that is there now is shown. That takes three more samples of them: the first may
 * have begun before, and a file system that may not answer is asked at one sample and shown at the next.
 */
export async function settled(running: Running): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const before = await sampled(running);
    await until(
      () => sampled(running),
      (now) => now !== undefined && now !== before,
    );
  }
}

/** The same, and waits for what edgegauge says of itself: it looks once a second. */
export async function complete(running: Running): Promise<void> {
  await settled(running);
  await until(
    () => scrape(running, '?collect[]=self'),
    (page) => page.includes('\nprocess_open_fds '),
  );
}
