/** Whether a package manager looks after edgegauge on this machine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NAME, type Places } from './places.ts';
import { run } from './run.ts';

/** `configured`: removed, but its configuration was left behind. */
export type Packaged = 'installed' | 'configured' | undefined;

export function packaged(at: Places): Packaged {
  const state = dpkgState(at);
  if (state === 'not-installed' || state === undefined) {
    // Another package manager, or another hand.
    return existsSync(at.packaged) ? 'installed' : undefined;
  }
  return state === 'config-files' ? 'configured' : 'installed';
}

/** As dpkg-query(1) has it; undefined where dpkg does not know of it, or does not exist. */
function dpkgState(at: Places): string | undefined {
  const database = join(at.root, 'var/lib/dpkg');
  if (!existsSync(database)) return undefined;
  const format = '--showformat=$' + '{db:Status-Status}';
  const { code, out } = run(['dpkg-query', `--admindir=${database}`, '--show', format, NAME]);
  return code === 0 ? out : undefined;
}
