/** What two servers on one GPU used of its energy, as the page says it. */
import { type Running, scrape, until } from '../edgegauge.ts';

export interface Shared {
  readonly gpu: number;
  readonly one: number;
  readonly two: number;
}

/**
 * Waits until the GPU, which `label` tells from others, has used 1000 J while both servers were known; joules since.
 * Ports are those of the servers.
 */
export async function energyOf(
  running: Running,
  one: number,
  two: number,
  label = '',
): Promise<Shared> {
  const value = (page: string, name: string, label: string): number => {
    const line = page.split('\n').find((l) => l.startsWith(`${name}{`) && l.includes(label));
    return Number(line?.split(' ').at(-1));
  };
  const energy = (page: string): Shared => ({
    gpu: value(page, 'gpu_energy_joules_total', label),
    one: value(page, 'llm_gpu_energy_joules_total', `:${one}"`),
    two: value(page, 'llm_gpu_energy_joules_total', `:${two}"`),
  });
  const wait = (wished: (e: Shared) => boolean) =>
    until(async () => energy(await scrape(running)), wished);

  const first = await wait((e) => e.one > 100 && e.two > 100);
  const second = await wait((e) => e.gpu > first.gpu + 1000);
  return {
    gpu: second.gpu - first.gpu,
    one: second.one - first.one,
    two: second.two - first.two,
  };
}
