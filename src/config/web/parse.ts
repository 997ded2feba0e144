/** A web configuration file: the format of the Prometheus exporter toolkit, and nothing that cannot be kept. */
import { readDocument } from '../document.ts';
import { parseDuration } from '../duration.ts';
import { ConfigError } from '../error.ts';
import { Section } from './section.ts';
import { readTls, TLS_KEYS } from './tls.ts';
import type { RateLimit, WebConfig } from './web-config.ts';

export const TOP_KEYS = [
  'tls_server_config',
  'http_server_config',
  'basic_auth_users',
  'rate_limit',
  'auth_excluded_paths',
];

/** Headers that may be set, and the values they may have; none listed: any. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  'Strict-Transport-Security': [],
  'X-Content-Type-Options': ['nosniff'],
  'X-Frame-Options': ['deny', 'sameorigin'],
  'X-XSS-Protection': [],
  'Content-Security-Policy': [],
};

/**
 * bcrypt as crypt(3) writes it: scheme, cost, 16 bytes of salt in 22 characters, 23 of hash in 31. The last
 * character of each has bits to spare, which are zero.
 */
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/;
/** A check doubles with each step: 10 takes some 50 ms, 16 some 3 s. A scrape is given ten. */
const COSTS = { least: 4, most: 16 };

/** Reads a file's text; paths in it are relative to `file`. Throws ConfigError with every mistake. */
export function parseWebConfig(text: string, file: string): WebConfig {
  const document = readDocument(text, file);
  if (document.problems.length > 0) throw new ConfigError(document.problems);
  const top = new Section(document, document.root, '', TOP_KEYS);
  const http = top.section('http_server_config', ['http2', 'headers']);
  const tls = readTls(top.section('tls_server_config', TLS_KEYS), file);
  const http2 = http.flag('http2') ?? false;
  const config: WebConfig = {
    tls,
    http2,
    headers: readHeaders(http.section('headers', Object.keys(HEADERS))),
    users: readUsers(top.section('basic_auth_users', undefined)),
    rateLimit: readRateLimit(top.section('rate_limit', ['interval', 'burst'])),
    authExcludedPaths: readPaths(top, tls?.clientAuth === 'RequireAndVerifyClientCert'),
  };
  if (document.problems.length > 0) throw new ConfigError(document.problems);
  return config;
}

function readHeaders(section: Section): (readonly [string, string])[] {
  return section.keys().flatMap((name) => {
    const value = section.text(name);
    if (value === undefined) return [];
    const values = HEADERS[name] ?? [];
    if (values.length > 0 && !values.includes(value)) {
      section.complain(name, `${JSON.stringify(value)} is not one of ${values.join(', ')}`);
    } else if (!/^[\x20-\x7e]*$/.test(value)) {
      section.complain(name, 'a header is one line of printable ASCII');
    }
    return [[name, value] as const];
  });
}

function readUsers(section: Section): Map<string, string> {
  const users = new Map<string, string>();
  for (const user of section.keys()) {
    const hash = section.text(user);
    const cost = Number(BCRYPT.exec(hash ?? '')?.[1]);
    if (user.includes(':')) {
      section.complain(
        user,
        'the name of a user cannot have a colon in it: HTTP ends the name there',
      );
    } else if (Number.isNaN(cost)) {
      // The value is not shown: it may be a password in the clear.
      section.complain(
        user,
        `the value is no bcrypt hash; make one with: htpasswd -nBC 10 '${user}'`,
      );
    } else if (cost < COSTS.least || cost > COSTS.most) {
      section.complain(
        user,
        `a bcrypt cost of ${cost} is not from ${COSTS.least} to ${COSTS.most}; 10 is usual: a check takes some 50 ms, and twice that with each step`,
      );
    } else if (hash !== undefined) users.set(user, hash);
  }
  return users;
}

function readRateLimit(section: Section): RateLimit | undefined {
  const text = section.text('interval');
  const interval = text === undefined ? 0 : parseDuration(text);
  const burst = section.count('burst');
  if (interval === undefined) {
    section.complain('interval', `"${text}" is not a duration such as 1s or 100ms`);
    return undefined;
  }
  if (interval === 0) {
    if (burst !== undefined && burst > 0 && !section.has('interval')) {
      section.complain('burst', 'there is no limit without an interval; add interval: 1s');
    }
    return undefined;
  }
  if (burst === undefined || burst === 0) {
    const key = section.has('burst') ? 'burst' : 'interval';
    section.complain(key, 'with a burst of 0 no request would ever be answered; add burst: 10');
    return undefined;
  }
  return { interval, burst };
}

function readPaths(top: Section, verified: boolean): string[] {
  const key = 'auth_excluded_paths';
  const paths = top.texts(key);
  if (paths.length > 0 && verified) {
    top.complain(
      key,
      'cannot be done here with RequireAndVerifyClientCert: the certificate is asked for before the path is known; leave it out',
    );
  }
  for (const { text, at } of paths) {
    if (!text.startsWith('/') || text.includes('*')) {
      top.complainAt(at, key, `"${text}" is not a path such as /-/healthy; patterns are not known`);
    }
  }
  return paths.map(({ text }) => text);
}
