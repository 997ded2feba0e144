/** What is installed beside the program: the files of the package, with the places that differ. */
import webConfig from '../../config/web-config.yaml' with { type: 'text' };
import defaults from '../../packaging/deb/etc/default' with { type: 'text' };
import config from '../../packaging/deb/etc/edgegauge.yaml' with { type: 'text' };
import rules from '../../packaging/systemd/60-edgegauge.rules' with { type: 'text' };
import attribution from '../../packaging/systemd/attribution.conf' with { type: 'text' };
import service from '../../packaging/systemd/edgegauge.service' with { type: 'text' };
import sysusers from '../../packaging/systemd/sysusers.conf' with { type: 'text' };
import { BINARY } from './places.ts';

/** Where the package has its program. */
const PACKAGED = '/usr/bin/edgegauge';

/** First line of a unit that is ours to replace and to remove. */
export const MARK = '# Written by edgegauge install, which writes it anew at an upgrade.';

export const TEXTS = {
  webConfig,
  defaults,
  config,
  rules,
  sysusers,
  attribution,
  service: installedUnit(service),
} as const;

/** The unit of the package for a program at `BINARY`. Throws where it starts something else. */
export function installedUnit(unit: string): string {
  const lines = unit
    .split('\n')
    // Manual pages come with the package alone.
    .filter((line) => !line.startsWith('Documentation=man:'))
    .map((line) => line.replace(`ExecStart=${PACKAGED} `, `ExecStart=${BINARY} `));
  if (!lines.some((line) => line.startsWith(`ExecStart=${BINARY} `))) {
    throw new Error(`the unit does not start ${PACKAGED}`);
  }
  return [
    MARK,
    '# Changes of your own belong in a drop-in: systemctl edit edgegauge',
    '',
    ...lines,
  ].join('\n');
}
