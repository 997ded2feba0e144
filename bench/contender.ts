/** One server as it is asked: how long each answer took, and what it used for all of them. */
import { Client, request } from './client.ts';
import { cpuSecondsOfAll, family } from './processes.ts';
import { median, quantile } from './samples.ts';
import type { Server } from './servers.ts';

const MILLION = 1e6;

export class Contender {
  readonly #milliseconds: number[] = [];
  #cpuSeconds = 0;
  readonly #client: Client;
  readonly #request: string;
  readonly #pids: readonly number[];

  constructor(client: Client, encoding: string, server: Server) {
    this.#client = client;
    this.#request = request('/metrics', encoding);
    this.#pids = family(server.pid);
  }

  static async of(server: Server, encoding: string): Promise<Contender> {
    return new Contender(await Client.connect(server.port), encoding, server);
  }

  /** Without being measured. */
  async scrape(times: number): Promise<void> {
    for (let i = 0; i < times; i++) await this.#client.send(this.#request);
  }

  async measure(times: number): Promise<void> {
    const before = cpuSecondsOfAll(this.#pids);
    for (let i = 0; i < times; i++) {
      const started = Bun.nanoseconds();
      await this.#client.send(this.#request);
      this.#milliseconds.push((Bun.nanoseconds() - started) / MILLION);
    }
    this.#cpuSeconds += cpuSecondsOfAll(this.#pids) - before;
  }

  /** Milliseconds. */
  get median(): number {
    return median(this.#milliseconds);
  }

  /** Milliseconds that one answer in a hundred exceeds. */
  get p99(): number {
    return quantile(this.#milliseconds, 0.99);
  }

  /** Milliseconds of CPU time for one scrape, of the process and its children. */
  get cpu(): number {
    return (this.#cpuSeconds * 1000) / this.#milliseconds.length;
  }

  async pageBytes(): Promise<number> {
    const before = this.#client.bodyBytes;
    await this.scrape(1);
    return this.#client.bodyBytes - before;
  }

  close(): void {
    this.#client.close();
  }
}
