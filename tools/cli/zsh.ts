/** Completion for zsh. */
import type { CommandInfo, FlagInfo } from './commands.ts';

/** An autoloaded function file. */
export function zsh(commands: readonly CommandInfo[]): string {
  const tops = [...new Set(commands.map((c) => c.path[0] ?? ''))];
  const standard = commands.find((c) => c.isDefault);
  return `#compdef edgegauge
# zsh completion of edgegauge, made from its commands and flags

${tops.map((top) => functionsOf(top, commands)).join('\n')}
_edgegauge() {
  local -a commands=(
${tops.map((top) => `    ${quote(`${top}:${describe(top, commands)}`)}`).join('\n')}
  )
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    _describe command commands
  elif (($+functions[_edgegauge_$words[2]])); then
    local name=$words[2]
    shift words
    ((CURRENT--))
    _edgegauge_$name
  else
    _edgegauge_${standard?.path[0] ?? 'serve'}
  fi
}

_edgegauge "$@"
`;
}

function describe(top: string, commands: readonly CommandInfo[]): string {
  const own = commands.filter((c) => c.path[0] === top);
  return own.length === 1 ? (own[0]?.description ?? '') : own.map((c) => c.path[1]).join(', ');
}

function functionsOf(top: string, commands: readonly CommandInfo[]): string {
  const own = commands.filter((c) => c.path[0] === top);
  const [only] = own;
  if (only !== undefined && only.path.length === 1) return definition(`_edgegauge_${top}`, only);
  const subs = own.map((c) => quote(`${c.path[1]}:${c.description}`)).join(' ');
  const inner = own.map((c) => definition(`_edgegauge_${top}_${c.path[1]}`, c)).join('\n');
  return `${inner}
_edgegauge_${top}() {
  local -a subcommands=(${subs})
  if ((CURRENT == 2)); then
    _describe command subcommands
  else
    local name=$words[2]
    shift words
    ((CURRENT--))
    (($+functions[_edgegauge_${top}_$name])) && _edgegauge_${top}_$name
  fi
}
`;
}

function definition(name: string, { flags, args }: CommandInfo): string {
  const specs = flags.map(spec);
  if (args.some((arg) => /file/.test(arg))) specs.push(quote('*:file:_files'));
  return `${name}() {\n  _arguments \\\n${specs.map((s) => `    ${s}`).join(' \\\n')}\n}\n`;
}

function spec({ flag, help, value, of, file }: FlagInfo): string {
  const text = help.replace(/[[\]\\]/g, '\\$&');
  if (value === undefined) return quote(`${flag}[${text}]`);
  const action = of.length > 0 ? `(${of.join(' ')})` : file ? '_files' : ' ';
  return quote(`*${flag}=[${text}]:${value}:${action}`);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
