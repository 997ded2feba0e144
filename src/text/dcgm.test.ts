import { describe, expect, test } from 'bun:test';
import { Board } from '../board/board.ts';
import { Layout } from '../board/layout.ts';
import { GPU_CLOCK } from '../catalog/gpu/clocks.ts';
import { GPU_CLOCK_EVENT_SECONDS, GPU_XID } from '../catalog/gpu/events.ts';
import { GPU_GPM } from '../catalog/gpu/gpm.ts';
import type { GpuFacts, MigFacts } from '../catalog/gpu/gpu.ts';
import { GPU_MEMORY } from '../catalog/gpu/memory.ts';
import { GPU_POWER } from '../catalog/gpu/power.ts';
import { GPU_TEMPERATURE } from '../catalog/gpu/temperature.ts';
import { GPU_UTILIZATION } from '../catalog/gpu/utilization.ts';
import type { Dialect, Signal } from '../catalog/signal.ts';
import { Page } from './page.ts';

const FACTS: GpuFacts = {
  device: '0',
  uuid: 'GPU-1',
  name: 'NVIDIA H200',
  pci_bus_id: '00000000:0F:00.0',
  minor: 'nvidia0',
  driver: '570.1',
  hostname: 'node-1',
  shared: 'no',
};
const MIG: MigFacts = {
  mig_device: '0',
  mig_profile: '1g.18gb',
  gpu_instance_id: '7',
  compute_instance_id: '0',
};

const SHOWN =
  'gpu="0",UUID="GPU-1",pci_bus_id="00000000:0F:00.0",device="nvidia0",modelName="NVIDIA H200"';
const TAIL = 'hostname="node-1",DCGM_FI_DRIVER_VERSION="570.1"';

/** Lines of a page, without HELP and TYPE. */
function lines(
  dialect: Dialect,
  ...series: (readonly [Signal, Readonly<Record<string, string>>, number])[]
): string[] {
  const layout = new Layout(new Board(), () => 1);
  const draft = layout.draft('gpu');
  for (const [signal, labels, value] of series) {
    layout.board.values[draft.slot(signal, labels)] = value;
  }
  draft.commit();
  const page = new Page(layout, [dialect], 'text');
  const end = page.render(
    layout.board.values,
    page.mask(() => true),
  );
  const text = new TextDecoder().decode(page.bytes.subarray(page.start, end));
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('the dcgm dialect', () => {
  test('has the labels of dcgm-exporter and its units', () => {
    const page = lines(
      'dcgm',
      [GPU_MEMORY.used, FACTS, 3 * 1024 ** 3],
      [GPU_POWER.energy, FACTS, 123456.789],
      [GPU_CLOCK.sm, FACTS, 1_980_000_000],
      [GPU_UTILIZATION.memory, FACTS, 0.58],
      [GPU_GPM.tensor, FACTS, 0.25],
      [GPU_CLOCK_EVENT_SECONDS.sw_power_cap, { ...FACTS, reason: 'sw_power_cap' }, 1.5],
      [GPU_XID.last, { ...FACTS, err_code: '79', err_msg: 'fell off' }, 79],
    );
    expect(page).toEqual([
      `DCGM_FI_DEV_FB_USED{${SHOWN},${TAIL}} 3072`,
      `DCGM_FI_DEV_MEM_COPY_UTIL{${SHOWN},${TAIL}} 58`,
      `DCGM_FI_DEV_POWER_VIOLATION{${SHOWN},${TAIL}} 1500000000`,
      `DCGM_FI_DEV_SM_CLOCK{${SHOWN},${TAIL}} 1980`,
      `DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${SHOWN},${TAIL}} 123456789`,
      `DCGM_FI_DEV_XID_ERRORS{${SHOWN},${TAIL},err_code="79",err_msg="fell off"} 79`,
      `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${SHOWN},${TAIL}} 0.25`,
    ]);
  });

  test('spells the label of the host name as the fact that the source gives', () => {
    const { hostname: _, ...rest } = FACTS;
    expect(lines('dcgm', [GPU_TEMPERATURE.die, { ...rest, Hostname: 'node-1' }, 40])).toEqual([
      `DCGM_FI_DEV_GPU_TEMP{${SHOWN},Hostname="node-1",DCGM_FI_DRIVER_VERSION="570.1"} 40`,
    ]);
  });

  test('has the sensor of the memory and no other', () => {
    const sensor = (which: string) =>
      [GPU_TEMPERATURE.sensor, { ...FACTS, sensor: which }, 50] as const;
    expect(lines('dcgm', sensor('memory'), sensor('junction'))).toEqual([
      `DCGM_FI_DEV_MEMORY_TEMP{${SHOWN},${TAIL}} 50`,
    ]);
  });
});

describe('a GPU in MIG mode', () => {
  const series = [
    [GPU_MEMORY.used, { ...FACTS, shared: 'yes' }, 2 ** 34],
    [GPU_MEMORY.used, { ...FACTS, ...MIG }, 2 ** 30],
    [GPU_TEMPERATURE.die, { ...FACTS, shared: 'yes' }, 40],
  ] as const;

  test('leaves what its instances give to them, and keeps what is its own', () => {
    const gpu = 'device="0",uuid="GPU-1",name="NVIDIA H200"';
    const mig = 'mig_device="0",mig_profile="1g.18gb",gpu_instance_id="7",compute_instance_id="0"';
    expect(lines('native', ...series)).toEqual([
      `gpu_memory_used_bytes{${gpu},${mig}} 1073741824`,
      `gpu_temperature_celsius{${gpu}} 40`,
    ]);
    expect(lines('dcgm', ...series)).toEqual([
      `DCGM_FI_DEV_FB_USED{${SHOWN},GPU_I_PROFILE="1g.18gb",GPU_I_ID="7",${TAIL}} 1024`,
      `DCGM_FI_DEV_GPU_TEMP{${SHOWN},${TAIL}} 40`,
    ]);
  });
});
