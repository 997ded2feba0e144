/** `edgegauge [serve]`: samples, listens, answers, reloads, drains. */
import type { Layout } from '../board/layout.ts';
import { DIALECTS } from '../catalog/signal.ts';
import { needRestart } from '../config/fixed.ts';
import type { Settings } from '../config/setting.ts';
import { reopenFiles } from '../host/reader.ts';
import { HttpMetrics } from '../self/http.ts';
import { Runtime } from '../self/runtime.ts';
import { VERSION } from '../self/version.ts';
import { WebMetrics } from '../self/web.ts';
import { type Address, parseAddress, show } from '../web/address.ts';
import { createApp } from '../web/app.ts';
import type { Service } from '../web/face.ts';
import { close, type Handler, listenAll, type Server } from '../web/listen.ts';
import { Assembly } from './assembly.ts';
import { Engine } from './engine.ts';
import { type Invocation, type Loaded, load } from './invocation.ts';
import type { Probe } from './lazy-probe.ts';
import { createLog, type Log, type LogOptions } from './log.ts';
import type { Notifier } from './notify.ts';
import { createProbes } from './probes.ts';
import { hostSources } from './sources.ts';
import { status, summary } from './status.ts';
import type { WebEdge } from './web-edge.ts';

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
  /** What it was started with: of the settings that need a restart, those that count. */
  readonly #inForce: Settings;
  readonly #log: Log;
  readonly #http = new HttpMetrics();
  readonly #runtime = new Runtime();
  readonly #engine = new Engine();
  /** Those of the assembly, which may complain while it is being made. */
  #logging: LogOptions;
  #assembly: Assembly;
  #servers: readonly Server[] = [];
  /** Where there is a web configuration: what is said of it, and the listeners that follow it. */
  readonly #web: WebMetrics | undefined;
  #edge: WebEdge | undefined;
  #timers: readonly Timer[] = [];
  /** Where it was started by systemd. */
  #systemd: Notifier | undefined;
  #addresses: readonly string[] = [];
  /** Milliseconds of performance.now(). */
  #refreshedAt = 0;
  /** Whether a scrape came since the last refresh; true at first, so that the first one finds something. */
  #scraped = true;

  constructor(invocation: Invocation, loaded: Loaded) {
    this.#invocation = invocation;
    this.#inForce = loaded.settings;
    this.#logging = loaded.config.log;
    this.#web = loaded.config.web.configFile === '' ? undefined : new WebMetrics();
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
      this.#servers = await this.#listen(addresses, (request) => app.fetch(request));
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
    this.#addresses = addresses.map((address, i) => {
      const port = this.#servers[i]?.port;
      return 'port' in address ? show({ ...address, port: port ?? address.port }) : show(address);
    });
    for (const address of this.#addresses) this.#log('info', 'listening', { address });
    this.#engine.start();
    const { cpuUsageInterval } = this.#assembly.config.poll;
    this.#assembly.tick();
    this.#timers = [
      setInterval(() => this.#refresh(), REFRESH),
      setInterval(() => this.#rediscover(), REDISCOVER),
      setInterval(() => this.#assembly.tick(), cpuUsageInterval),
    ];
    this.#refreshedAt = performance.now();
    await this.#notify();
  }

  /** Who has no web configuration does not pay for it. */
  async #listen(addresses: readonly Address[], handler: Handler): Promise<readonly Server[]> {
    const { configFile: file, healthyUnauthenticated } = this.#assembly.config.web;
    if (this.#web === undefined) return await listenAll(addresses, handler);
    const { WebEdge } = await import('./web-edge.ts');
    this.#edge = await WebEdge.open({
      file,
      openPaths: healthyUnauthenticated ? ['/-/healthy'] : [],
      addresses,
      handler,
      metrics: this.#web,
      log: this.#log,
    });
    return this.#edge.opened;
  }

  /** Who is not started by systemd does not pay for what it is told. */
  async #notify(): Promise<void> {
    if (process.env['NOTIFY_SOCKET'] === undefined) return;
    const { connect } = await import('./notify.ts');
    this.#systemd = connect(process.env, {
      status: () => summary(this.#assembly, this.#addresses),
      clocks: () => [
        { name: 'refresh', every: REFRESH, at: this.#refreshedAt },
        ...this.#assembly.probes.flatMap((p) => p.clock ?? []),
      ],
      sample: () => this.#assembly.registry.sample(),
      log: this.#log,
    });
    // Behind the first sample.
    setTimeout(() => this.#systemd?.ready(), 0);
  }

  #assemble(loaded: Loaded): Assembly {
    const { sources, stat } = hostSources(loaded.config);
    const own = this.#web === undefined ? [] : [this.#web.source()];
    return new Assembly({
      loaded,
      sources: [...sources, this.#http.source(), this.#runtime.source(), ...own],
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

  /** Those that listen now: a certificate that changed has brought others than those of the start. */
  get #listening(): readonly Server[] {
    return this.#edge?.servers ?? this.#servers;
  }

  /** After a scrape, or a few in one second; between scrapes nothing of this changes that anybody sees. */
  #refresh(): void {
    this.#refreshedAt = performance.now();
    this.#assembly.registry.discover();
    this.#assembly.refresh();
    if (!this.#scraped) return;
    this.#scraped = false;
    this.#edge?.sweep();
    const pending = this.#listening.reduce((n, s) => n + s.pendingRequests, 0);
    this.#runtime.refresh(pending);
    this.#http.refresh().catch((error: unknown) => {
      this.#log('error', 'own metrics failed', { error: String(error) });
    });
  }

  #rediscover(): void {
    reopenFiles();
    this.#assembly.registry.rediscover();
  }

  /** Both files, each by itself: a mistake in one does not keep the other from being read. */
  async #reload(): Promise<string | undefined> {
    this.#systemd?.reloading();
    try {
      const problems = [await this.#reloadConfig(), await this.#edge?.reload()];
      return problems.find((problem) => problem !== undefined);
    } finally {
      this.#systemd?.ready();
    }
  }

  async #reloadConfig(): Promise<string | undefined> {
    try {
      const loaded = await load(this.#invocation);
      for (const setting of needRestart(this.#inForce, loaded.settings)) {
        this.#log('warn', 'a changed setting needs a restart', { setting });
      }
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

  /** No new connections; what is being answered is finished; then the end, whatever a device may hold up. */
  async #stop(signal: string): Promise<void> {
    this.#log('info', 'stopping', { signal });
    this.#systemd?.stopping();
    for (const timer of this.#timers) clearInterval(timer);
    this.#engine.stop();
    this.#edge?.close();
    await close(this.#listening, DRAIN);
    await this.#assembly.close();
    process.exit(0);
  }
}
