import { afterEach, describe, expect, test } from 'bun:test';
import { amdMachines } from '../../test/trees/amd.ts';
import { type Materialised, materialiseTree } from '../../test/trees/write.ts';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { buildConfig } from '../config/config.ts';
import type { Value } from '../config/setting.ts';
import { amdProbes, type Supervise } from './amd-probes.ts';
import type { Probe } from './lazy-probe.ts';

const trees: Materialised[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree[Symbol.dispose]();
});

/** Where a sysfs is mounted that has a card of amdgpu, or none. */
function sysfs(card: boolean): string {
  const tree = materialiseTree(card ? amdMachines.radeon(new Map()) : new Map(), 'amd-probes');
  trees.push(tree);
  return tree.sysfs;
}

type Made = Parameters<Supervise>;

/** Starts the probes of these settings, and stops them; what was made. */
async function made(settings: Record<string, Value>): Promise<{ made: Made[]; probes: Probe[] }> {
  const calls: Made[] = [];
  const probe: Probe = {
    kind: 'amd',
    ready: true,
    clock: undefined,
    start() {},
    touch() {},
    poll() {},
    sample() {},
    status: () => ({ kind: 'amd', state: 'running' }) as ReturnType<Probe['status']>,
    stop: async () => {},
  };
  const layout = new Layout(new Board());
  const probes = amdProbes(buildConfig(new Map(Object.entries(settings))), layout, (...args) => {
    calls.push(args);
    return probe;
  });
  for (const each of probes) each.start();
  for (const each of probes) await each.stop();
  return { made: calls, probes };
}

describe('the probe', () => {
  test('is made where the driver has a card', async () => {
    const { made: calls } = await made({ 'path.sysfs': sysfs(true), 'gpu.poll_interval': 500 });
    expect(calls).toHaveLength(1);
    const [kind, options, intervals] = calls[0] as Made;
    expect(kind).toBe('amd');
    expect(options).toMatchObject({ required: false, interval: 500 });
    expect(intervals).toMatchObject({ busy: 500, idle: 5000 });
  });

  test('is not made without, and says what is absent', async () => {
    const { made: calls, probes } = await made({ 'path.sysfs': sysfs(false) });
    expect(calls).toEqual([]);
    const [source] = probes[0]?.status().sources ?? [];
    expect(source).toMatchObject({ status: 'absent', error: 'amdgpu drives no GPU' });
  });

  test('is made without a card where there must be GPUs', async () => {
    const { made: calls } = await made({ 'path.sysfs': sysfs(false), 'gpu.amd': 'true' });
    expect(calls[0]?.[1]).toMatchObject({ required: true });
  });

  test.each([{ 'gpu.amd': 'false' }, { 'gpu.enabled': false }])(
    'is none with %j',
    async (settings) => {
      const { probes } = await made({ 'path.sysfs': sysfs(true), ...settings });
      expect(probes).toEqual([]);
    },
  );
});

describe('the library', () => {
  const library = async (settings: Record<string, Value>) => {
    const { made: calls } = await made({ 'gpu.amd': 'true', ...settings });
    const [, options, , env] = calls[0] as Made;
    return { library: options.library, jit: env['BUN_JSC_useJIT'] === '1' };
  };

  test('is not asked about a machine whose files are elsewhere', async () => {
    const settings = { 'path.sysfs': sysfs(true), 'gpu.rocm_smi_library': '/lib/x.so' };
    expect(await library(settings)).toEqual({ library: 'none', jit: false });
  });

  test('is tried where it was named', async () => {
    expect(await library({ 'gpu.rocm_smi_library': '/lib/x.so' })).toEqual({
      library: 'try',
      jit: true,
    });
  });

  test('is left out where files alone are to be read', async () => {
    const settings = { 'gpu.amd_backend': 'sysfs', 'gpu.rocm_smi_library': '/lib/x.so' };
    expect(await library(settings)).toEqual({ library: 'none', jit: false });
  });

  test('is a must where it is asked for by name', async () => {
    expect(await library({ 'gpu.amd_backend': 'rocm_smi' })).toEqual({
      library: 'must',
      jit: true,
    });
  });
});
