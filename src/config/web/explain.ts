/**
 * What is wrong with a certificate, a key or a CA that OpenSSL cannot use. node:crypto costs a megabyte and
 * a half, so this is loaded to check a file and when the server has refused one.
 */
import type { Material } from './load.ts';
import type { TlsConfig } from './web-config.ts';

export interface Explanation {
  /** Each with its place in front of it. */
  readonly problems: readonly string[];
  /** When the server's certificate ends; undefined where it cannot be read. */
  readonly notAfter: Date | undefined;
}

export async function explain(tls: TlsConfig, material: Material): Promise<Explanation> {
  const { createPrivateKey, X509Certificate } = await import('node:crypto');
  const problems: string[] = [];
  const attempt = <T>(place: string, what: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch {
      problems.push(`${place}: ${what}`);
      return undefined;
    }
  };
  const certificates = (text: string, place: string): InstanceType<typeof X509Certificate>[] =>
    blocks(text).flatMap((block, i) => {
      const what = `certificate ${i + 1} is damaged`;
      return attempt(place, what, () => new X509Certificate(block)) ?? [];
    });
  const [cert] = certificates(material.cert, tls.cert.place);
  const key = attempt(tls.key.place, 'the private key is damaged', () =>
    createPrivateKey(material.key),
  );
  if (tls.clientCa !== undefined) certificates(material.clientCa ?? '', tls.clientCa.place);
  if (cert !== undefined && key !== undefined && !cert.checkPrivateKey(key)) {
    problems.push(
      `${tls.key.place}: it is not the key of the certificate; both must come from one request`,
    );
  }
  return { problems, notAfter: cert?.validToDate };
}

const blocks = (text: string): string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
