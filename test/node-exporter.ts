/** Runs the real node_exporter (part `nodeExporter`) on a loopback port of its own. */

export class NodeExporter implements AsyncDisposable {
  /** `http://127.0.0.1:PORT/metrics` */
  readonly url: string;
  readonly #child: Bun.Subprocess;
  readonly #log: Promise<void>;

  private constructor(url: string, child: Bun.Subprocess, log: Promise<void>) {
    this.url = url;
    this.#child = child;
    this.#log = log;
  }

  /** Starts it with these collectors alone, or its own choice of them, and these flags; resolves when it listens. */
  static async start(
    program: string,
    collectors: readonly string[] | 'default',
    flags: readonly string[] = [],
  ): Promise<NodeExporter> {
    const child = Bun.spawn(
      [
        program,
        '--web.listen-address=127.0.0.1:0',
        '--web.disable-exporter-metrics',
        ...(collectors === 'default' ? [] : only(collectors)),
        ...flags,
      ],
      { stdout: 'ignore', stderr: 'pipe' },
    );
    const listening = Promise.withResolvers<string>();
    // Read to the end: a program whose log nobody reads is ended by SIGPIPE.
    const log = (async () => {
      let text = '';
      for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
        text += part;
        const address = /Listening on"? .*?address=(\S+)/.exec(text)?.[1];
        if (address !== undefined) listening.resolve(address);
      }
      listening.reject(new Error(`node_exporter ended: ${text}`));
    })();
    return new NodeExporter(`http://${await listening.promise}/metrics`, child, log);
  }

  /** One scrape. Throws when it does not answer with 200. */
  async scrape(): Promise<string> {
    const answer = await fetch(this.url);
    const page = await answer.text();
    if (answer.status !== 200) throw new Error(`node_exporter: ${answer.status} ${page}`);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    await this.#child.exited;
    await this.#log;
  }
}

const only = (collectors: readonly string[]): string[] => [
  '--collector.disable-defaults',
  ...collectors.map((name) => `--collector.${name}`),
];
