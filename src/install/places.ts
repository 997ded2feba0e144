/** Where an installation by hand puts things: beside what a package would own, where systemd looks first. */
import { join } from 'node:path';

export const NAME = 'edgegauge';
export const UNIT = 'edgegauge.service';
export const BINARY = '/usr/local/bin/edgegauge';
/** Where the package of Debian has it. */
export const PACKAGED = '/usr/bin/edgegauge';

/** Absolute paths below a root, `/` for this machine. */
export interface Places {
  readonly root: string;
  readonly binary: string;
  readonly packaged: string;
  readonly unit: string;
  /** Of drop-ins. */
  readonly dropIns: string;
  readonly attribution: string;
  /** What enables the unit. */
  readonly wanted: string;
  readonly rules: string;
  readonly directory: string;
  readonly config: string;
  readonly webConfig: string;
  readonly defaults: string;
  readonly group: string;
  readonly passwd: string;
}

export function places(root: string): Places {
  const at = (path: string): string => join(root, path);
  const systemd = '/etc/systemd/system';
  return {
    root,
    binary: at(BINARY),
    packaged: at(PACKAGED),
    unit: at(`${systemd}/${UNIT}`),
    dropIns: at(`${systemd}/${UNIT}.d`),
    attribution: at(`${systemd}/${UNIT}.d/attribution.conf`),
    wanted: at(`${systemd}/multi-user.target.wants/${UNIT}`),
    rules: at('/etc/udev/rules.d/60-edgegauge.rules'),
    directory: at('/etc/edgegauge'),
    config: at('/etc/edgegauge/edgegauge.yaml'),
    webConfig: at('/etc/edgegauge/web-config.yaml'),
    defaults: at('/etc/default/edgegauge'),
    group: at('/etc/group'),
    passwd: at('/etc/passwd'),
  };
}
