import { afterEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Board } from '../board/board.ts';
import { type Draft, Layout } from '../board/layout.ts';
import { GPU_HOLDER } from '../catalog/gpu/process.ts';
import { MEMORY } from '../catalog/host/meminfo.ts';
import { buildConfig } from '../config/config.ts';
import { parseConfig } from '../config/loader.ts';
import type { Supervisor } from '../probe/supervisor.ts';
import { servingProbe } from './serving-probe.ts';
import type { ServingTold } from './serving-sources.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** A /proc of processes with these names. */
function procOf(...names: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'edgegauge-proc-'));
  directories.push(directory);
  for (const [i, name] of names.entries()) {
    mkdirSync(join(directory, String(i + 2)));
    writeFileSync(join(directory, String(i + 2), 'comm'), `${name}\n`);
  }
  // A process that has ended meanwhile, and what is none.
  mkdirSync(join(directory, '999'));
  mkdirSync(join(directory, 'sys'));
  return directory;
}

/** The probe of a configuration, and all that a child of it was told. */
function made(text: string, procfs = procOf('bash')) {
  const layout = new Layout(new Board());
  const told: ServingTold[] = [];
  const supervisor = {
    kind: 'serving',
    ready: true,
    clock: undefined,
    start() {},
    touch() {},
    poll() {},
    sample() {},
    tell: (what: unknown) => told.push(what as ServingTold),
    status: () => ({ state: 'running' }),
    stop: async () => {},
  };
  const config = buildConfig(parseConfig(`path: {procfs: ${procfs}}\n${text}`, 'x'));
  const [probe] = servingProbe(config, layout, () => supervisor as unknown as Supervisor);
  return {
    probe,
    told,
    /** Whether it is there once the program has begun. */
    async starts(): Promise<boolean> {
      probe?.start();
      const { state } = probe?.status() ?? { state: 'none' };
      await probe?.stop();
      return state === 'running';
    },
    draw(name: string, fill: (draft: Draft) => void): void {
      const draft = layout.draft(name);
      fill(draft);
      draft.commit();
      probe?.refresh?.();
    },
  };
}

const hold = (draft: Draft, pid: number, device = '0'): number =>
  draft.slot(GPU_HOLDER.memory, { device, uuid: `GPU-${device}`, pid: String(pid) });

describe('it starts', () => {
  test.each([
    'python3.12',
    'VLLM::EngineCor',
    'sglang::schedul',
    'llama-server',
    'ollama',
    'tritonserver',
    'text-generation',
    'tensorflow_mode',
    'trtllm-serve',
    'java',
    'raylet',
    'ray::ServeRepli',
  ])('where a process is called %s', async (name) => {
    expect(await made('', procOf('bash', name)).starts()).toBe(true);
  });
  test.each(['bash', 'my-python', 'uvx', 'ollam', 'sshd'])('not for %s', async (name) => {
    expect(await made('', procOf(name)).starts()).toBe(false);
  });
  test('for a target', async () => {
    const target = 'serving: {discover: false, targets: [{engine: vllm, url: "http://h:1"}]}';
    expect(await made(target).starts()).toBe(true);
  });
  test('for an engine of the file that is to be found, whatever its processes are called', async () => {
    const engine = (more: string) =>
      `serving: {engines: [{name: a, paths: [/m], page: {any: [a]}, signals: {}${more}}]}`;
    expect(await made(engine(', process: {command: [acme], port: 1}')).starts()).toBe(true);
    expect(await made(engine('')).starts()).toBe(false);
  });
  test('for a process on a GPU', async () => {
    const { draw, starts } = made('');
    draw('nvidia', (draft) => hold(draft, 7));
    expect(await starts()).toBe(true);
  });
});

test.each([
  'serving: {enabled: false}',
  'serving: {enabled: false, targets: [{engine: vllm, url: "http://h:1"}]}',
  'serving: {discover: false}',
])('there is none with %s', (text) => {
  expect(made(text).probe).toBeUndefined();
});

describe('it is told', () => {
  test('its settings, with targets under the names that the program has for their keys', () => {
    const { probe, told } = made(`serving:
  interval: 5s
  gpu_label: true
  targets:
    - engine: vllm
      url: https://h:1
      headers: {X-My_Header: a}
      basic_auth: {username: me, password_file: /etc/pw}
      tls: {ca_file: /etc/ca, insecure_skip_verify: true}
poll: {interval: 2s}
`);
    probe?.start();
    expect(told).toMatchObject([
      {
        discover: true,
        discoverElsewhere: false,
        interval: 5000,
        busy: 2000,
        instanceLabel: false,
        gpuLabel: true,
        engines: [],
        holders: [],
        targets: [
          {
            engine: 'vllm',
            url: 'https://h:1',
            headers: { 'X-My_Header': 'a' },
            basicAuth: { username: 'me', passwordFile: '/etc/pw' },
            tls: { caFile: '/etc/ca', insecureSkipVerify: true },
          },
        ],
      },
    ]);
  });
  test('who holds which GPU when that changes, and not when something else does', () => {
    const { probe, told, draw } = made('', procOf('python3'));
    probe?.start();
    expect(told.map((t) => t.holders)).toEqual([[]]);
    draw('nvidia', (draft) => hold(draft, 7));
    expect(told.at(-1)?.holders).toEqual([{ pid: 7, uuid: 'GPU-0', gpu: '0' }]);
    draw('host', (draft) => draft.slot(MEMORY.used));
    probe?.refresh?.();
    expect(told).toHaveLength(2);
    draw('nvidia', (draft) => [hold(draft, 7), hold(draft, 8, '1')]);
    expect(told.at(-1)?.holders.map((h) => h.pid)).toEqual([7, 8]);
    draw('nvidia', () => {});
    expect(told.at(-1)?.holders).toEqual([]);
    expect(told).toHaveLength(4);
  });
});
