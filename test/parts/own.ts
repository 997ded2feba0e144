/** The programs that this repository builds. */
import { existsSync, readFileSync } from 'node:fs';
import { ROOT } from './find.ts';

/** The compiled programs for both processors. */
export function binaries(): string | undefined {
  const dist = `${ROOT}/dist`;
  return ['x64', 'arm64'].every((arch) => existsSync(`${dist}/edgegauge-linux-${arch}`))
    ? dist
    : undefined;
}

/** The same, where the program is one that the unit of the package can start. */
export function packaged(): string | undefined {
  const dist = binaries();
  if (dist === undefined || process.arch !== 'x64') return undefined;
  const unit = readFileSync(`${ROOT}/packaging/systemd/edgegauge.service`, 'utf8');
  const flags = [...(/^ExecStart=.*$/m.exec(unit)?.[0] ?? '').matchAll(/ (--[\w.-]+)=/g)];
  const help = Bun.spawnSync([`${dist}/edgegauge-linux-x64`, 'serve', '--help']).stdout.toString();
  return flags.every(([, flag]) => help.includes(`${flag} `)) ? dist : undefined;
}
