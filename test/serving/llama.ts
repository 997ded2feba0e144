/** A real llama-server with a model of our own. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../edgegauge.ts';
import type { LlamaParts } from '../parts/programs.ts';
import { gguf } from './gguf.ts';

/** Tokens of one answer, as llama-server counts them in it. */
export interface Tokens {
  readonly predicted: number;
  readonly evaluated: number;
}

export interface Llama extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  complete(prompt: string, tokens: number): Promise<Tokens>;
}

/** A port that nobody listens on now: llama-server does not say which it took. */
async function freePort(): Promise<number> {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const port = server.port as number;
  await server.stop(true);
  return port;
}

export async function startLlama({
  loader,
  libraries,
  backend,
  program,
}: LlamaParts): Promise<Llama> {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-llama-'));
  const model = join(directory, 'model.gguf');
  await Bun.write(model, gguf());
  // Started through its suite's loader, whose name it would have.
  const named = join(directory, 'llama-server');
  symlinkSync(loader, named);
  const port = await freePort();
  const options = ['--host', '127.0.0.1', '--port', `${port}`, '--metrics', '--no-webui'];
  const child = Bun.spawn(
    [named, '--library-path', libraries.join(':'), program, '-m', model, ...options].concat([
      '-t',
      '1',
      '-np',
      '2',
      '-c',
      '65536',
      '--alias',
      'lab-model',
    ]),
    { env: { GGML_BACKEND_PATH: backend }, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  const status = () =>
    fetch(`${url}/health`).then(
      (r) => r.status,
      () => 0,
    );
  await until(status, (code) => code === 200 || child.exitCode !== null);
  return {
    port,
    pid: child.pid,
    async complete(prompt, tokens) {
      const body = JSON.stringify({ prompt, n_predict: tokens, ignore_eos: true });
      const answer = await fetch(`${url}/completion`, { method: 'POST', body });
      const said = (await answer.json()) as { tokens_predicted: number; tokens_evaluated: number };
      return { predicted: said.tokens_predicted, evaluated: said.tokens_evaluated };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await child.exited;
      rmSync(directory, { recursive: true });
    },
  };
}
