/** A thousand scrapes while a driver hangs, crashes and recovers: none waits for it, and GPUs are soon back. */
import { expect } from 'bun:test';
import { HangFs } from '../fakes/hangfs.ts';
import { testWith } from '../parts.ts';
import { GpuPatient, restarts, value } from './gpu-patient.ts';

const NEEDS = ['cc', 'nvmlHeader', 'fuse'] as const;
const LIMIT = 180_000;

const GPU = '\ngpu_temperature_celsius{device="0"';
/** Of all scrapes, and of those before anything happens. */
const SCRAPES = 1000;
const CALM = 300;
/** Milliseconds between polls (gpu-patient.ts), intervals after which what is old is gone, and what a busy machine may add. */
const INTERVAL = 200;
const INTERVALS = 3;
const SLACK = 1000;
/** Longer than `INTERVALS` and `SLACK`: what hangs is withdrawn, and not because it was killed. */
const DEADLINE = 2000;
/** Milliseconds from a recovery until the GPU is shown. */
const RETURN = 5000;
/** How much slower scrapes may be than before the fault, and what is too little to count, in milliseconds. */
const SLOWER = 10;
const LEAST = { p99: 20, slowest: 1000 } as const;
/** Seconds for which a probe that cannot be ended is left so. */
const STUCK = 1;

interface Figures {
  readonly p99: number;
  readonly slowest: number;
}

function figures(times: readonly number[]): Figures {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { p99: at(0.99), slowest: at(1) };
}

const shown = ({ p99, slowest }: Figures): string =>
  `p99 ${p99.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`;

/** Harms the driver and answers what heals it; heals it when it has just done harm again. */
type Harm = (gpus: GpuPatient, fs: HangFs) => Promise<() => Promise<void>>;

/** The fault at the call for power. It is over right after it was met for so many times: the worst moment. */
const meets =
  (fault: string, times: number): Harm =>
  async ({ fake }) => {
    fake.set('gpu 0', 'PowerUsage', fault);
    await fake.reached(`${fault} PowerUsage`);
    return async () => {
      for (let i = 1; i < times; i++) await fake.reached(`${fault} PowerUsage`);
      fake.unset('gpu 0', 'PowerUsage');
    };
  };

const cannotBeKilled: Harm = async (gpus, fs) => {
  await fs.hold('x');
  gpus.fake.set('gpu 0', 'PowerUsage', `hang-file ${fs.path}/x`);
  await fs.held('x');
  return async () => {
    const stuck = 'edgegauge_probe_stuck_seconds{source="nvidia"}';
    await gpus.shows('source="nvidia",reason="deadline"} 1\n');
    await gpus.watch((page) => value(page, stuck) > STUCK, { least: 1 });
    gpus.fake.unset('gpu 0', 'PowerUsage');
    await fs.free();
  };
};

const FAULTS: readonly (readonly [what: string, why: string, harm: Harm])[] = [
  ['never returns', 'deadline', meets('hang', 2)],
  ['never returns and cannot be killed', 'deadline', cannotBeKilled],
  ['aborts', 'SIGABRT', meets('abort', 3)],
  ['segfaults', 'SIGSEGV', meets('segfault', 3)],
];

for (const [what, why, harm] of FAULTS) {
  testWith(
    NEEDS,
    `while a driver ${what} a thousand scrapes are answered as before, and the GPU is back within 5 s`,
    async () => {
      await using fs = await HangFs.mount({ x: '1' });
      await using gpus = await GpuPatient.admit('gb10', () => {}, `--poll.deadline=${DEADLINE}ms`);
      const watched = async (wished: (page: string) => boolean): Promise<number> => {
        const started = performance.now();
        await gpus.watch(wished, { least: 1 });
        return performance.now() - started;
      };
      try {
        await gpus.shows(GPU);
        expect(restarts(await gpus.shows(GPU), why)).toBe(0);
        await gpus.watch(() => true, { least: CALM });
        const calm = figures(gpus.times.splice(0));

        const heal = await harm(gpus, fs);
        const vanished = await watched((page) => !page.includes(GPU));
        let healed = false;
        const healing = heal().then(() => {
          healed = true;
        });
        await gpus.watch((page) => healed && restarts(page, why) > 0);
        await healing;
        const back = await watched((page) => page.includes(GPU));
        await gpus.watch((page) => page.includes(GPU), {
          least: Math.max(1, SCRAPES - gpus.times.length),
        });

        const ill = figures(gpus.times);
        console.log(
          `a driver that ${what}: ${gpus.times.length} scrapes, ${shown(ill)} (before: ${shown(calm)}); ` +
            `gone after ${vanished.toFixed(0)} ms, back after ${back.toFixed(0)} ms`,
        );
        expect(gpus.wrong).toEqual([]);
        expect(ill.p99).toBeLessThan(Math.max(LEAST.p99, SLOWER * calm.p99));
        expect(ill.slowest).toBeLessThan(Math.max(LEAST.slowest, SLOWER * calm.slowest));
        expect(vanished).toBeLessThan(INTERVALS * INTERVAL + SLACK);
        expect(back).toBeLessThan(RETURN);
      } finally {
        await fs.free();
      }
    },
    LIMIT,
  );
}
