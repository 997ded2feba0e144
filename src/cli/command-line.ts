/** Which command a command line names. Flags may stand before it, as users of other exporters write them. */
import { SETTINGS } from '../config/settings.ts';

/** Flags of commands, besides those of the settings, that are followed by a value. */
const MORE_VALUED = ['config.file', 'format'];
/** Answered before any command. */
const OWN = ['--version', '--'];

export interface CommandLine {
  /** The first word that is a command and no flag's value; undefined where there is none. */
  readonly command: string | undefined;
  /** With the command in front. */
  readonly args: readonly string[];
}

/** Reads a command line; `commands` are the names that there are. */
export function commandLine(args: readonly string[], commands: readonly string[]): CommandLine {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (OWN.includes(arg)) break;
    if (arg.startsWith('-')) {
      if (takesNext(arg)) i++;
    } else if (commands.includes(arg)) {
      return { command: arg, args: [arg, ...args.slice(0, i), ...args.slice(i + 1)] };
    } else {
      break;
    }
  }
  return { command: undefined, args };
}

/** Whether the word after this flag is its value. */
function takesNext(flag: string): boolean {
  if (flag.includes('=')) return false;
  const name = flag.slice(2);
  return (
    MORE_VALUED.includes(name) || SETTINGS.some((s) => s.flag === name && s.kind !== 'boolean')
  );
}
