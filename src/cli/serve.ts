/** `edgegauge [serve]`: samples, listens, answers, reloads, drains. */
import type { Layout } from '../board/layout.ts';
import { DIALECTS } from '../catalog/signal.ts';
import { SETTINGS } from '../config/settings.ts';
import { reopenFiles } from '../host/reader.ts';
import { HttpMetrics } from '../self/http.ts';
import { Runtime } from '../self/runtime.ts';
import { VERSION } from '../self/version.ts';
import { createApp } from '../web/app.ts';
import type { Service } from '../web/face.ts';
import { close, listenAll, parseAddress, type Server, show } from '../web/listen.ts';
import { Assembly } from './assembly.ts';
import { Engine } from './engine.ts';
import { type Invocation, type Loaded, load } from './invocation.ts';
import type { Probe } from './lazy-probe.ts';
import { createLog, type Log, type LogOptions } from './log.ts';
import { createProbes } from './probes.ts';
import { hostSources } from './sources.ts';
import { status } from './status.ts';

/** Milliseconds between two looks at what a scrape must not look at itself. */
const REFRESH = 1000;
/** Milliseconds between two looks at everything: what is only read at discovery (udev, os-release, DMI) may have changed. */
const REDISCOVER = 60_000;
/** Milliseconds that requests being answered are given when the process is told to end. */
const DRAIN = 5000;

export async function serve(invocation: Invocation): Promise<void> {
  const loaded = await load(invocation);
  const daemon = new Daemon(invocation, loaded);
  await daemon.start();
}

class Daemon {
  readonly #invocation: Invocation;
  readonly #log: Log;
  readonly #http = new HttpMetrics();
  readonly #runtime = new Runtime();
  readonly #engine = new Engine();
  /** Those of the assembly, which may complain while it is being made. */
  #logging: LogOptions;
  #assembly: Assembly;
  #servers: readonly Server[] = [];
  #timers: readonly Timer[] = [];
  /** Whether a scrape came since the last refresh; true at first, so that the first one finds something. */
  #scraped = true;

  constructor(invocation: Invocation, loaded: Loaded) {
    this.#invocation = invocation;
    this.#logging = loaded.config.log;
    this.#log = createLog(() => this.#logging);
    this.#assembly = this.#assemble(loaded);
  }

  async start(): Promise<void> {
    const { web } = this.#assembly.config;
    const dialects = () => this.#assembly.config.dialects;
    const app = createApp(this.#service(), {
      telemetryPath: web.telemetryPath,
      enableLifecycle: web.enableLifecycle,
      version: VERSION,
      get dialects() {
        return dialects();
      },
      allDialects: DIALECTS,
    });
    const addresses = web.listenAddresses.map(parseAddress);
    try {
      this.#servers = await listenAll(addresses, (request) => app.fetch(request));
    } catch (error) {
      await this.#assembly.close();
      throw error;
    }
    // Before anybody learns that it listens: a signal must not find the default, which is to die.
    process.on('SIGHUP', () => void this.#reload());
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => void this.#stop(signal));
    }
    this.#assembly.start();
    for (const [i, address] of addresses.entries()) {
      const port = this.#servers[i]?.port;
      const shown =
        'port' in address ? show({ ...address, port: port ?? address.port }) : show(address);
      this.#log('info', 'listening', { address: shown });
    }
    this.#engine.start();
    const { cpuUsageInterval } = this.#assembly.config.poll;
    this.#assembly.tick();
    this.#timers = [
      setInterval(() => this.#refresh(), REFRESH),
      setInterval(() => this.#rediscover(), REDISCOVER),
      setInterval(() => this.#assembly.tick(), cpuUsageInterval),
    ];
  }

  #assemble(loaded: Loaded): Assembly {
    const { sources, stat } = hostSources(loaded.config);
    return new Assembly({
      loaded,
      sources: [...sources, this.#http.source(), this.#runtime.source()],
      tick: () => stat.tick(),
      probes: (layout: Layout): Probe[] => createProbes(loaded, layout, this.#log),
      complain: (source, message) => this.#log('warn', 'source failed', { source, error: message }),
    });
  }

  #service(): Service {
    return {
      metrics: (query) => this.#assembly.metrics(query),
      ready: () => this.#assembly.ready(),
      status: () => status(this.#assembly),
      reload: () => this.#reload(),
      observe: ({ code, seconds, bytes }) => {
        this.#http.observe(code, seconds, bytes);
        this.#engine.scraped();
        this.#scraped = true;
      },
    };
  }

  /** After a scrape, or a few in one second; between scrapes nothing of this changes that anybody sees. */
  #refresh(): void {
    this.#assembly.registry.discover();
    this.#assembly.refresh();
    if (!this.#scraped) return;
    this.#scraped = false;
    const pending = this.#servers.reduce((n, s) => n + s.pendingRequests, 0);
    this.#runtime.refresh(pending);
    this.#http.refresh().catch((error: unknown) => {
      this.#log('error', 'own metrics failed', { error: String(error) });
    });
  }

  #rediscover(): void {
    reopenFiles();
    this.#assembly.registry.rediscover();
  }

  async #reload(): Promise<string | undefined> {
    try {
      const loaded = await load(this.#invocation);
      this.#warnOfFixed(loaded);
      const old = this.#assembly;
      this.#assembly = this.#assemble(loaded);
      this.#logging = loaded.config.log;
      void old.close();
      this.#assembly.start();
      this.#runtime.reloaded(true);
      this.#log('info', 'configuration reloaded');
      return undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#runtime.reloaded(false);
      this.#log('error', 'configuration not reloaded, the old one stays', { error: message });
      return message;
    }
  }

  /** Says which changed settings a reload does not bring into force. */
  #warnOfFixed(loaded: Loaded): void {
    const was = this.#assembly.settings;
    for (const setting of SETTINGS) {
      if (setting.fixed !== true) continue;
      const [before, after] = [was, loaded.settings].map((s) => s.get(setting.path));
      if (Bun.deepEquals(before ?? setting.default, after ?? setting.default)) continue;
      this.#log('warn', 'a changed setting needs a restart', { setting: setting.path });
    }
  }

  /** No new connections; what is being answered is finished; then the end, whatever a device may hold up. */
  async #stop(signal: string): Promise<void> {
    this.#log('info', 'stopping', { signal });
    for (const timer of this.#timers) clearInterval(timer);
    this.#engine.stop();
    await close(this.#servers, DRAIN);
    await this.#assembly.close();
    process.exit(0);
  }
}
