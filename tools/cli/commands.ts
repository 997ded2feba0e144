/** The command line as data: what completions and man pages are made of. */
import type { Command, Option } from 'commander';
import { program } from '../../src/cli/program.ts';
import { SETTINGS } from '../../src/config/settings.ts';

export interface FlagInfo {
  /** With its dashes. */
  readonly flag: string;
  readonly help: string;
  /** What stands for its value in a usage line; undefined where it has none. */
  readonly value: string | undefined;
  /** Values it may have, where these are few. */
  readonly of: readonly string[];
  /** Its value names a file. */
  readonly file: boolean;
}

export interface CommandInfo {
  /** Words that name it: `['fleet', 'install']`. */
  readonly path: readonly string[];
  readonly description: string;
  /** Its arguments as in a usage line: `<file>`, `[host...]`. */
  readonly args: readonly string[];
  readonly flags: readonly FlagInfo[];
  /** The command of a command line that names none. */
  readonly isDefault: boolean;
}

/** Of every command that does something itself, with the flags of settings. */
export function commands(): CommandInfo[] {
  return leaves(program(''), []).map(({ path }) => {
    const [name = ''] = path;
    // Flags of settings are only there for the command that is asked for.
    const tree = program(name);
    const command = leaves(tree, []).find((l) => same(l.path, path))?.command ?? tree;
    const flags = command.options.filter((o) => !o.hidden).map(info);
    return {
      path,
      description: command.description(),
      args: command.registeredArguments.map((a) => {
        const rest = a.variadic ? `${a.name()}...` : a.name();
        return a.required ? `<${rest}>` : `[${rest}]`;
      }),
      flags: [...flags, HELP],
      isDefault: path.length === 1 && name === 'serve',
    };
  });
}

const HELP: FlagInfo = {
  flag: '--help',
  help: 'Say how it is used.',
  value: undefined,
  of: [],
  file: false,
};

interface Leaf {
  readonly path: readonly string[];
  readonly command: Command;
}

function leaves(command: Command, path: readonly string[]): Leaf[] {
  return command.commands.flatMap((sub) => {
    const at = [...path, sub.name()];
    return sub.commands.length > 0 ? leaves(sub, at) : [{ path: at, command: sub }];
  });
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ');

const NAMES_FILE = /[.-](file|directory|library)$|^--path\./;

/** A switch that is on is shown by what switches it off. */
function info(option: Option): FlagInfo {
  const flag = option.long ?? option.short ?? '';
  const setting = SETTINGS.find((s) => `--${s.flag}` === flag);
  const value = /[<[](.+?)[>\]]$/.exec(option.flags)?.[1];
  const off = setting?.kind === 'boolean' && setting.default === true;
  return {
    flag: off ? `--no-${setting.flag}` : flag,
    help: off ? `Off: ${setting.help}` : option.description,
    value,
    of: setting?.of ?? option.argChoices ?? [],
    file: value !== undefined && NAMES_FILE.test(flag),
  };
}
