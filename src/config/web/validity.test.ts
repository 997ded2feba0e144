import { describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { testWith } from '../../../test/parts.ts';
import { notAfter } from './validity.ts';

/** A certificate that signs itself and is good for some days. */
function certificate(days: number, kind: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-validity-'));
  const out = join(directory, 'crt');
  const common = ['-nodes', '-subj', '/CN=a', '-keyout', join(directory, 'key'), '-out', out];
  Bun.spawnSync(['openssl', 'req', '-x509', ...kind, ...common, '-days', `${days}`]);
  const text = readFileSync(out, 'utf8');
  rmSync(directory, { recursive: true });
  return text;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

describe('notAfter()', () => {
  testWith(['openssl'], 'is what OpenSSL says, before 2050 and after, for any key', async () => {
    const { X509Certificate } = await import('node:crypto');
    for (const [days, kind] of [
      [2, EC],
      [20_000, EC],
      [400, ['-newkey', 'rsa:2048']],
    ] as const) {
      const text = certificate(days, kind);
      const truth = new X509Certificate(text).validToDate.getTime() / 1000;
      expect(notAfter(text)).toBe(truth);
      // The first of a chain is the server's own.
      expect(notAfter(`a line before it\n${text}${certificate(9, EC)}`)).toBe(truth);
    }
  });

  testWith(['openssl'], 'is not known of what is damaged', () => {
    const text = certificate(2, EC);
    const der = Buffer.from(text.replace(/-----.*-----/g, ''), 'base64');
    const pem = (bytes: Uint8Array): string =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(notAfter(pem(der))).toBe(notAfter(text));
    for (let length = 0; length < der.length; length++) {
      expect(notAfter(pem(der.subarray(0, length)))).toBeNaN();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(notAfter(pem(bytes))).toBeNumber();
      }),
    );
  });

  test('is not known of what is none', () => {
    expect(notAfter('')).toBeNaN();
  });
});
