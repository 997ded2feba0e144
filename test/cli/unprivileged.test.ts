/** doctor and the process labels of GPUs as a user who is nobody, without and with the two capabilities. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Diagnosis } from '../../src/cli/doctor.ts';
import { containerOf } from '../../src/gpu/process/container.ts';
import { FakeNvml } from '../fakes/nvml/nvml.ts';
import { run } from '../package/tree.ts';
import { binaries } from '../parts/own.ts';
import { asNobody } from '../parts/sandboxes.ts';
import { testWith } from '../parts.ts';
import { amdMachines } from '../trees/amd.ts';
import { materialiseTree } from '../trees/write.ts';

let program = '';

beforeAll(() => {
  const dist = binaries();
  if (dist === undefined) return;
  // Where nobody can reach it, whatever the checkout's directory allows.
  program = join(mkdtempSync(join(tmpdir(), 'edgegauge-nobody-')), 'edgegauge');
  copyFileSync(join(dist, `edgegauge-linux-${process.arch}`), program);
  chmodSync(dirname(program), 0o755);
});

afterAll(() => {
  if (program !== '') rmSync(dirname(program), { recursive: true });
});

const ALWAYS = ['comm', 'cmdline', 'status', 'cgroup'];
const ATTRIBUTION = ['fd', 'maps', 'environ', 'exe', 'io'];

describe('a user without rights', () => {
  const doctor = async (granted: boolean): Promise<Diagnosis> => {
    const { out } = await run(asNobody([program, 'doctor', '--json'], granted));
    return JSON.parse(out) as Diagnosis;
  };

  testWith(
    ['nobody', 'binaries'],
    'is told by doctor what it cannot read of the processes of others',
    async () => {
      const { user, rights, findings } = await doctor(false);
      expect(user).toBe(65534);
      expect(rights).toMatchObject({
        capabilities: [],
        readable: ALWAYS,
        unreadable: ATTRIBUTION,
        hidden: false,
      });
      // What it measures does not need any of that.
      for (const source of ['stat', 'meminfo', 'netdev', 'timex']) {
        expect(findings.find((f) => f.source === source)?.status).toBe('ok');
      }
      const { out } = await run(asNobody([program, 'doctor'], false));
      expect(out).toContain('it cannot read: open files');
      expect(out).toContain('edgegauge install --attribution');
    },
  );

  testWith(
    ['nobody', 'binaries'],
    'with two capabilities reads everything, and doctor says so',
    async () => {
      const { user, rights } = await doctor(true);
      expect(user).toBe(65534);
      expect(rights).toMatchObject({
        capabilities: ['CAP_DAC_READ_SEARCH', 'CAP_SYS_PTRACE'],
        readable: [...ALWAYS, ...ATTRIBUTION],
        unreadable: [],
      });
    },
  );

  const gpu = (granted: boolean) => async (): Promise<void> => {
    using fake = new FakeNvml('gb10');
    chmodSync(dirname(fake.path), 0o755);
    // Of root, as the jobs of others are of others.
    const job = Bun.spawn(['sleep', '600']);
    try {
      fake.set(`gpu 0 process ${job.pid}`, 'usedGpuMemory', '1048576');
      const flags = [
        '--gpu.nvidia=true',
        '--gpu.per-process.enabled',
        '--gpu.per-process.user',
        `--gpu.nvidia-library=${fake.library}`,
      ];
      const env = Object.entries(fake.env).map(([key, value]) => `${key}=${value}`);
      const { out, err } = await run(
        asNobody(['env', ...env, program, 'snapshot', ...flags], granted),
      );
      expect(err).toBe('');
      const line = out.split('\n').find((l) => l.includes(`pid="${job.pid}"`));
      expect(line).toContain('process="sleep"');
      expect(line).toContain('user="root"');
      const container = containerOf(readFileSync(`/proc/${job.pid}/cgroup`, 'utf8'));
      expect(line).toContain(`container="${container}"`);
    } finally {
      job.kill();
      await job.exited;
    }
  };
  const NEEDED = ['cc', 'nvmlHeader', 'nobody'] as const;
  testWith(NEEDED, 'sees names and containers of GPU processes of other users', gpu(false));
  testWith(NEEDED, 'sees them with two capabilities too', gpu(true));

  const draws = async (granted: boolean): Promise<string[]> => {
    using tree = materialiseTree(amdMachines.radeon(), 'nobody');
    chmodSync(tree.rootfs, 0o755);
    // As the kernel guards what a process of root has open.
    for (const pid of [2101, 2102, 2103]) chmodSync(join(tree.procfs, `${pid}/fd`), 0o500);
    const { out } = await run(asNobody([program, 'snapshot', ...tree.flags], granted));
    return out.split('\n').filter((line) => /^gpu_process/.test(line));
  };

  testWith(
    ['nobody', 'binaries'],
    'is not told that nothing draws on a GPU, where it cannot see who does',
    async () => {
      const lines = await draws(false);
      expect(lines).toEqual([expect.stringMatching(/^gpu_processes\{.*kind="compute"\} 2$/)]);
    },
  );

  testWith(['nobody', 'binaries'], 'with two capabilities sees who draws on a GPU', async () => {
    const lines = await draws(true);
    expect(lines).toEqual([
      expect.stringMatching(/^gpu_processes\{.*kind="compute"\} 2$/),
      expect.stringMatching(/^gpu_processes\{.*kind="graphics"\} 2$/),
      expect.stringMatching(/^gpu_processes_memory_bytes\{.*\} 3355443200$/),
    ]);
  });
});
