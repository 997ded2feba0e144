/** The program is told to end while a driver holds its probe. */
import { expect } from 'bun:test';
import { ready, scrape, start, until } from '../edgegauge.ts';
import { HangFs } from '../fakes/hangfs.ts';
import { testWith } from '../parts.ts';
import { GpuPatient } from './gpu-patient.ts';

const NEEDS = ['cc', 'nvmlHeader', 'fuse'] as const;
const LIMIT = 120_000;
/** Milliseconds: systemd waits for much longer, and a probe is given twice 300 of them. */
const SOON = 3000;

const GPU = '\ngpu_temperature_celsius{device="0"';
const HOST = '\nmemory_total_bytes ';

/** Of which nobody has taken note counts as there. */
const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const FAULTS = [
  // The deadline of a minute is far away: the probe is still held when the end comes.
  { what: 'hangs', killable: true, deadline: '60s', state: 'running' },
  { what: 'hangs and cannot be killed', killable: false, deadline: '60s', state: 'running' },
  { what: 'was killed in vain', killable: false, deadline: '1s', state: 'stuck' },
] as const;

for (const { what, killable, deadline, state } of FAULTS) {
  testWith(
    NEEDS,
    `SIGTERM ends the program soon while its NVIDIA probe ${what}, and the port is free`,
    async () => {
      await using fs = await HangFs.mount({ x: '1' });
      await using gpus = await GpuPatient.admit('gb10', () => {}, `--poll.deadline=${deadline}`);
      try {
        await gpus.shows(GPU);
        const probes = gpus.children().map((child) => child.pid);
        expect(probes).toHaveLength(3);
        if (!killable) await fs.hold('x');
        gpus.fake.set('gpu 0', 'PowerUsage', killable ? 'hang' : `hang-file ${fs.path}/x`);
        const held = await gpus.fake.reached(killable ? 'hang PowerUsage' : 'hang-file PowerUsage');
        if (!killable) await fs.held('x');
        expect(probes).toContain(held);
        await gpus.says((probe) => probe.state === state);

        const { port } = gpus.running;
        const started = performance.now();
        expect(await gpus.running.stop()).toBe(0);
        const took = performance.now() - started;
        console.log(`a probe that ${what}: ended after ${took.toFixed(0)} ms`);
        expect(took).toBeLessThan(SOON);
        expect(probes.filter(isThere)).toEqual(killable ? [] : [held]);

        const flags = ['--gpu.nvidia=false', `--web.listen-address=127.0.0.1:${port}`];
        await using again = await start(flags);
        await ready(again);
        expect(await scrape(again)).toContain(HOST);
        await fs.free();
        await until(
          () => probes.filter(isThere),
          (left) => left.length === 0,
        );
      } finally {
        await fs.free();
      }
    },
    LIMIT,
  );
}
