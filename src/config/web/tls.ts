/** `tls_server_config`. */
import { dirname, join } from 'node:path';
import { nearest } from '../nearest.ts';
import { CIPHERS, CURVES, TLS13_CIPHERS } from './ciphers.ts';
import type { Section } from './section.ts';
import {
  CLIENT_AUTH,
  type ClientAuth,
  type Pem,
  type TlsConfig,
  type TlsVersion,
} from './web-config.ts';

export const TLS_KEYS = [
  'cert_file',
  'key_file',
  'cert',
  'key',
  'client_ca_file',
  'client_ca',
  'client_auth_type',
  'client_allowed_sans',
  'min_version',
  'max_version',
  'cipher_suites',
  'curve_preferences',
  'prefer_server_cipher_suites',
];

/** What the server cannot do, and what to do instead. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  RequireAnyClientCert:
    'cannot be done here: a certificate is either verified or not needed; use RequireAndVerifyClientCert with client_ca_file',
  VerifyClientCertIfGiven:
    'cannot be done here: a certificate is either verified and needed or not verified; use RequireAndVerifyClientCert, or NoClientCert with basic_auth_users',
};

/** Undefined where there is no such section, or where it has mistakes. `file` is the one that it stands in. */
export function readTls(section: Section, file: string): TlsConfig | undefined {
  if (section.keys().every((key) => !section.has(key))) return undefined;
  const cert = pem(section, 'cert', file);
  const key = pem(section, 'key', file);
  const clientCa = pem(section, 'client_ca', file);
  const clientAuth = readClientAuth(section, clientCa);
  const minVersion = version(section, 'min_version') ?? 'TLS12';
  const maxVersion = version(section, 'max_version') ?? 'TLS13';
  if (minVersion > maxVersion) {
    section.complain(
      'min_version',
      `${minVersion} is above max_version ${maxVersion}; nobody could connect`,
    );
  }
  for (const [name, given] of [
    ['cert', cert],
    ['key', key],
  ] as const) {
    if (given !== undefined || section.has(name) || section.has(`${name}_file`)) continue;
    const first = section.keys()[0] ?? '';
    section.complain(
      first,
      `TLS needs a ${name === 'cert' ? 'certificate' : 'private key'}; add ${name}_file`,
    );
  }
  const ciphers = readCiphers(section);
  const curves = readCurves(section);
  const preferServerCiphers = section.flag('prefer_server_cipher_suites') ?? true;
  if (cert === undefined || key === undefined) return undefined;
  return {
    cert,
    key,
    clientCa,
    clientAuth,
    minVersion,
    maxVersion,
    ciphers,
    curves,
    preferServerCiphers,
  };
}

/** `NAME` holds the text itself, `NAME_file` the path of a file, relative to that of the configuration. */
function pem(section: Section, name: string, file: string): Pem | undefined {
  const text = section.text(name);
  const path = section.text(`${name}_file`);
  if (text !== undefined && path !== undefined) {
    section.complain(`${name}_file`, `${name} is given as well; leave one of them out`);
  }
  if (text !== undefined) return { text, file: undefined, place: section.place(name) };
  if (path === undefined) return undefined;
  const resolved = path.startsWith('/') ? path : join(dirname(file), path);
  return { text: undefined, file: resolved, place: section.place(`${name}_file`) };
}

function readClientAuth(section: Section, ca: Pem | undefined): ClientAuth {
  const key = 'client_auth_type';
  const sans = 'client_allowed_sans';
  if (section.has(sans)) {
    section.complain(
      sans,
      'cannot be done here: names in client certificates are not looked at; give the scrapers a CA of their own and name it in client_ca_file',
    );
  }
  const written = section.text(key) ?? '';
  const impossible = IMPOSSIBLE[written];
  if (impossible !== undefined) {
    section.complain(key, `${written} ${impossible}`);
    return 'NoClientCert';
  }
  const type = section.oneOf(key, CLIENT_AUTH) ?? 'NoClientCert';
  if (type === 'RequireAndVerifyClientCert' && ca === undefined) {
    section.complain(
      key,
      `${type} needs the CA that client certificates are verified with; add client_ca_file`,
    );
  }
  if (type !== 'RequireAndVerifyClientCert' && ca !== undefined) {
    const given = section.has('client_ca') ? 'client_ca' : 'client_ca_file';
    section.complain(
      given,
      `nothing is verified with it; add client_auth_type: RequireAndVerifyClientCert`,
    );
  }
  return type;
}

function version(section: Section, key: string): TlsVersion | undefined {
  const text = section.text(key);
  if (text === 'TLS10' || text === 'TLS11') {
    const fix = key === 'min_version' ? 'write TLS12 or leave it out' : 'write TLS12 or TLS13';
    section.complain(
      key,
      `${text} cannot be done here: it is broken (RFC 8996), and not spoken; ${fix}`,
    );
    return undefined;
  }
  return section.oneOf(key, ['TLS12', 'TLS13']);
}

function readCiphers(section: Section): string[] {
  const key = 'cipher_suites';
  return section.texts(key).flatMap(({ text, at }) => {
    const cipher = CIPHERS[text];
    if (cipher !== undefined) return [cipher];
    const meant = nearest(text, Object.keys(CIPHERS));
    const why = TLS13_CIPHERS.includes(text)
      ? 'cannot be chosen: TLS 1.3 always offers its three suites; leave it out, this list is of TLS 1.2'
      : `is not offered by this server; ${meant === undefined ? `known: ${Object.keys(CIPHERS).join(', ')}` : `did you mean ${meant}?`}`;
    section.complainAt(at, key, `${text} ${why}`);
    return [];
  });
}

function readCurves(section: Section): string[] {
  const key = 'curve_preferences';
  return section.texts(key).flatMap(({ text, at }) => {
    const curve = CURVES[text];
    if (curve !== undefined) return [curve];
    section.complainAt(at, key, `${text} is not known; known: ${Object.keys(CURVES).join(', ')}`);
    return [];
  });
}
