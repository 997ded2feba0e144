/** TLS as openssl, curl and Prometheus speak it. */
import { describe, expect } from 'bun:test';
import { until } from '../edgegauge.ts';
import { testWith } from '../parts.ts';
import { Prometheus } from '../prometheus/prometheus.ts';
import { Edge, MUTUAL, PASSWORD, TLS, USER, users } from './edge.ts';

const OLD = ['-cipher', 'DEFAULT@SECLEVEL=0'];

describe('versions and ciphers', () => {
  testWith(['openssl'], 'TLS 1.2 and 1.3 are spoken, older ones are refused', async () => {
    await using edge = await Edge.start({ tls_server_config: TLS });
    expect((await edge.openssl('-tls1_3')).agreed).toStartWith('TLSv1.3 ');
    const { agreed, met } = await edge.openssl('-tls1_2');
    expect([agreed, met]).toEqual(['TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256', 'server']);
    for (const version of ['-tls1_1', '-tls1']) {
      expect((await edge.openssl(version, ...OLD)).agreed).toBeUndefined();
    }
    // Without forward secrecy, or with a mode that has had attacks.
    for (const cipher of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA']) {
      expect((await edge.openssl('-tls1_2', '-cipher', cipher)).agreed).toBeUndefined();
    }
  });

  testWith(['openssl'], 'min_version and max_version hold', async () => {
    await using newest = await Edge.start({ tls_server_config: { ...TLS, min_version: 'TLS13' } });
    expect((await newest.openssl('-tls1_2')).agreed).toBeUndefined();
    expect((await newest.openssl('-tls1_3')).agreed).toBeDefined();
    await using older = await Edge.start({ tls_server_config: { ...TLS, max_version: 'TLS12' } });
    expect((await older.openssl('-tls1_3')).agreed).toBeUndefined();
    expect((await older.openssl('-tls1_2')).agreed).toBeDefined();
  });

  testWith(
    ['openssl'],
    'cipher_suites and curve_preferences hold, in the order of the server',
    async () => {
      const cipher_suites = [
        'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
        'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      ];
      const own = { ...TLS, cipher_suites, curve_preferences: ['CurveP384', 'CurveP256'] };
      const theirs = 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305';
      await using edge = await Edge.start({ tls_server_config: own });
      const agreed = async (...args: readonly string[]) => (await edge.openssl(...args)).agreed;
      expect(await agreed('-tls1_2', '-cipher', theirs)).toBe(
        'TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305',
      );
      expect(await agreed('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256')).toBeUndefined();
      for (const [curve, there] of [
        ['P-256', true],
        ['P-384', true],
        ['X25519', false],
        ['P-521', false],
      ] as const) {
        expect([curve, (await agreed('-tls1_3', '-curves', curve)) !== undefined]).toEqual([
          curve,
          there,
        ]);
      }
      await using polite = await Edge.start({
        tls_server_config: { ...own, prefer_server_cipher_suites: false },
      });
      const order = await polite.openssl('-tls1_2', '-cipher', theirs);
      expect(order.agreed).toBe('TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384');
    },
  );

  testWith(['curl'], 'HTTP/2 is spoken where it is switched on', async () => {
    const config = { tls_server_config: TLS, http_server_config: { http2: true } };
    await using edge = await Edge.start(config);
    const args = ['--http2', '-o', '/dev/null', '-w', '%{http_version}\n%{http_code}'];
    expect(await edge.curl('/metrics', undefined, ...args)).toEqual({ status: 200, body: '2' });
    await using plain = await Edge.start({ tls_server_config: TLS });
    expect(await plain.curl('/metrics', undefined, ...args)).toEqual({ status: 200, body: '1.1' });
  });
});

describe('client certificates', () => {
  testWith(
    ['curl'],
    'a request is answered with a certificate of the CA and the password, only',
    async () => {
      await using edge = await Edge.start({
        tls_server_config: MUTUAL,
        basic_auth_users: await users(),
      });
      const password = ['-u', `${USER}:${PASSWORD}`];
      for (const version of [['--tlsv1.3'], ['--tls-max', '1.2']]) {
        for (const nobody of [undefined, 'stranger']) {
          expect(await edge.curl('/metrics', nobody, ...version, ...password)).toEqual({
            status: 0,
            body: '',
          });
        }
        expect((await edge.curl('/metrics', 'client', ...version)).status).toBe(401);
        expect((await edge.curl('/metrics', 'client', ...version, '-u', `${USER}:x`)).status).toBe(
          401,
        );
        const { status, body } = await edge.curl('/metrics', 'client', ...version, ...password);
        expect(status).toBe(200);
        expect(body).toContain('\nmemory_total_bytes ');
        // Those without a certificate did not even reach the door.
        expect(body).toContain('edgegauge_web_refusals_total{reason="unauthorized"}');
      }
      expect(await edge.metric('edgegauge_web_refusals_total{reason="unauthorized"}')).toBe(4);
    },
  );

  testWith(['curl'], 'RequestClientCert takes any certificate, and none', async () => {
    const config = { tls_server_config: { ...TLS, client_auth_type: 'RequestClientCert' } };
    await using edge = await Edge.start(config);
    for (const who of [undefined, 'client', 'stranger']) {
      expect((await edge.curl('/-/healthy', who)).status).toBe(200);
    }
  });
});

testWith(
  ['prometheus'],
  'Prometheus scrapes with a client certificate and a password',
  async (found) => {
    const basic_auth_users = await users();
    await using edge = await Edge.start({ tls_server_config: MUTUAL, basic_auth_users });
    const tls_config = (who: string) => ({
      ca_file: edge.certificates.path('ca.crt'),
      cert_file: edge.certificates.path(`${who}.crt`),
      key_file: edge.certificates.path(`keys/${who}.key`),
    });
    const basic_auth = { username: USER, password: PASSWORD };
    const target = { edge: `127.0.0.1:${edge.port}` };
    const job = (who: string): object => ({
      scheme: 'https',
      tls_config: tls_config(who),
      basic_auth,
    });
    await using good = await Prometheus.start(found.prometheus, target, job('client'));
    await using bad = await Prometheus.start(found.prometheus, target, job('stranger'));
    const scrapes = (prometheus: Prometheus) => prometheus.query('count_over_time(up[5m]) >= 3');
    await until(
      () => good.query('up == 1'),
      (answer) => answer.length === 1,
    );
    edge.certificates.issue({ name: 'server' }, 'second');
    await until(
      () => good.query('edgegauge_web_handovers_total == 1'),
      (answer) => answer.length === 1,
    );
    await until(
      () => scrapes(good),
      (answer) => answer.length === 1,
    );
    await until(
      () => scrapes(bad),
      (answer) => answer.length === 1,
    );
    expect(await good.value('min_over_time(up[5m])')).toBe(1);
    expect(await good.value('edgegauge_web_config_last_reload_successful')).toBe(1);
    expect(await bad.value('max_over_time(up[5m])')).toBe(0);
  },
);

testWith(
  ['openssl', 'curl'],
  'when the certificate ends is a metric, and one that has ended is told of in the log',
  async () => {
    await using edge = await Edge.start({ tls_server_config: TLS });
    const end = 'edgegauge_web_certificate_not_after_timestamp_seconds';
    // They are made for thirty days.
    expect(await edge.metric(end)).toBeWithin(Date.now() / 1000 + 29 * 86_400, 4e9);
    expect(edge.running.log()).not.toContain('ended');
    edge.certificates.end('server');
    const ended =
      /level=warn msg="the certificate has ended, scrapers will refuse it" ended=\d{4}-/;
    await until(
      () => edge.running.log(),
      (log) => ended.test(log),
    );
    const { body } = await edge.curl('/metrics', undefined, '--insecure');
    expect(Number(new RegExp(`^${end} (.*)$`, 'm').exec(body)?.[1])).toBeLessThan(
      Date.now() / 1000,
    );
    edge.write('');
    await until(
      async () => {
        const plain = await fetch(`http://127.0.0.1:${edge.port}/metrics`).catch(() => undefined);
        return (await plain?.text()) ?? '';
      },
      (text) => text !== '' && !text.includes(end),
    );
  },
);
