/** Calls a stub some hundred thousand times, until the hottest code is compiled, and prints the wrong answers. */
import { FieldBatch, Nvml, openNvml, ProcessList } from './nvml.ts';

const nvml = openNvml(process.argv[2]);
if (!(nvml instanceof Nvml)) throw new Error(nvml.error);
const [first, second] = [nvml.handle(0), nvml.handle(1)];
const memory = { total: 0, reserved: 0, free: 0, used: 0 };
const batch = new FieldBatch([0, [1, 17], 2]);
const list = new ProcessList();
const garbage: unknown[] = [];

let wrong = 0;
const check = (right: boolean): void => {
  if (!right) wrong++;
};
for (let i = 0; i < 60_000; i++) {
  // Garbage for the collector, which moves what may be moved.
  if (i % 100 === 0) garbage.length = 0;
  garbage.push(new Float64Array(16), { i });
  const device = i % 2 === 0 ? first : second;
  check(nvml.u32('powerUsage', device) === 4_000_000_000 + (i % 2));
  check(nvml.u64('memoryErrorCounter', device, i % 2, 1, 7) === 2 ** 32 + 100 * (i % 2) + 17);
  check(nvml.readings.memory(first, memory) === 0 && memory.used === 3 * 2 ** 32);
  check(nvml.fields.read(first, batch) === 0 && batch.value[1] === 4_000_000_017);
  check(nvml.processes.list('compute', first, list) === 0 && list.pid[1] === 101);
}
console.log(`${wrong} wrong of ${5 * 60_000}`);
