/** The clock and its zone; and /sys/devices/system/clocksource, of which the one in use can change under way. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Draft } from '../board/layout.ts';
import type { Paths } from '../board/paths.ts';
import { SAMPLE, type SampleCode, type Source } from '../board/source.ts';
import { TIME } from '../catalog/host/time.ts';
import { notOffered } from './file-source.ts';
import { localZone } from './local-zone.ts';
import { Program } from './program.ts';
import { contents, KernelFile } from './reader.ts';
import { scan } from './scan.ts';
import type { Zone } from './zone.ts';

export interface TimeOptions {
  /** The local zone at a moment in Unix seconds. */
  readonly zone?: (moment: number) => Zone;
}

interface Current {
  readonly file: KernelFile;
  /** Whether the file still says what it said at discovery. */
  readonly program: Program;
}

export function time(paths: Paths, options: TimeOptions = {}): Source {
  const zoneOf = options.zone ?? localZone;
  let zone: Zone;
  let nowSlot = 0;
  let offsetSlot = 0;
  let infos: number[] = [];
  let currents: Current[] = [];
  return {
    name: 'time',
    collectors: ['time'],
    discover(draft) {
      for (const { file } of currents) file.close();
      zone = zoneOf(Date.now() / 1000);
      nowSlot = draft.slot(TIME.now);
      offsetSlot = draft.slot(TIME.zoneOffset, { time_zone: zone.abbreviation });
      infos = [];
      currents = [];
      // node_exporter numbers the devices by their place among the sorted names.
      for (const [at, dir] of clocksources(paths.sysfs).entries()) {
        infos.push(...available(dir, String(at), draft));
        const file = new KernelFile(`${dir}/current_clocksource`);
        const program = new Program(' ');
        const [name] = words(file.path);
        if (name === undefined) continue;
        infos.push(draft.slot(TIME.clocksourceCurrent, { device: String(at), clocksource: name }));
        program.word(name);
        program.rest();
        program.seal();
        currents.push({ file, program });
      }
    },
    sample(values): SampleCode {
      const now = Date.now() / 1000;
      if (now < zone.since || now >= zone.until) return SAMPLE.rescan;
      for (let i = 0; i < currents.length; i++) {
        const { file, program } = currents[i] as Current;
        const length = file.read();
        if (scan(program, contents(), length, values) === SAMPLE.rescan) return SAMPLE.rescan;
      }
      values[nowSlot] = now;
      values[offsetSlot] = zone.offset;
      for (let i = 0; i < infos.length; i++) values[infos[i] as number] = 1;
      return SAMPLE.ok;
    },
    close() {
      for (const { file } of currents) file.close();
    },
  };
}

function clocksources(sysfs: string): string[] {
  const root = `${sysfs}/devices/system/clocksource`;
  try {
    const names = readdirSync(root).filter((name) => name.startsWith('clocksource'));
    return names.sort().map((name) => `${root}/${name}`);
  } catch (error) {
    if (notOffered(error)) return [];
    throw error;
  }
}

const available = (dir: string, device: string, draft: Draft): number[] =>
  words(`${dir}/available_clocksource`).map((clocksource) =>
    draft.slot(TIME.clocksourceAvailable, { device, clocksource }),
  );

function words(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split(/\s+/).filter(Boolean);
  } catch (error) {
    if (notOffered(error)) return [];
    throw error;
  }
}
