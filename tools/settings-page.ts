/** The settings as a commented YAML file and as a table of flags. */
import { writeValue } from '../src/config/kinds.ts';
import { SERVING_BLOCKS } from '../src/config/serving.ts';
import type { Setting } from '../src/config/setting.ts';
import { SETTINGS } from '../src/config/settings.ts';

const HEAD = `# Configuration of edgegauge. Everything here is the default: a file needs only what differs.
# Flags win over the file. Check a file with: edgegauge check-config FILE
# Reload with SIGHUP; what needs a restart says so.
`;

/** `config/edgegauge.yaml`. */
export function configFile(): string {
  let text = HEAD;
  let open: string[] = [];
  for (const setting of SETTINGS) {
    const keys = setting.path.split('.');
    const sections = keys.slice(0, -1);
    let same = 0;
    while (same < sections.length && sections[same] === open[same]) same++;
    if (same === 0) text += '\n';
    for (let depth = same; depth < sections.length; depth++) {
      text += `${'  '.repeat(depth)}${sections[depth]}:\n`;
    }
    open = sections;
    const indent = '  '.repeat(sections.length);
    const restart = setting.fixed === true ? ' Needs a restart.' : '';
    text += `${indent}# ${setting.help}${restart}\n`;
    text += `${indent}${keys.at(-1)}: ${yaml(setting)}\n`;
  }
  return text + blocks();
}

/** Lists of blocks, one of each as a comment, below the section that they belong to. */
function blocks(): string {
  return SERVING_BLOCKS.map(({ path, help, example }) => {
    const lines = [
      help,
      `${path.replace('.', ':\n  ')}:`,
      ...example.split('\n').map((l) => `    ${l}`),
    ];
    return `\n${lines.join('\n').replace(/^/gm, '# ')}\n`;
  }).join('');
}

/** Single quotes keep backslashes as they are, which patterns are full of. */
function yaml(setting: Setting): string {
  const { kind, default: value } = setting;
  if (kind === 'pattern') return `'${String(value).replaceAll("'", "''")}'`;
  return writeValue(setting, value);
}

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** Flags of `serve`, `snapshot` and `doctor`. */
function flagTable(): string {
  const rows = SETTINGS.map((s) => {
    const value = s.kind === 'boolean' ? '' : `=<${s.kind === 'duration' ? 'duration' : 'value'}>`;
    const flag = s.kind === 'boolean' ? `--[no-]${s.flag}` : `--${s.flag}${value}`;
    return `| ${code(flag)} | ${code(cell(writeValue(s, s.default)))} | ${cell(s.help)} |`;
  });
  return `| flag | default | what it does |\n|---|---|---|\n${rows.join('\n')}\n`;
}

const BEGIN = '<!-- flags: made by `make docs` -->\n';
const END = '<!-- end of flags -->';

/** A page whose part between the two marks is the table of flags. Throws where it has no marks. */
export function withFlags(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('the page has no marks around its flags');
  return page.slice(0, begin + BEGIN.length) + flagTable() + page.slice(end);
}
