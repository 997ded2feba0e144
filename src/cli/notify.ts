/** What systemd is told of this process: sd_notify(3), where it asked for that by NOTIFY_SOCKET. */
import { type Datagrams, openDatagrams } from '../../ffi/libc.ts';
import type { Log } from './log.ts';
import { type Clock, Watchdog, watchdogInterval } from './watchdog.ts';

/** Milliseconds between two looks at whether the line that `systemctl status` shows is still right. */
const STATUS_EVERY = 10_000;
/** Milliseconds until a message is tried again for which systemd had no room. */
const AGAIN = 100;
/** Of sendto(2): its queue is full. */
const EAGAIN = 11;

export interface NotifyOptions {
  /** One line on how it goes, for `systemctl status`. */
  readonly status: () => string;
  /** What has to go on for the watchdog to be content. */
  readonly clocks: () => readonly Clock[];
  /** A sample of everything, as a scrape takes it. */
  readonly sample: () => void;
  readonly log: Log;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The notifier that an environment asks for; undefined, said in the log, where there is no reaching systemd. */
export function connect(env: Environment, options: NotifyOptions): Notifier | undefined {
  const address = env['NOTIFY_SOCKET'];
  if (address === undefined || address === '') return undefined;
  try {
    return new Notifier(openDatagrams(address), env, options);
  } catch (error) {
    options.log('error', 'systemd cannot be told anything', { error: String(error) });
    return undefined;
  }
}

export class Notifier {
  readonly #datagrams: Datagrams;
  readonly #options: NotifyOptions;
  readonly #watchdog: Watchdog | undefined;
  #status = '';
  #looking: Timer | undefined;
  /** Told once, until it goes again. */
  #failed = false;
  #ending = false;

  constructor(datagrams: Datagrams, env: Environment, options: NotifyOptions) {
    this.#datagrams = datagrams;
    this.#options = options;
    const interval = watchdogInterval(env, process.pid);
    if (interval === undefined) return;
    const { clocks, sample, log } = options;
    this.#watchdog = new Watchdog({
      interval,
      clocks,
      sample,
      ping: () => this.#send('WATCHDOG=1'),
      stalled: (what) => log('error', 'not well, the watchdog is not told otherwise', { what }),
    });
  }

  /** It serves: for the first time, or again after `reloading`. */
  ready(): void {
    // A reload may end after the end has begun.
    if (this.#ending) return;
    this.#status = this.#options.status();
    this.#say(`READY=1\nSTATUS=${this.#status}`);
    this.#looking ??= setInterval(() => this.#look(), STATUS_EVERY);
    this.#watchdog?.start();
  }

  /** `ready` follows, whatever becomes of it. */
  reloading(): void {
    const now = this.#datagrams.monotonic();
    this.#say(`RELOADING=1\nMONOTONIC_USEC=${now}\nSTATUS=Reading the configuration again`);
  }

  stopping(): void {
    this.#ending = true;
    clearInterval(this.#looking);
    this.#watchdog?.stop();
    this.#say('STOPPING=1\nSTATUS=Answering what was asked');
  }

  #look(): void {
    const status = this.#options.status();
    if (status === this.#status) return;
    this.#status = status;
    this.#send(`STATUS=${status}`);
  }

  /** What must not be lost. */
  #say(text: string): void {
    if (this.#send(text) === EAGAIN) setTimeout(() => this.#say(text), AGAIN);
  }

  #send(text: string): number {
    const errno = this.#datagrams.send(text);
    const failed = errno !== 0 && errno !== EAGAIN;
    if (failed && !this.#failed) this.#options.log('warn', 'systemd does not listen', { errno });
    this.#failed = failed;
    return errno;
  }
}
