/** One source and the real node_exporter on the same tree, as series that can be compared. */
import { Exposed } from '../../test/exposed.ts';
import { identity, parse } from '../../test/exposition.ts';
import { NodeExporter } from '../../test/node-exporter.ts';
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';

/** `name{labels}`, an empty label being none, and `type value`. */
export type Series = Readonly<Record<string, string>>;

/** What each program says of itself. */
const OWN = /^(node_scrape_|node_exporter_|edgegauge_)/;

function series(page: string): Series {
  const out: Record<string, string> = {};
  for (const { name, type, samples } of parse(page).values()) {
    if (OWN.test(name)) continue;
    for (const sample of samples) {
      const labels = Object.fromEntries(Object.entries(sample.labels).filter(([, v]) => v !== ''));
      out[identity({ ...sample, labels })] = `${type} ${Number(sample.value)}`;
    }
  }
  return out;
}

/** Both pages: node_exporter's with only this collector, and the source's when it has `settled`. */
export async function both(
  program: string,
  collector: string,
  paths: Paths,
  source: Source,
  flags: readonly string[] = [],
  settled: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly theirs: Series; readonly ours: Series }> {
  const where = [
    `--path.procfs=${paths.procfs}`,
    `--path.sysfs=${paths.sysfs}`,
    `--path.rootfs=${paths.rootfs}`,
  ];
  await using exporter = await NodeExporter.start(program, [collector], [...where, ...flags]);
  const theirs = series(await exporter.scrape());
  const exposed = new Exposed(source);
  await settled();
  exposed.sample();
  if (exposed.complaints.length > 0) throw new Error(exposed.complaints.join('; '));
  return { theirs, ours: series(exposed.text()) };
}
