/** What the tests play on: devices that are directories, a supervisor over them, and its page as a user sees it. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { Page } from '../text/page.ts';
import type { SupervisorOptions } from './options.ts';
import { Supervisor } from './supervisor.ts';

const FIXTURE = fileURLToPath(new URL('probe.fixture.ts', import.meta.url));
/** Milliseconds after which a condition is given up. */
const PATIENCE = 30_000;

/** Waits until the condition holds; fails with `what` was waited for. */
export async function until(what: () => string, condition: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what()}`);
    await Bun.sleep(5);
  }
}

export class Stage implements AsyncDisposable {
  readonly root: string = mkdtempSync(`${tmpdir()}/edgegauge-stage-`);
  /** Where the mappings are made. */
  readonly shared: string = mkdtempSync('/dev/shm/edgegauge-stage-');
  readonly layout = new Layout(new Board());
  readonly logs: string[] = [];
  readonly supervisor: Supervisor;
  /** Added to the supervisor's clock. */
  ahead = 0;

  constructor(devices: Readonly<Record<string, string>>, options: Partial<SupervisorOptions> = {}) {
    mkdirSync(`${this.root}/devices`);
    for (const [name, value] of Object.entries(devices)) this.put(name, value);
    this.supervisor = new Supervisor({
      kind: 'test',
      argv: [process.execPath, FIXTURE, `${this.root}/devices`],
      layout: this.layout,
      intervals: { busy: 50, idle: 50, idleAfter: 120_000 },
      backoff: { first: 50, last: 60_000 },
      directory: this.shared,
      now: () => performance.now() + this.ahead,
      log: (level, message, fields) => {
        this.logs.push(`${level} ${message} ${JSON.stringify(fields)}`);
      },
      ...options,
    });
    this.supervisor.start();
  }

  /** Path of a device, as the guard calls it. */
  device(name: string): string {
    return `${this.root}/devices/${name}`;
  }

  put(name: string, value: string): void {
    mkdirSync(this.device(name), { recursive: true });
    writeFileSync(`${this.root}/new`, value);
    renameSync(`${this.root}/new`, `${this.device(name)}/value`);
  }

  /** Makes reads of a device never return: a FIFO that nobody writes. */
  hang(name: string): void {
    Bun.spawnSync(['mkfifo', `${this.root}/new`]);
    renameSync(`${this.root}/new`, `${this.device(name)}/value`);
  }

  /** Makes the device's value that of another file. */
  link(name: string, target: string): void {
    mkdirSync(this.device(name), { recursive: true });
    symlinkSync(target, `${this.root}/new`);
    renameSync(`${this.root}/new`, `${this.device(name)}/value`);
  }

  remove(name: string): void {
    rmSync(this.device(name), { recursive: true });
  }

  /** The lines of a scrape. */
  scrape(): string[] {
    this.supervisor.touch();
    this.supervisor.sample();
    const page = new Page(this.layout, ['native', 'node'], 'text');
    const end = page.render(
      this.layout.board.values,
      page.mask(() => true),
    );
    const text = new TextDecoder().decode(page.bytes.subarray(page.start, end));
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  /** Waits until a scrape has all of these lines. */
  async shows(...lines: string[]): Promise<void> {
    await until(
      () => `${lines.join(', ')} in\n${this.scrape().join('\n')}\n${this.logs.join('\n')}`,
      () => {
        const page = this.scrape();
        return lines.every((line) => page.includes(line));
      },
    );
  }

  /** Waits until no line of a scrape starts with any of these. */
  async hides(...starts: string[]): Promise<void> {
    await until(
      () => `no ${starts.join(', ')} in\n${this.scrape().join('\n')}\n${this.logs.join('\n')}`,
      () => !this.scrape().some((line) => starts.some((start) => line.startsWith(start))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.supervisor.stop();
    rmSync(this.root, { recursive: true, force: true });
    rmSync(this.shared, { recursive: true, force: true });
  }
}
