/** Starts the probes of this program: children of the same binary. */
import type { Layout } from '../board/layout.ts';
import { Quarantine } from '../probe/quarantine.ts';
import { Supervisor } from '../probe/supervisor.ts';
import type { Loaded } from './invocation.ts';
import type { Log } from './log.ts';

/** Which devices hung is remembered across reloads. */
const quarantines = { sensors: new Quarantine() };

export function createProbes(loaded: Loaded, layout: Layout, log: Log): Supervisor[] {
  const { poll } = loaded.config;
  return [
    new Supervisor({
      kind: 'sensors',
      argv: [...self(), 'probe', 'sensors', `--settings=${JSON.stringify([...loaded.settings])}`],
      layout,
      intervals: { busy: poll.interval, idle: poll.idleInterval, idleAfter: poll.idleAfter },
      deadline: poll.deadline,
      log: (level, message, fields) => log(level, message, { probe: 'sensors', ...fields }),
      quarantine: quarantines.sensors,
    }),
  ];
}

/** The command line that runs this program again: the binary alone, or Bun and the entry of the sources. */
function self(): string[] {
  return Bun.isStandaloneExecutable ? [process.execPath] : [process.execPath, Bun.main];
}
