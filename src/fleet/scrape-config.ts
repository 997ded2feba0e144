/** A scrape job of Prometheus for machines that are named one by one. */
import { stringify } from 'yaml';
import { DIALECTS } from '../catalog/signal.ts';
import { InstallError } from '../install/error.ts';
import { distinct, target } from './hosts.ts';

/** Keys are those of Prometheus's configuration; undefined: its default. */
export interface ScrapeOptions {
  readonly port: string;
  readonly job: string;
  readonly interval: string;
  readonly path: string;
  readonly dialects: readonly string[];
  /** `name=value` */
  readonly labels: readonly string[];
  readonly tls: boolean;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly serverName: string | undefined;
  readonly insecureSkipVerify: boolean;
  readonly username: string | undefined;
  readonly passwordFile: string | undefined;
}

interface Targets {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** As Prometheus writes durations: units in their order, each once. */
const DURATION = /^(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;

/** A configuration with one job, to be merged or included (scrape_config_files). Throws InstallError. */
export function scrapeJob(hosts: readonly string[], options: ScrapeOptions): string {
  const { job, interval, path, dialects, username, passwordFile } = options;
  both('--username', username, '--password-file', passwordFile);
  // 0 would be taken for Prometheus's own default.
  if (!DURATION.test(interval) || !/[1-9]/.test(interval))
    throw bad('--interval', interval, 'a duration such as 15s');
  if (!path.startsWith('/')) throw bad('--path', path, 'a path such as /metrics');
  if (job === '') throw bad('--job', job, 'a name');
  const unknown = dialects.find((name) => !DIALECTS.some((d) => d === name));
  if (unknown !== undefined) throw bad('--dialect', unknown, `one of ${DIALECTS.join(', ')}`);
  const tls = tlsConfig(options);
  const https = options.tls || Object.keys(tls).length > 0;
  const config = {
    job_name: job,
    scrape_interval: interval,
    ...(path === '/metrics' ? {} : { metrics_path: path }),
    ...(https ? { scheme: 'https' } : {}),
    ...(dialects.length === 0 ? {} : { params: { dialect: [dialects.join(',')] } }),
    ...(Object.keys(tls).length === 0 ? {} : { tls_config: tls }),
    ...(username === undefined ? {} : { basic_auth: { username, password_file: passwordFile } }),
    static_configs: [targets(hosts, options)],
  };
  return stringify({ scrape_configs: [config] }, { lineWidth: 0 });
}

/** The file of a file_sd_config. Throws InstallError. */
export function fileSd(hosts: readonly string[], options: ScrapeOptions): string {
  const { tls, caFile, certFile, keyFile, serverName, insecureSkipVerify } = options;
  const { username, passwordFile, dialects, path } = options;
  const given = [caFile, certFile, keyFile, serverName, username, passwordFile];
  const asked = dialects.length > 0 || path !== '/metrics';
  if (tls || insecureSkipVerify || asked || given.some((value) => value !== undefined)) {
    throw new InstallError(
      '--file-sd prints targets and labels; how to reach them and what to ask for belong in the job',
    );
  }
  return `${JSON.stringify([targets(hosts, options)], null, 2)}\n`;
}

function targets(hosts: readonly string[], { port, labels }: ScrapeOptions): Targets {
  const all = distinct(hosts.map((host) => target(host, port)));
  if (labels.length === 0) return { targets: all };
  const pairs = labels.map(label);
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) !== i);
  if (twice !== undefined) throw new InstallError(`--label: ${twice[0]} is given twice`);
  return { targets: all, labels: Object.fromEntries(pairs) };
}

function label(text: string): [string, string] {
  const [, name, value] = /^([a-zA-Z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw bad('--label', text, 'NAME=VALUE');
}

function tlsConfig(options: ScrapeOptions): Record<string, string | boolean> {
  const { caFile, certFile, keyFile, serverName, insecureSkipVerify } = options;
  both('--cert-file', certFile, '--key-file', keyFile);
  return {
    ...(caFile === undefined ? {} : { ca_file: caFile }),
    ...(certFile === undefined ? {} : { cert_file: certFile }),
    ...(keyFile === undefined ? {} : { key_file: keyFile }),
    ...(serverName === undefined ? {} : { server_name: serverName }),
    ...(insecureSkipVerify ? { insecure_skip_verify: true } : {}),
  };
}

function both(a: string, one: string | undefined, b: string, other: string | undefined): void {
  if ((one === undefined) !== (other === undefined)) {
    throw new InstallError(`${a} and ${b} belong together`);
  }
}

const bad = (flag: string, value: string, expected: string): InstallError =>
  new InstallError(`${flag}: "${value}" is not ${expected}`);
