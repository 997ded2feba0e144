/** The samples of a page as our parser and as a real Prometheus read them. */

import { engineServer, text } from '../../src/serving/engine-server.fixture.ts';
import { Page } from '../../src/serving/exposition/page.ts';
import { until } from '../edgegauge.ts';
import { Prometheus } from '../prometheus/prometheus.ts';

/** Values by name and labels. */
export type Samples = Readonly<Record<string, number>>;

const identity = (name: string, labels: Readonly<Record<string, string>>): string =>
  JSON.stringify([
    name,
    ...Object.entries(labels)
      // A label without a value is no label.
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);

export function ours(page: string): Samples {
  const reader = new Page(new TextEncoder().encode(page));
  const out: Record<string, number> = {};
  while (reader.next()) {
    const labels = reader.labels();
    if (labels === undefined) throw new Error(`malformed labels of ${reader.key}`);
    out[identity(reader.name, labels)] = reader.value;
  }
  if (reader.malformed > 0) throw new Error(`${reader.malformed} lines are malformed`);
  return out;
}

/** What Prometheus adds to what it scrapes. */
const ITS_OWN = /^(up|scrape_\w+)$/;

/** Of each page by its name; undefined where Prometheus refuses the page. */
export async function theirs(
  program: string,
  pages: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, Samples | undefined>>> {
  const servers = Object.entries(pages).map(
    ([name, page]) => [name, engineServer({ '/metrics': () => text(page) })] as const,
  );
  const targets = Object.fromEntries(servers.map(([name, { endpoint }]) => [name, endpoint]));
  try {
    await using prometheus = await Prometheus.start(program, targets);
    const states = await until(
      () => prometheus.query('up'),
      (up) => up.length === servers.length,
    );
    const good = new Set(
      states.filter(({ value }) => value === 1).map(({ labels }) => labels['job']),
    );
    const out: Record<string, Samples | undefined> = {};
    for (const name of Object.keys(pages)) {
      out[name] = good.has(name) ? await stored(prometheus, name) : undefined;
    }
    return out;
  } finally {
    await Promise.all(servers.map(([, server]) => server.stop()));
  }
}

async function stored(prometheus: Prometheus, job: string): Promise<Samples> {
  const out: Record<string, number> = {};
  for (const { labels, value } of await prometheus.query(`{job=${JSON.stringify(job)}}`)) {
    const { __name__: name = '', job: _, instance: __, ...rest } = labels;
    if (!ITS_OWN.test(name)) out[identity(name, rest)] = value;
  }
  return out;
}
