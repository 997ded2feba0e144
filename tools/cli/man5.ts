/** edgegauge.yaml(5): every setting, from the table of settings. */
import { expected, writeValue } from '../../src/config/kinds.ts';
import type { Setting } from '../../src/config/setting.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { bold, example, type Header, header, item, paragraph, plain, section } from './roff.ts';

export function man5(about: Omit<Header, 'name' | 'section'>): string {
  return [
    header({ ...about, name: 'edgegauge.yaml', section: 5 }),
    section('NAME', 'edgegauge.yaml \\- configuration of edgegauge\n'),
    section(
      'DESCRIPTION',
      paragraph(
        'A YAML file that edgegauge(8) reads when it is started with --config.file. Every setting has a default, ' +
          'so that a file holds only what differs, and may be empty. An unknown key, a key that stands twice and a ' +
          'value of the wrong kind are errors, which are told with line and column.',
      ),
      paragraph(
        'Where a setting is given by a flag as well, the flag wins. A reload (SIGHUP) brings a changed file into ' +
          'force; a file with an error changes nothing. Settings that need a restart say so.',
      ),
      paragraph('A dot in the names below is a level of the file:'),
      example('poll:\n  interval: 5s\ncollectors:\n  netdev:\n    device_exclude: ^veth'),
    ),
    section('SETTINGS', ...SETTINGS.map(setting)),
    section('FILES', item(bold('/etc/edgegauge/edgegauge.yaml'), 'What edgegauge.service reads.')),
    section(
      'SEE ALSO',
      `${bold('edgegauge')}(8), ${plain('/usr/share/doc/edgegauge/examples/edgegauge.yaml')}\n`,
    ),
  ].join('');
}

function setting(s: Setting): string {
  const restart = s.fixed === true ? ' Needs a restart.' : '';
  const is = `${expected(s)}; default ${writeValue(s, s.default)}; flag --${s.flag}`;
  return item(`${bold(s.path)}`, `${s.help}${restart}\n(${is})`);
}
