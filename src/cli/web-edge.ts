/** The web edge where there is a web configuration: it opens the listeners, and follows the file. */
import { type ListenerCalls, openListenerCalls } from '../../ffi/listener.ts';
import { ConfigError } from '../config/error.ts';
import { type LoadedWeb, loadWebConfig } from '../config/web/load.ts';
import { notAfter } from '../config/web/validity.ts';
import { type Watch, watch } from '../config/web/watch.ts';
import type { WebMetrics } from '../self/web.ts';
import type { Address } from '../web/address.ts';
import { Door } from '../web/door.ts';
import { Gate } from '../web/gate.ts';
import { type Handler, type Server, type Transport, TransportError } from '../web/listen.ts';
import { Listeners } from '../web/listeners.ts';
import { tlsOptions } from '../web/tls.ts';
import type { Log } from './log.ts';

export interface WebEdgeOptions {
  readonly file: string;
  /** Answered without a password, beside those that the file names. */
  readonly openPaths: readonly string[];
  readonly addresses: readonly Address[];
  readonly handler: Handler;
  readonly metrics: WebMetrics;
  readonly log: Log;
}

export class WebEdge {
  readonly #options: WebEdgeOptions;
  readonly #door: Door;
  readonly #listeners: Listeners;
  readonly #watch: Watch;
  #transport: Transport;
  /** Reloads follow one another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    options: WebEdgeOptions,
    door: Door,
    listeners: Listeners,
    watched: Watch,
    loaded: LoadedWeb,
  ) {
    this.#options = options;
    this.#door = door;
    this.#listeners = listeners;
    this.#transport = transportOf(loaded);
    this.#watch = watched;
  }

  /** Reads the file and listens. Throws ConfigError or ListenError. */
  static async open(options: WebEdgeOptions): Promise<WebEdge> {
    const { file, addresses, handler, metrics, log } = options;
    const self: { edge?: WebEdge } = {};
    const watched = watch(async () => {
      await self.edge?.reload();
    });
    try {
      const loaded = await loadWebConfig(file, watched.follow);
      const door = new Door(handler, new Gate(), (why) => metrics.refused(why));
      const transport = transportOf(loaded);
      const listeners = await explained(loaded, () =>
        Listeners.open(addresses, door.handle, transport, socketCalls(log)),
      );
      const edge = new WebEdge(options, door, listeners, watched, loaded);
      self.edge = edge;
      edge.#apply(loaded);
      if (transport.tls !== undefined) warnOfPlain(addresses, log);
      return edge;
    } catch (error) {
      watched.close();
      throw error;
    }
  }

  /** In the order of the addresses. */
  get opened(): readonly Server[] {
    return this.#listeners.opened;
  }

  get servers(): readonly Server[] {
    return this.#listeners.servers;
  }

  /** Reads the file again. Answers what is wrong with it; the old one stays then. */
  reload(): Promise<string | undefined> {
    const next = this.#last.then(() => this.#reload());
    this.#last = next;
    return next;
  }

  /** To be called now and then. */
  sweep(): void {
    this.#listeners.sweep();
  }

  close(): void {
    this.#watch.close();
  }

  async #reload(): Promise<string | undefined> {
    const { file, metrics, log } = this.#options;
    try {
      const loaded = await loadWebConfig(file, this.#watch.follow);
      const transport = transportOf(loaded);
      const fresh = !Bun.deepEquals(transport, this.#transport);
      const handover = fresh
        ? explained(loaded, () => this.#listeners.change(transport, () => this.#apply(loaded)))
        : this.#apply(loaded);
      const resets = await handover;
      this.#transport = transport;
      metrics.reloaded(true);
      if (resets !== undefined) metrics.handedOver(resets);
      log('info', 'web configuration reloaded', {
        ...(resets === undefined ? {} : { connections_reset: resets }),
      });
      return undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      metrics.reloaded(false);
      log('error', 'web configuration not reloaded, the old one stays', { error: message });
      return message;
    }
  }

  #apply({ config, material }: LoadedWeb): undefined {
    const { metrics, log } = this.#options;
    const end = material === undefined ? Number.NaN : notAfter(material.cert);
    metrics.certified(end);
    if (end * 1000 < Date.now()) {
      const ended = new Date(end * 1000).toISOString();
      log('warn', 'the certificate has ended, scrapers will refuse it', { ended });
    }
    this.#door.policy = {
      users: config.users,
      headers: config.headers,
      rateLimit: config.rateLimit,
      openPaths: [...this.#options.openPaths, ...config.authExcludedPaths],
    };
  }
}

/** Undefined where the kernel cannot be asked: then a certificate cannot change while this runs. */
function socketCalls(log: Log): ListenerCalls | undefined {
  try {
    return openListenerCalls();
  } catch (error) {
    log('warn', 'a changed certificate will need a restart', { error: String(error) });
    return undefined;
  }
}

function warnOfPlain(addresses: readonly Address[], log: Log): void {
  for (const address of addresses) {
    if ('unix' in address) log('warn', 'a unix socket has no TLS', { path: address.unix });
  }
}

function transportOf({ config, material }: LoadedWeb): Transport {
  const tls =
    config.tls === undefined || material === undefined
      ? undefined
      : tlsOptions({ ...config.tls, ...material });
  return { tls, http2: config.http2 };
}

/** What OpenSSL says of a certificate helps nobody; what is wrong with it is found out then. */
async function explained<T>({ config, material }: LoadedWeb, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof TransportError) || config.tls === undefined) throw error;
    const { explain } = await import('../config/web/explain.ts');
    const { problems } =
      material === undefined ? { problems: [] } : await explain(config.tls, material);
    const own = `${config.tls.cert.place}: the server cannot use it: ${error.message}`;
    throw new ConfigError(problems.length > 0 ? problems : [own]);
  }
}
