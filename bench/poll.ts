/** What the probe `sensors` uses for one poll, at the interval it has by default while somebody scrapes. */
import { materialise } from '../test/trees/write.ts';
import { Client, request } from './client.ts';
import { cpuSeconds, probeOf } from './processes.ts';
import type { Scope } from './scope.ts';
import { edgegauge } from './servers.ts';
import type { Row } from './table.ts';

/** Milliseconds between two polls. */
const INTERVAL = 1000;

export async function poll({ quick }: Scope): Promise<Row[]> {
  using h100 = materialise('h100');
  const tree = ['procfs', 'sysfs', 'rootfs'] as const;
  const polls = quick ? 5 : 60;
  console.log(`  ${polls} polls, one per second`);
  const [live, fixture] = await Promise.all([
    cost([], polls),
    cost(
      tree.map((path) => `--path.${path}=${h100[path]}`),
      polls,
    ),
  ]);
  return [
    { what: 'poll: CPU of the probe, this machine', measured: live, unit: 'ms' },
    { what: 'poll: CPU of the probe, the fixture h100', measured: fixture, unit: 'ms' },
  ];
}

/** Milliseconds of CPU time. */
async function cost(args: readonly string[], polls: number): Promise<number> {
  const server = await edgegauge(args);
  try {
    const probe = probeOf(server.pid, 'sensors');
    const client = await Client.connect(server.port);
    await client.send(request('/metrics', 'identity'));
    const before = cpuSeconds(probe);
    await Bun.sleep(polls * INTERVAL);
    client.close();
    return ((cpuSeconds(probe) - before) * 1000) / polls;
  } finally {
    await server.stop();
  }
}
