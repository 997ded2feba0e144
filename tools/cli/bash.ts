/** Completion for bash. */
import type { CommandInfo, FlagInfo } from './commands.ts';

/** Sourced when `edgegauge` is completed for the first time. */
export function bash(commands: readonly CommandInfo[]): string {
  const flags = new Map(commands.flatMap((c) => c.flags).map((f) => [f.flag, f]));
  return `# bash completion of edgegauge, made from its commands and flags
_edgegauge() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag='' at='' i word
  # The shell splits words at =.
  if [[ $cur == '=' ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 1]} cur=''
  elif ((COMP_CWORD > 2)) && [[ \${COMP_WORDS[COMP_CWORD - 1]} == '=' ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]}
  else
    flag=\${COMP_WORDS[COMP_CWORD - 1]}
  fi
  COMPREPLY=()
  case $flag in
${values([...flags.values()])}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$at $word" in
${steps(commands)}
    esac
  done
  case $at in
${commands.map(branch).join('\n')}
${nodes(commands)}
  esac
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
  return 0
}
complete -F _edgegauge edgegauge
`;
}

/** What may stand behind a flag. Flags that are completed alike share a branch. */
function values(flags: readonly FlagInfo[]): string {
  const alike = new Map<string, string[]>();
  for (const { flag, of, file, value } of flags) {
    if (value === undefined) continue;
    const body = of.length > 0 ? `${wordsOf(of.join(' '))};` : file ? `${FILES};` : '';
    alike.set(body, [...(alike.get(body) ?? []), flag]);
  }
  return [...alike]
    .map(([body, names]) =>
      `    ${names.join(' | ')}) ${body} return 0 ;;`.replace('  return', ' return'),
    )
    .join('\n');
}

const FILES = 'compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur"))';

const wordsOf = (words: string): string => `COMPREPLY=($(compgen -W '${words}' -- "$cur"))`;

/** Every beginning of every command's words. */
function steps(commands: readonly CommandInfo[]): string {
  const begun = new Set(
    commands.flatMap(({ path }) => path.map((_, i) => path.slice(0, i + 1).join(' '))),
  );
  return [...begun].map((words) => `      '${spaced(words)}') at='${words}' ;;`).join('\n');
}

/** As "$at $word" reads: a first word has a space before it. */
const spaced = (words: string): string => (words.includes(' ') ? words : ` ${words}`);

const flagWords = (flags: readonly FlagInfo[]): string =>
  flags.map((f) => (f.value === undefined ? f.flag : `${f.flag}=`)).join(' ');

function branch({ path, flags, args }: CommandInfo): string {
  const file = args.some((arg) => /file/.test(arg));
  return `    '${path.join(' ')}')
      if [[ $cur == -* ]]; then ${wordsOf(flagWords(flags))}; else ${file ? FILES : ':'}; fi ;;`;
}

/** Where more words of a command are to come. */
function nodes(commands: readonly CommandInfo[]): string {
  const next = new Map<string, Set<string>>();
  for (const { path } of commands) {
    path.forEach((word, i) => {
      const at = path.slice(0, i).join(' ');
      next.set(at, (next.get(at) ?? new Set()).add(word));
    });
  }
  const flags = flagWords(commands.find((c) => c.isDefault)?.flags ?? []);
  return [...next]
    .map(([at, words]) => {
      const offered = wordsOf([...words].join(' '));
      if (at !== '') return `    '${at}') ${offered} ;;`;
      // More than a hundred flags would hide ten commands.
      return `    '')
      if [[ $cur == -* ]]; then ${wordsOf(`--version ${flags}`)}; else ${offered}; fi ;;`;
    })
    .join('\n');
}
