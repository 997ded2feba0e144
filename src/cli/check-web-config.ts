import { ConfigError } from '../config/error.ts';
import { explain } from '../config/web/explain.ts';
import { loadWebConfig } from '../config/web/load.ts';
import type { WebConfig } from '../config/web/web-config.ts';

/** `edgegauge check-web-config FILE`: throws ConfigError with every mistake, those of certificates too. */
export async function checkWebConfig(file: string): Promise<void> {
  const { config, material } = await loadWebConfig(file);
  let until = '';
  if (config.tls !== undefined && material !== undefined) {
    const { problems, notAfter } = await explain(config.tls, material);
    if (problems.length > 0) throw new ConfigError(problems);
    until = notAfter === undefined ? '' : validity(notAfter);
  }
  process.stdout.write(`${file}: good; ${summary(config)}${until}\n`);
}

function summary({ tls, users, rateLimit }: WebConfig): string {
  const parts = [tls === undefined ? 'no TLS' : `TLS (client certificates: ${tls.clientAuth})`];
  parts.push(users.size === 0 ? 'no password' : `${users.size} users`);
  if (rateLimit !== undefined) parts.push('a rate limit');
  return parts.join(', ');
}

function validity(notAfter: Date): string {
  const date = notAfter.toISOString().slice(0, 10);
  return notAfter.getTime() < Date.now()
    ? `; the certificate has ended on ${date}: scrapers will refuse it`
    : `; the certificate is good until ${date}`;
}
