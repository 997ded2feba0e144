/** A client that keeps its connection, as Prometheus does, and costs little beside what it asks. */
import type { Socket } from 'bun';
import { ResponseReader } from './response.ts';

export class Client {
  readonly #reader = new ResponseReader();
  #socket: Socket | undefined;
  #broken: Error | undefined;
  #awaited = 0;
  #answered = Promise.withResolvers<void>();

  static async connect(port: number): Promise<Client> {
    const client = new Client();
    const fail = (error: Error): void => {
      client.#broken = error;
      client.#answered.reject(error);
    };
    client.#socket = await Bun.connect({
      hostname: '127.0.0.1',
      port,
      socket: {
        data: (_, data) => client.#take(data),
        error: (_, error) => fail(error),
        close: () => fail(new Error('the server closed the connection')),
      },
    });
    client.#socket.setNoDelay(true);
    // Whoever waits is told; nobody may wait when a connection ends.
    client.#answered.promise.catch(() => {});
    return client;
  }

  /** Bytes of all bodies so far, compressed where they came so. */
  get bodyBytes(): number {
    return this.#reader.bodyBytes;
  }

  /** Sends requests at once and waits for as many answers. */
  send(requests: string, count = 1): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    this.#answered = Promise.withResolvers();
    this.#awaited = count;
    this.#socket?.write(requests);
    return this.#answered.promise;
  }

  close(): void {
    this.#socket?.end();
  }

  #take(data: Uint8Array): void {
    try {
      this.#awaited -= this.#reader.push(data);
      if (this.#awaited === 0) this.#answered.resolve();
    } catch (error) {
      this.#answered.reject(error);
    }
  }
}

/** What Prometheus asks for first. */
const ACCEPT = 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

/** GET /metrics in the text format. `encoding`: what is accepted. */
export const request = (path: string, encoding: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: ${ACCEPT}\r\nAccept-Encoding: ${encoding}\r\nUser-Agent: bench\r\n\r\n`;
