/**
 * From the start of the compiled program to the first 200 on /metrics, with the program in the page
 * cache, and read from the disk. Nobody waits for the probe's first sample: what is not known is absent.
 */
import { Client, request } from './client.ts';
import { median, quantile } from './samples.ts';
import type { Scope } from './scope.ts';
import { binary } from './servers.ts';
import type { Row } from './table.ts';

const BUDGET = 40;
const MILLION = 1e6;

export async function start({ quick }: Scope): Promise<Row[]> {
  const program = binary();
  const [warm, cold]: [number[], number[]] = [[], []];
  await startOnce(program);
  for (let i = 0; i < (quick ? 5 : 20); i++) warm.push(await startOnce(program));
  for (let i = 0; i < (quick ? 1 : 5); i++) {
    forget(program);
    cold.push(await startOnce(program));
  }
  const alone = Array.from({ length: warm.length }, () => runOnce(program));
  return [
    {
      what: 'start: the program says its version and ends, median',
      measured: median(alone),
      unit: 'ms',
    },
    {
      what: 'start to first 200, in the page cache: median',
      measured: median(warm),
      unit: 'ms',
      budget: { of: BUDGET, factor: 1 },
    },
    {
      what: 'start to first 200, in the page cache: slowest',
      measured: quantile(warm, 1),
      unit: 'ms',
    },
    { what: 'start to first 200, from the disk: median', measured: median(cold), unit: 'ms' },
  ];
}

/** Milliseconds. */
async function startOnce(program: string): Promise<number> {
  const port = freePort();
  const started = Bun.nanoseconds();
  const child = Bun.spawn([program, 'serve', `--web.listen-address=127.0.0.1:${port}`], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  try {
    const client = await connect(port);
    await client.send(request('/metrics', 'identity'));
    client.close();
    return (Bun.nanoseconds() - started) / MILLION;
  } finally {
    child.kill();
    await child.exited;
  }
}

/** Milliseconds of a command that reads nothing: what the runtime takes, and how busy this machine is. */
function runOnce(program: string): number {
  const started = Bun.nanoseconds();
  Bun.spawnSync([program, 'version'], { stdout: 'ignore', stderr: 'ignore' });
  return (Bun.nanoseconds() - started) / MILLION;
}

/** Tries until somebody listens. */
async function connect(port: number): Promise<Client> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      return await Client.connect(port);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      // Not at once: the program that starts needs the processor too.
      await Bun.sleep(0.2);
    }
  }
}

/** Below the ports that the kernel gives to clients: one that tries such a port may meet itself there. */
function freePort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop();
      return port;
    } catch {
      // Taken: another one.
    }
  }
}

/** Asks the kernel to drop the file from the page cache; it does while nobody runs it. */
function forget(file: string): void {
  const dd = Bun.spawnSync(['dd', `if=${file}`, 'iflag=nocache', 'count=0']);
  if (dd.exitCode !== 0) throw new Error(`dd: ${dd.stderr}`);
}
