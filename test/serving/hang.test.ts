/** A process whose /proc files are never answered, as one that is stuck in a driver: the others are found all the same. */
import { expect } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOOPBACK, listening } from '../../src/serving/discover/proc.fixture.ts';
import { engineServer, text } from '../../src/serving/engine-server.fixture.ts';
import { ready, scrape, start, until } from '../edgegauge.ts';
import { HangFs } from '../fakes/hangfs.ts';
import { testWith } from '../parts.ts';
import { materialise } from '../trees/write.ts';

const STUCK = 4_000_020;
const SERVING = 4_000_021;
const stat = (pid: number): string => `${pid} (x) S 1 ${'0 '.repeat(17)}100 0\n`;

testWith(
  ['fuse'],
  'a process whose command line is never answered is left out; the model servers beside it are found, and SIGTERM ends',
  async () => {
    using machine = materialise('spark');
    const put = (file: string, content: string): void => {
      const path = join(machine.procfs, file);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, content);
    };
    const server = engineServer({
      '/metrics': () => text('vllm:num_requests_waiting{model_name="m"} 3\n'),
    });
    const [, port = ''] = server.endpoint.split(':');
    const tcp = `  sl\n${listening(LOOPBACK, Number(port), 7)}\n`;
    put(`${SERVING}/comm`, 'vllm\n');
    put(`${SERVING}/cmdline`, `vllm\0serve\0a/b\0--port=${port}\0`);
    put(`${SERVING}/stat`, stat(SERVING));
    put(`${SERVING}/net/tcp`, tcp);

    put('self/net/tcp', tcp);
    const stuck = join(machine.procfs, String(STUCK));
    mkdirSync(stuck);
    const fs = await HangFs.mount(
      { comm: 'python3\n', cmdline: 'python3 -m vllm.entrypoints.openai.api_server', stat: 'x' },
      stuck,
    );
    await fs.hold('cmdline');
    const running = await start([
      `--path.procfs=${machine.procfs}`,
      `--path.sysfs=${machine.sysfs}`,
      `--path.rootfs=${machine.rootfs}`,
      '--poll.deadline=1s',
      '--poll.interval=100ms',
      '--serving.interval=200ms',
    ]);
    try {
      await fs.held('cmdline');
      expect(await scrape(running)).toContain('\nmemory_total_bytes ');
      await until(
        () => scrape(running),
        (page) =>
          [
            `\nllm_queue_depth{model="m",engine="vllm",endpoint="${server.endpoint}"} 3\n`,
            '\nedgegauge_probe_devices_skipped{source="serving"} 1\n',
            '\nedgegauge_probe_restarts_total{source="serving",reason="deadline"} 1\n',
            '\nmemory_total_bytes ',
          ].every((part) => page.includes(part)),
      );
      await ready(running);
      const status = (await (await fetch(`${running.url}/api/v1/status`)).json()) as {
        probes: { kind: string; skipped: { device: string }[] }[];
      };
      const probe = status.probes.find(({ kind }) => kind === 'serving');
      expect(probe?.skipped.map((s) => s.device)).toEqual([`process ${STUCK}`]);
      expect(await running.stop()).toBe(0);
    } finally {
      await fs[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
      await server.stop();
    }
  },
  120_000,
);
