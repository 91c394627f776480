import type { Rule } from '../core/rules/define.ts';
import type { Command, Option } from './commands.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import type { Io } from './io.ts';
import type { Parsed } from './parse.ts';
import { commands, shells } from './verbs.ts';

/** `layerwise completions`. */
export function completions({ operands }: Parsed, io: Io, rules: readonly Rule[]): ExitStatus {
  const [shell, ...more] = operands;
  const scripts = { bash, zsh, fish };
  if (shell === undefined || more.length > 0 || !Object.hasOwn(scripts, shell)) {
    return usageError(io, 'completions', {
      usage: 'completions takes one shell',
      help: `choose from ${shells.join(', ')}`,
    });
  }
  const ids = rules.map(({ id }) => id);
  io.out.write(scripts[shell as keyof typeof scripts](ids));
  return exit.clean;
}

const verbs = commands.map(({ name }) => name);

/** Words that may stand for an option's value; files and directories are left to the shell. */
function valueWords(option: Option, ids: readonly string[]): readonly string[] | undefined {
  return option.choices ?? (option.completes === 'rules' ? ids : undefined);
}

function operandWords(command: Command, ids: readonly string[]): readonly string[] {
  if (command.completes === 'rules') return ids;
  return command.completes === undefined || command.completes === 'files' ? [] : command.completes;
}

function bash(ids: readonly string[]): string {
  const values = (command: Command) =>
    command.options
      .filter(({ value, optional }) => value !== undefined && !optional)
      .map((option) => {
        const words = valueWords(option, ids);
        const reply = words
          ? `COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur"))`
          : option.completes === 'directories'
            ? 'COMPREPLY=($(compgen -d -- "$cur"))'
            : option.completes === 'files'
              ? 'COMPREPLY=($(compgen -f -- "$cur"))'
              : 'COMPREPLY=()';
        return `        --${option.name}) ${reply}; return ;;\n`;
      })
      .join('');
  const cases = commands
    .map((command) => {
      const names = command.options.map(({ name }) => `--${name}`).join(' ');
      const words = [...operandWords(command, ids), ...(command.name === 'check' ? verbs : [])].join(' ');
      return `    ${command.name})
      case $prev in
${values(command)}      esac
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "${names}" -- "$cur"))
      else COMPREPLY=($(compgen ${command.completes === 'files' ? '-f ' : ''}-W "${words}" -- "$cur")); fi ;;
`;
    })
    .join('');
  return `_layerwise() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb=check
  case \${COMP_WORDS[1]} in ${verbs.join('|')}) [[ $COMP_CWORD -gt 1 ]] && verb=\${COMP_WORDS[1]} ;; esac
  case $verb in
${cases}  esac
}
complete -o filenames -F _layerwise layerwise
`;
}

function zsh(ids: readonly string[]): string {
  const action = (option: Option) => {
    const words = valueWords(option, ids);
    if (words) return `(${words.join(' ')})`;
    return option.completes === 'directories' ? '_files -/' : option.completes === 'files' ? '_files' : ' ';
  };
  const quote = (text: string) => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, '\\$&');
  const spec = (option: Option) => {
    const { name, value, optional, says } = option;
    const takes = value === undefined ? '' : `:${value}:${action(option)}`;
    return `'--${name}${value === undefined ? '' : optional ? '=-' : '='}[${quote(says)}]${optional ? `:${takes}` : takes}'`;
  };
  const cases = commands
    .map((command) => {
      const words = operandWords(command, ids);
      const operands =
        command.completes === 'files' ? "'*:path:_files'" : words.length > 0 ? `'1:word:(${words.join(' ')})'` : '';
      return `    ${command.name}) _arguments ${[...command.options.map(spec), operands].join(' ').trimEnd()} ;;\n`;
    })
    .join('');
  return `#compdef layerwise
_layerwise() {
  local verb=check
  if (( CURRENT > 2 )) && [[ \${words[2]} == (${verbs.join('|')}) ]]; then
    verb=\${words[2]}
    shift words
    (( CURRENT-- ))
  elif (( CURRENT == 2 )); then
    local -a verbs=(${commands.map(({ name, summary }) => `'${name}:${quote(summary)}'`).join(' ')})
    _describe verb verbs
  fi
  case $verb in
${cases}  esac
}
if [ "$funcstack[1]" = _layerwise ]; then _layerwise "$@"; else compdef _layerwise layerwise; fi
`;
}

function fish(ids: readonly string[]): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = [
    `set -l verbs ${verbs.join(' ')}`,
    ...commands.map(
      ({ name, summary }) =>
        `complete -c layerwise -n "not __fish_seen_subcommand_from $verbs" -a ${name} -d ${quote(summary)}`,
    ),
  ];
  for (const command of commands) {
    const others = verbs.filter((verb) => verb !== command.name).join(' ');
    const when =
      command.name === 'check'
        ? `"not __fish_seen_subcommand_from ${others}"`
        : `"__fish_seen_subcommand_from ${command.name}"`;
    for (const option of command.options) {
      const words = valueWords(option, ids);
      const value =
        option.value === undefined || option.optional
          ? ''
          : words
            ? ` -x -a ${quote(words.join(' '))}`
            : option.completes === undefined
              ? ' -x'
              : option.completes === 'directories'
                ? " -x -a '(__fish_complete_directories)'"
                : ' -r';
      const short = option.short === undefined ? '' : ` -s ${option.short}`;
      lines.push(`complete -c layerwise -n ${when} -l ${option.name}${short}${value} -d ${quote(option.says)}`);
    }
    const operands = operandWords(command, ids);
    if (operands.length > 0) lines.push(`complete -c layerwise -n ${when} -f -a ${quote(operands.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}
