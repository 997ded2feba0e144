/** From what a site asks of TLS to what Bun's server (BoringSSL) is told. */

export interface TlsSettings {
  /** PEM each. */
  readonly cert: string;
  readonly key: string;
  /** Who signs client certificates. */
  readonly clientCa: string | undefined;
  readonly clientAuth: 'NoClientCert' | 'RequestClientCert' | 'RequireAndVerifyClientCert';
  readonly minVersion: 'TLS12' | 'TLS13';
  readonly maxVersion: 'TLS12' | 'TLS13';
  /** Names of OpenSSL; empty: the default. */
  readonly ciphers: readonly string[];
  readonly curves: readonly string[];
  readonly preferServerCiphers: boolean;
}

/** SSL_OP_* of <openssl/ssl.h>, with the same values in BoringSSL. */
const NO_TLS12 = 0x08000000;
const NO_TLS13 = 0x20000000;
const SERVER_PREFERENCE = 0x00400000;

/** Suites of TLS 1.2 with forward secrecy and authenticated encryption; Go's servers offer the same first. */
const CIPHERS = ['ECDSA', 'RSA'].flatMap((kind) => [
  `ECDHE-${kind}-AES128-GCM-SHA256`,
  `ECDHE-${kind}-AES256-GCM-SHA384`,
  `ECDHE-${kind}-CHACHA20-POLY1305`,
]);

/** Older versions than TLS 1.2 are never spoken: Bun's server does not know them. */
export function tlsOptions(settings: TlsSettings): Bun.TLSOptions {
  const { cert, key, clientCa, clientAuth, ciphers, curves } = settings;
  let options = 0;
  if (settings.minVersion === 'TLS13') options |= NO_TLS12;
  if (settings.maxVersion === 'TLS12') options |= NO_TLS13;
  if (settings.preferServerCiphers) options |= SERVER_PREFERENCE;
  return Object.assign(
    {
      cert,
      key,
      ciphers: (ciphers.length > 0 ? ciphers : CIPHERS).join(':'),
      secureOptions: options,
      requestCert: clientAuth !== 'NoClientCert',
      rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
      // Buffers of a connection between two scrapes are given back.
      lowMemoryMode: true,
    },
    clientCa === undefined ? {} : { ca: clientCa },
    // Not in the types, but heeded: a test asks with one group at a time.
    curves.length === 0 ? {} : { ecdhCurve: curves.join(':') },
  );
}
