/** Certificates for tests, made by openssl when they are needed. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whom a certificate is for, and who signs it: a CA of the same folder. */
export interface Subject {
  readonly name: string;
  readonly ca?: string;
}

/** A folder with `ca.crt`, `other-ca.crt`, `server.crt`, `client.crt`, `stranger.crt` (of the other CA) and `keys/`. */
export class Certificates implements Disposable {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'edgegauge-certificates-'));
    mkdirSync(this.path('keys'));
    for (const name of ['ca', 'other-ca']) this.authority(name);
    for (const name of ['server', 'client']) this.issue({ name });
    this.issue({ name: 'stranger', ca: 'other-ca' });
    const encrypt = ['pkey', '-aes128', '-passout', 'pass:x'];
    this.#openssl(...encrypt, '-in', 'keys/server.key', '-out', 'keys/encrypted.key');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  authority(name: string): void {
    const subject = ['-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE'];
    this.#openssl(
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      `keys/${name}.key`,
      '-out',
      `${name}.crt`,
      ...subject,
    );
  }

  /** `NAME.crt` and `keys/NAME.key`, good for localhost and 127.0.0.1; the common name says who it is. */
  issue({ name, ca = 'ca' }: Subject, commonName: string = name): void {
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const signer = ['-CA', `${ca}.crt`, '-CAkey', `keys/${ca}.key`];
    const subject = ['-subj', `/CN=${commonName}`, ...names];
    this.#openssl(
      'req',
      '-x509',
      ...KEY,
      ...signer,
      '-keyout',
      `keys/${name}.key`,
      '-out',
      `${name}.crt`,
      ...subject,
    );
  }

  /** A certificate that has ended since yesterday, for the key that is there. */
  end(name: string): void {
    const files = ['-in', `${name}.crt`, '-signkey', `keys/${name}.key`, '-out', `${name}.crt`];
    this.#openssl('x509', ...files, '-days', '-1');
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  #openssl(...args: readonly string[]): void {
    const { exitCode, stderr } = Bun.spawnSync(['openssl', ...args], {
      cwd: this.folder,
      stderr: 'pipe',
    });
    if (exitCode !== 0) throw new Error(`openssl ${args.join(' ')}:\n${stderr}`);
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
