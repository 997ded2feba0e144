/** Completion for fish. */
import type { CommandInfo, FlagInfo } from './commands.ts';

export function fish(commands: readonly CommandInfo[]): string {
  return `# fish completion of edgegauge, made from its commands and flags
# Whether the words so far, without flags, are these.
function __edgegauge_at
    set -l words
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or set -a words $word
    end
    test "$words" = "$argv"; or test (count $argv) -gt 1 -a "$words[1..2]" = "$argv"
end
complete -c edgegauge -f
${words(commands).join('\n')}
${commands.flatMap(own).join('\n')}
`;
}

/** The words of commands, each where the ones before it stand. */
function words(commands: readonly CommandInfo[]): string[] {
  const lines = new Map<string, string>();
  for (const { path, description } of commands) {
    path.forEach((word, i) => {
      const at = path.slice(0, i).join(' ');
      const help = i === path.length - 1 ? ` -d ${quote(description)}` : '';
      lines.set(
        `${at} ${word}`,
        `complete -c edgegauge -n ${quote(`__edgegauge_at ${at}`.trim())} -a ${word}${help}`,
      );
    });
  }
  return [...lines.values()];
}

function own({ path, flags, args, isDefault }: CommandInfo): string[] {
  const at = `__edgegauge_at ${path.join(' ')}`;
  const condition = quote(isDefault ? `${at}; or __edgegauge_at` : at);
  const lines = flags.map((f) => `complete -c edgegauge -n ${condition} ${flag(f)}`);
  if (args.some((arg) => /file/.test(arg))) lines.push(`complete -c edgegauge -n ${condition} -F`);
  return lines;
}

function flag({ flag, help, value, of, file }: FlagInfo): string {
  const name = `-l ${flag.slice(2)} -d ${quote(help)}`;
  if (value === undefined) return name;
  if (of.length > 0) return `${name} -x -a ${quote(of.join(' '))}`;
  return file ? `${name} -r -F` : `${name} -x`;
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
