/** A fixture machine to do harm to, and edgegauge on it. */
import { type Running, ready, scrape, settled, start } from '../edgegauge.ts';
import { normalise } from '../normalise.ts';
import { type MachineName, type Materialised, materialise } from '../trees/write.ts';

/** How each source and each process of edgegauge fares: what a fault does not leave as it was. */
const STATE = /^(edgegauge|process)_|^node_scrape_collector_/;

export class Patient implements AsyncDisposable {
  readonly machine: Materialised;
  readonly running: Running;
  readonly #stack: AsyncDisposableStack;

  private constructor(machine: Materialised, running: Running, stack: AsyncDisposableStack) {
    this.machine = machine;
    this.running = running;
    this.#stack = stack;
  }

  /**
   * Resolves when everything that is on the machine is shown. `harm` is done to it before; what it gives
   * to the stack is disposed of before the machine.
   */
  static async admit(
    name: MachineName,
    harm: (machine: Materialised, stack: AsyncDisposableStack) => void | Promise<void> = () => {},
  ): Promise<Patient> {
    await using stack = new AsyncDisposableStack();
    const machine = stack.use(materialise(name));
    await harm(machine, stack);
    const flags = [...machine.flags, '--dialect=native,node', '--poll.interval=50ms'];
    const running = stack.use(await start(flags));
    await ready(running);
    await settled(running);
    return new Patient(machine, running, stack.move());
  }

  /** Waits until what the machine now has is shown. */
  async settled(): Promise<void> {
    await settled(this.running);
  }

  /** The samples on the page, of these collectors or of all; a failure unless it is answered with 200. */
  async samples(...collectors: readonly string[]): Promise<string[]> {
    const query = collectors.map((name) => `collect[]=${name}`).join('&');
    const page = normalise(await scrape(this.running, `?${query}`), this.machine);
    return page.split('\n').filter((line) => /^[^#]/.test(line) && !STATE.test(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Those of `lines` that are not among `others`. */
export function without(lines: readonly string[], others: readonly string[]): string[] {
  const there = new Set(others);
  return lines.filter((line) => !there.has(line));
}
