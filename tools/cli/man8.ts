/** edgegauge(8): commands, flags, what is served, files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandInfo, commands, type FlagInfo } from './commands.ts';
import { bold, type Header, header, italic, item, plain } from './roff.ts';

const PAGE = join(import.meta.dir, '../../packaging/man/edgegauge.8');

/** The page in packaging/man with commands and flags in the places that it keeps for them. */
export function man8(about: Omit<Header, 'name' | 'section'>): string {
  const all = commands();
  const serve = all.find((c) => c.isDefault);
  const text = readFileSync(PAGE, 'utf8')
    .replace('@HEADER@\n', () => header({ ...about, name: 'edgegauge', section: 8 }))
    .replace('@SYNOPSIS@\n', () => all.map(usage).join('.br\n'))
    .replace('@COMMANDS@\n', () => all.map((c) => command(c, serve?.flags ?? [])).join(''))
    .replace('@FLAGS@\n', () => (serve?.flags ?? []).map(flag).join(''));
  if (/@[A-Z]+@/.test(text)) throw new Error(`${PAGE} has a place that nothing goes to`);
  return text;
}

function usage({ path, args, isDefault, flags }: CommandInfo): string {
  const words = isDefault ? `[${path.join(' ')}]` : path.join(' ');
  const rest = args.map(italic);
  if (flags.length > 1) rest.unshift(plain('[flags]'));
  return `${[bold('edgegauge'), bold(words), ...rest].join(' ')}\n`;
}

/** Its own flags; those of the settings are told once. One of the same name may mean something else here. */
function command(
  { path, args, description, flags }: CommandInfo,
  known: readonly FlagInfo[],
): string {
  const told = new Map(known.map((f) => [f.flag, f.help]));
  const own = flags.filter((f) => told.get(f.flag) !== f.help);
  const tag = [bold(path.join(' ')), ...args.map(italic)].join(' ');
  const head = item(tag, `${description.charAt(0).toUpperCase()}${description.slice(1)}.`);
  if (own.length === 0) return head;
  return `${head}.RS\n${own.map(flag).join('')}.RE\n`;
}

function flag({ flag: name, value, help }: FlagInfo): string {
  const tag = value === undefined ? bold(name) : `${bold(`${name}=`)}${italic(value)}`;
  return item(tag, help);
}
