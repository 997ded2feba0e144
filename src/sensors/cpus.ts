/** Where the CPUs are, and the kernel's way to write sets of them. */
import type { Paths } from '../board/paths.ts';
import { list, readText } from './sysfs.ts';

/** `0-3,8,10-11` → [0, 1, 2, 3, 8, 10, 11] */
export function cpuList(text: string): number[] {
  const out: number[] = [];
  for (const part of text.split(',')) {
    const [, first, last] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    if (first === undefined) continue;
    for (let cpu = Number(first); cpu <= Number(last ?? first); cpu++) out.push(cpu);
  }
  return out;
}

export function cpuRoot(paths: Paths): string {
  return `${paths.sysfs}/devices/system/cpu`;
}

/** The set of CPUs in one of the files there (`online`, `offline`, `isolated`); empty where there is no such file. */
export function cpuSet(paths: Paths, name: string): number[] {
  return cpuList(readText(`${cpuRoot(paths)}/${name}`) ?? '');
}

/** Numbers of all CPUs that the kernel knows, also of those that are offline. */
export function cpuNumbers(paths: Paths): number[] {
  return list(cpuRoot(paths)).flatMap((name) => {
    const number = /^cpu(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}
