/** A client that says exactly what it is told to, and waits for what comes back, not for a time. */
import { connect, type Socket } from 'node:net';

export class RawClient {
  readonly #socket: Socket;
  #received = '';
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#received += data.toString('latin1');
      this.#wake();
    });
    // A reset is one way to be closed; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** Connects to a port of 127.0.0.1; rejects when it is refused. */
  static async connect(port: number): Promise<RawClient> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect({ port, host: '127.0.0.1' });
    const client = new RawClient(socket);
    socket.once('connect', resolve);
    socket.once('error', reject);
    await promise;
    return client;
  }

  get received(): string {
    return this.#received;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when what is sent has been handed to the kernel, which is when there is room. */
  send(bytes: string | Uint8Array): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#socket.write(bytes, () => resolve());
    return promise;
  }

  /** Leaves in the kernel what arrives from now on. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Waits until as many answers have come as asked for; throws when the server closes before. */
  async answers(count: number): Promise<void> {
    while (this.#received.split('HTTP/1.1 ').length - 1 < count) {
      if (this.#isClosed) throw new Error(`closed after: ${this.#received.slice(0, 200)}`);
      await this.#changed.promise;
    }
  }

  /** Waits until the server closes the connection. */
  async closed(): Promise<void> {
    while (!this.#isClosed) await this.#changed.promise;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }
}

/** A request as Prometheus sends it. */
export const get = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n`;
