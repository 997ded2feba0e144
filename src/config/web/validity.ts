/**
 * When a certificate ends, of its own bytes (X.509: RFC 5280, 4.1): node:crypto, which would say it too, costs the
 * serving process a megabyte and a half for as long as it runs.
 */

const TAG = { utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, version: 0xa0 } as const;

interface Element {
  readonly tag: number;
  /** Of its content, and behind it. */
  readonly start: number;
  readonly end: number;
}

/** Unix time in seconds, of the first certificate of a text in PEM; NaN where it cannot be read. */
export function notAfter(pem: string): number {
  const base64 = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/.exec(pem)?.[1];
  const der = Buffer.from(base64 ?? '', 'base64');
  // Certificate, what of it is signed, and the first part of that.
  const signed = inside(der, at(der, 0));
  let next = inside(der, signed);
  if (next?.tag === TAG.version) next = at(der, next.end);
  // Serial number, signature, issuer.
  for (let skipped = 0; skipped < 3; skipped++) next = at(der, next?.end);
  const notBefore = inside(der, next);
  return seconds(der, at(der, notBefore?.end));
}

/** The element at an offset; undefined where there is none, or where it would reach beyond the bytes. */
function at(der: Uint8Array, offset: number | undefined): Element | undefined {
  if (offset === undefined || offset + 1 >= der.length) return undefined;
  const tag = der[offset] as number;
  let length = der[offset + 1] as number;
  let start = offset + 2;
  if (length > 0x7f) {
    const bytes = length & 0x7f;
    // None is longer than a file may be.
    if (bytes === 0 || bytes > 3) return undefined;
    length = 0;
    for (let i = 0; i < bytes; i++) length = length * 256 + (der[start++] ?? 0);
  }
  const end = start + length;
  return end > der.length ? undefined : { tag, start, end };
}

/** The first element of a sequence. */
function inside(der: Uint8Array, of: Element | undefined): Element | undefined {
  return of?.tag === TAG.sequence ? at(der, of.start) : undefined;
}

/** `YYMMDDhhmmssZ` until 2049, `YYYYMMDDhhmmssZ` from then on: RFC 5280, 4.1.2.5. */
function seconds(der: Buffer, of: Element | undefined): number {
  if (of?.tag !== TAG.utcTime && of?.tag !== TAG.generalizedTime) return Number.NaN;
  const text = der.toString('latin1', of.start, of.end);
  const [, years = '', rest = ''] = /^((?:\d\d)?\d\d)(\d{10})Z$/.exec(text) ?? [];
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) ?? [];
  const year = years.length === 2 ? `${Number(years) < 50 ? '20' : '19'}${years}` : years;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
}
