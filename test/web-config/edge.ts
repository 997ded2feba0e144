/** edgegauge behind a web configuration, and those who talk to it. */
import { writeFileSync } from 'node:fs';
import { type Running, start } from '../edgegauge.ts';
import { samples } from '../exposition.ts';
import { Certificates } from './certificates.ts';

export const USER = 'prometheus';
export const PASSWORD = 'correct horse';

export const TLS = { cert_file: 'server.crt', key_file: 'keys/server.key' };
export const MUTUAL = {
  ...TLS,
  client_auth_type: 'RequireAndVerifyClientCert',
  client_ca_file: 'ca.crt',
};

/** The users of a configuration: one, whose check takes as long as usual. */
export async function users(cost = 10): Promise<Record<string, string>> {
  const hash = await Bun.password.hash(PASSWORD, { algorithm: 'bcrypt', cost });
  return { [USER]: hash };
}

export interface Spoken {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly body: string;
}

export class Edge implements AsyncDisposable {
  readonly certificates: Certificates;
  readonly running: Running;
  readonly file: string;

  private constructor(certificates: Certificates, running: Running, file: string) {
    this.certificates = certificates;
    this.running = running;
    this.file = file;
  }

  /** `prepare` changes the folder of certificates before it starts. */
  static async start(
    config: object | string,
    flags: readonly string[] = [],
    prepare: (certificates: Certificates) => void = () => {},
  ): Promise<Edge> {
    const certificates = new Certificates();
    prepare(certificates);
    const file = certificates.path('web.yaml');
    writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
    const running = await start([`--web.config.file=${file}`, ...flags]);
    return new Edge(certificates, running, file);
  }

  /** Writes the configuration anew. */
  write(config: object | string): void {
    writeFileSync(this.file, typeof config === 'string' ? config : JSON.stringify(config));
  }

  get port(): number {
    return this.running.port;
  }

  /** curl, which believes the CA; `as`: with that certificate. */
  async curl(path: string, as: string | undefined, ...args: readonly string[]): Promise<Spoken> {
    const cert =
      as === undefined
        ? []
        : [
            '--cert',
            this.certificates.path(`${as}.crt`),
            '--key',
            this.certificates.path(`keys/${as}.key`),
          ];
    const trust = ['--cacert', this.certificates.path('ca.crt')];
    const url = `https://localhost:${this.port}${path}`;
    const child = Bun.spawn(
      ['curl', '-s', '-4', '--path-as-is', ...trust, ...cert, '-w', '\n%{http_code}', ...args, url],
      { stderr: 'ignore' },
    );
    const text = await child.stdout.text();
    const at = text.lastIndexOf('\n');
    return { status: Number(text.slice(at + 1)), body: text.slice(0, at) };
  }

  /** A connection of openssl's client: protocol and cipher that were agreed on, and whose certificate it met. */
  async openssl(
    ...args: readonly string[]
  ): Promise<{ agreed: string | undefined; met: string | undefined }> {
    const child = Bun.spawn(
      ['openssl', 's_client', '-connect', `127.0.0.1:${this.port}`, ...args],
      {
        stdin: 'ignore',
        stderr: 'ignore',
      },
    );
    const text = await child.stdout.text();
    const agreed = /^New, (\S+), Cipher is (\S+)$/m.exec(text);
    return {
      agreed: agreed?.[1] === '(NONE)' ? undefined : `${agreed?.[1]} ${agreed?.[2]}`,
      met: /^subject=CN = (.*)$/m.exec(text)?.[1],
    };
  }

  /** One of its own series (`name` or `name{label="value"}`); asks as the user with a certificate of the CA. */
  async metric(series: string): Promise<number> {
    const { status, body } = await this.curl(
      '/metrics?collect[]=self',
      'client',
      '-g',
      '-u',
      `${USER}:${PASSWORD}`,
    );
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return Number(samples(body).get(series.endsWith('}') ? series : `${series}{}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]();
    this.certificates[Symbol.dispose]();
  }
}
