/** What is said of GPUs, once it has settled. */
import type { Dialect } from '../../src/catalog/signal.ts';
import { CONTENT_TYPE, type Format } from '../../src/text/format.ts';
import { type Running, scrape, until } from '../edgegauge.ts';

const SETTLED = 22;

/** No more series than these of a GPU, unless more is switched on. */
export const MOST_SERIES = 100;

/** Series of each GPU on a page, by its number. */
export function seriesOf(page: string): Map<string, number> {
  const devices = Map.groupBy(page.match(/(?<=[{,]device=")\d+(?=")/g) ?? [], (device) => device);
  return new Map([...devices].map(([device, series]) => [device, series.length]));
}

/** The newest sample of GPUs that is shown; undefined before the first. */
async function sampled(running: Running, source: string): Promise<string | undefined> {
  const page = await scrape(running, '?collect[]=self');
  const line = new RegExp(
    `^edgegauge_probe_sample_timestamp_seconds\\{source="${source}"\\} (\\S+)$`,
    'm',
  );
  return line.exec(page)?.[1];
}

/**
 * Samples until nothing changes any more: groups that are asked every tenth time have been asked, and what
 * is computed from two samples is there.
 */
export async function settled(running: Running, source: string): Promise<void> {
  for (let i = 0; i < SETTLED; i++) {
    const before = await sampled(running, source);
    await until(
      () => sampled(running, source),
      (now) => now !== undefined && now !== before,
    );
  }
}

/** What is said of GPUs; the name of the host is the test machine's. */
export async function gpuPage(
  running: Running,
  dialect: Dialect,
  format: Format = 'text',
): Promise<string> {
  const query = `?dialect=${dialect}&collect[]=gpu`;
  const page = await scrape(running, query, CONTENT_TYPE[format]);
  const lines = page.split('\n').filter((line) => /^(# EOF$|(# \w+ )?(gpu_|DCGM_))/.test(line));
  return `${lines.join('\n')}\n`.replaceAll(/\bhostname="[^"]+"/g, 'hostname=""');
}
