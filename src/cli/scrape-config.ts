/** `edgegauge scrape-config HOST…`: prints what Prometheus needs to scrape a fleet. */
import { fileSd, scrapeJob } from '../fleet/scrape-config.ts';

/** As commander names them. */
export interface ScrapeConfigFlags {
  readonly port: string;
  readonly job: string;
  readonly interval: string;
  readonly path: string;
  readonly dialect?: readonly string[];
  readonly label?: readonly string[];
  readonly tls?: boolean;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly fileSd?: boolean;
}

/** Throws InstallError. */
export async function scrapeConfig(
  hosts: readonly string[],
  flags: ScrapeConfigFlags,
): Promise<void> {
  const { port, job, interval, path } = flags;
  const options = {
    ...{ port, job, interval, path },
    dialects: flags.dialect ?? [],
    labels: flags.label ?? [],
    tls: flags.tls === true,
    caFile: flags.caFile,
    certFile: flags.certFile,
    keyFile: flags.keyFile,
    serverName: flags.serverName,
    insecureSkipVerify: flags.insecureSkipVerify === true,
    username: flags.username,
    passwordFile: flags.passwordFile,
  };
  const text = flags.fileSd === true ? fileSd(hosts, options) : scrapeJob(hosts, options);
  await Bun.write(Bun.stdout, text);
}
