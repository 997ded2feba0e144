/**
 * The listening sockets while what they speak may change. Bun cannot change a server's certificate, so a
 * second server takes the address over from the first without a connection being lost: docs/adr/0007.
 */
import type { Address } from './address.ts';
import { close, type Handler, listen, listenAll, type Server, type Transport } from './listen.ts';

/** What is asked of the kernel; see ffi/listener.ts. */
export interface Sockets {
  listening(): number[];
  share(fd: number, on: boolean): void;
  steer(fd: number, index: number): void;
  waiting(fd: number): number;
  silence(fd: number): void;
}

/** Milliseconds. */
export interface Times {
  /** Handshakes that began before the handover end within it: a round trip, and one packet lost. */
  readonly settle: number;
  /** Given to a queue that is not empty then. */
  readonly drain: number;
  /** Between two looks. */
  readonly look: number;
  /** A server that has answered nothing for so long has no connection left: Bun closes idle ones before. */
  readonly quiet: number;
  /** After so long, clients that are still there are asked to connect anew. */
  readonly stay: number;
}

const TIMES: Times = { settle: 1500, drain: 5000, look: 50, quiet: 260_000, stay: 3_600_000 };
/** Servers that may be kept for the connections that they have; each has half a megabyte of its own. */
const MOST_RETIRED = 8;

const STUCK = 'certificates and TLS settings cannot change while it runs without a JIT (bun:ffi)';

/** A TCP address and who listens on it now. */
interface Post {
  readonly address: { readonly hostname: string | undefined; readonly port: number };
  server: Server;
  fd: number;
}

type Successor = Pick<Post, 'server' | 'fd'>;

interface Retired {
  readonly server: Server;
  readonly since: number;
  used: number;
}

export class Listeners {
  readonly #handler: Handler;
  readonly #sockets: Sockets | undefined;
  readonly #times: Times;
  readonly #posts: Post[] = [];
  /** Unix sockets, which never change. */
  readonly #plain: Server[] = [];
  readonly #all: Server[] = [];
  #transport: Transport;
  #retired: Retired[] = [];

  private constructor(
    handler: Handler,
    transport: Transport,
    sockets: Sockets | undefined,
    times: Times,
  ) {
    this.#handler = handler;
    this.#transport = transport;
    this.#sockets = sockets;
    this.#times = times;
  }

  /** Listens on all addresses or on none. Throws ListenError. Without `sockets` nothing can change later. */
  static async open(
    addresses: readonly Address[],
    handler: Handler,
    transport: Transport,
    sockets: Sockets | undefined,
    times: Times = TIMES,
  ): Promise<Listeners> {
    const self = new Listeners(handler, transport, sockets, times);
    try {
      for (const address of addresses) {
        const before = sockets?.listening() ?? [];
        const [server] = (await listenAll([address], handler, transport)) as [Server];
        self.#all.push(server);
        if ('unix' in address) self.#plain.push(server);
        else {
          const port = server.port ?? address.port;
          const fd = sockets === undefined ? -1 : added(before, sockets.listening());
          self.#posts.push({ address: { ...address, port }, server, fd });
        }
      }
      return self;
    } catch (error) {
      await close(self.#all, 0);
      throw error;
    }
  }

  /** In the order of the addresses, as they were opened: for their ports. */
  get opened(): readonly Server[] {
    return this.#all;
  }

  /** Those that listen, and those that only have connections left. */
  get servers(): readonly Server[] {
    const listening = this.#posts.map((post) => post.server);
    return [...this.#plain, ...listening, ...this.#retired.map((retired) => retired.server)];
  }

  /**
   * New connections speak `transport` from the call of `begun` on. Established ones go on as they are where
   * only the certificate is another; where something else is asked of clients, they are closed as soon as
   * nothing is being answered on them. Answers, when the old sockets are closed, how many connections were waiting at the last moment and have
   * been reset. Throws where the transport cannot be used: then nothing has changed, and `begun` was not
   * called. Not to be called again before it has ended.
   */
  async change(transport: Transport, begun: () => void): Promise<number> {
    const sockets = this.#sockets;
    if (sockets === undefined) throw new Error(`${STUCK}; restart edgegauge`);
    const successors = this.#successors(sockets, transport);
    const stay = Bun.deepEquals(demands(transport), demands(this.#transport));
    this.#transport = transport;
    begun();
    const old = this.#posts.map(({ server, fd }) => ({ server, fd }));
    for (const [i, post] of this.#posts.entries()) Object.assign(post, successors[i]);
    await Bun.sleep(this.#times.settle);
    let reset = 0;
    for (const { server, fd } of old) {
      reset += await this.#silence(sockets, fd);
      if (stay) this.#retire(server);
      else void server.stop();
    }
    for (const { fd } of this.#posts) sockets.share(fd, false);
    return reset;
  }

  /** A second server on every address, which gets all new connections; on none where one is refused. */
  #successors(sockets: Sockets, transport: Transport): Successor[] {
    const made: Successor[] = [];
    try {
      for (const { address, fd } of this.#posts) {
        sockets.share(fd, true);
        const before = sockets.listening();
        const server = listen(address, this.#handler, transport, true);
        made.push({ server, fd: added(before, sockets.listening()) });
      }
      for (const { fd } of made) sockets.steer(fd, 1);
      return made;
    } catch (error) {
      for (const { server } of made) void server.stop(true);
      for (const { fd } of this.#posts) sockets.share(fd, false);
      throw error;
    }
  }

  /** Waits until nobody waits to be accepted. Answers how many do all the same. */
  async #silence(sockets: Sockets, fd: number): Promise<number> {
    const end = performance.now() + this.#times.drain;
    while (sockets.waiting(fd) > 0 && performance.now() < end) await Bun.sleep(this.#times.look);
    const left = sockets.waiting(fd);
    sockets.silence(fd);
    return left;
  }

  #retire(server: Server): void {
    const now = performance.now();
    const retired: Retired = { server, since: now, used: now };
    const leave = (response: Response): Response => {
      if (retired.used - retired.since > this.#times.stay) {
        response.headers.set('Connection', 'close');
      }
      return response;
    };
    server.reload({
      fetch: (request: Request, of: Server) => {
        retired.used = performance.now();
        const answer = this.#handler(request, of);
        // Bun ends a connection on which a second request comes before a promised answer.
        return answer instanceof Promise ? answer.then(leave) : leave(answer);
      },
    });
    this.#retired.push(retired);
    if (this.#retired.length > MOST_RETIRED) void this.#retired.shift()?.server.stop();
  }

  /** Lets go of servers that nobody is connected to any more. To be called now and then. */
  sweep(): void {
    const now = performance.now();
    const gone = this.#retired.filter((retired) => now - retired.used > this.#times.quiet);
    if (gone.length === 0) return;
    this.#retired = this.#retired.filter((retired) => !gone.includes(retired));
    for (const { server } of gone) void server.stop();
  }
}

/** What is asked of a client, whatever the certificate that it meets. */
function demands({ tls, http2 }: Transport): unknown {
  return { http2, tls: tls && { ...tls, cert: undefined, key: undefined } };
}

/** The one descriptor that is new. */
function added(before: readonly number[], after: readonly number[]): number {
  const [fd, ...others] = after.filter((one) => !before.includes(one));
  if (fd === undefined || others.length > 0) throw new Error('a listening socket was not found');
  return fd;
}
