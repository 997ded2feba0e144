/** What the parser of command lines says: its help, and its errors in the words of this program. */
import type { Command, Option } from 'commander';
import { nearest } from '../config/nearest.ts';

/** Makes a command with the flags of all settings say how its switches are written, and what a mistyped flag meant. */
export function explainFlags(command: Command): void {
  command
    .showSuggestionAfterError(false)
    .configureHelp({ optionTerm: (option) => term(command, option) })
    .configureOutput({
      outputError: (text, write) => write(inOwnName(text.trimEnd() + hint(command, text))),
    });
}

/** `error: …` as every other error here is told. */
export const inOwnName = (text: string): string =>
  `${text.trimEnd().replace(/^error: /, 'edgegauge: ')}\n`;

/** Why the first word of a command line is no command; undefined where it is one, or a flag. */
export function unknownCommand(root: Command, args: readonly string[]): string | undefined {
  const known = ['help', ...root.commands.map((command) => command.name())];
  const [first, second] = args;
  const name = first === 'help' ? second : first;
  if (name === undefined || name.startsWith('-') || known.includes(name)) return undefined;
  const meant = nearest(name, known);
  const said = meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `there is no command "${name}"; ${said}`;
}

/** A switch is shown with its opposite. */
function term(command: Command, { flags, long }: Option): string {
  const off = long?.replace(/^--/, '--no-');
  const both = command.options.some((other) => other.long === off);
  return both ? flags.replace('--', '--[no-]') : flags;
}

/** What `unknown option '--x=value'` was meant to be. */
function hint(command: Command, text: string): string {
  const [, flag, value] = /^error: unknown option '(-[^=']*)(=[^']*)?'/.exec(text) ?? [];
  if (flag === undefined) return '';
  const flags = command.options.flatMap(({ long }) => long ?? []);
  if (value !== undefined && flags.includes(flag)) {
    const bare = flag.replace(/^--(?:no-)?/, '');
    return `; it takes no value: write --${bare} or --no-${bare}`;
  }
  const meant = nearest(flag, flags);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
