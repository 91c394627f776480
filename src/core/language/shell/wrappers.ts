import { type OptionList, POSIX, parseArguments } from './programs/arguments.ts';
import { shellOptions } from './shells.ts';
import type { Shell, ShellKind, ShellWord } from './types.ts';

/** A program that runs another one, given as its arguments. */
interface Wrapper {
  readonly options: OptionList;
  /** Operands of its own that come before the program: a user, a directory, a duration. */
  readonly operands?: number;
  /** `A=b` may come before the program. */
  readonly assignments?: boolean;
  /** An option with which it does something else than running a program. */
  readonly not?: readonly string[];
}

const SU_EXEC: Wrapper = { options: '', operands: 1 };

/** What runs another program or script: wrappers, and shells by kind (`foreign`: its `-c` string is not read). */
const RUNNERS: Readonly<Record<string, Wrapper | ShellKind | 'foreign'>> = {
  builtin: { options: '' },
  busybox: { options: '--install; --list; --help; -s', not: ['--install', '--list', '--help'] },
  chroot: { options: '--userspec=; --groups=; --skip-chdir', operands: 1 },
  command: { options: '-p; -v; -V', not: ['-v', '-V'] },
  doas: { options: '-u=; -C=; -a=; -n; -s; -L', not: ['-s', '-L'] },
  'dumb-init': { options: '-c --single-child; -r= --rewrite=; -v --verbose' },
  eatmydata: { options: '' },
  env: {
    options: '-i --ignore-environment; -u= --unset=; -C= --chdir=; -0 --null; -v --debug; -S= --split-string=',
    assignments: true,
    not: ['--split-string'],
  },
  exec: { options: '-a=; -c; -l' },
  fakeroot: { options: '-s=; -i=; -u; -b=; -l=; -f=' },
  gosu: SU_EXEC,
  ionice: { options: '-c= --class=; -n= --classdata=; -t --ignore; -p= --pid=', not: ['--pid'] },
  nice: { options: '-n= --adjustment=; -#' },
  nohup: { options: '' },
  runuser: {
    options:
      '-u= --user=; -g= --group=; -G= --supp-group=; -l --login; -c= --command=; -s= --shell=; -m -p --preserve-environment',
    not: ['--command', '--login'],
  },
  setpriv: {
    options:
      '--reuid=; --regid=; --groups=; --clear-groups; --keep-groups; --init-groups; --inh-caps=; --ambient-caps=; ' +
      '--bounding-set=; --securebits=; --no-new-privs; --nnp; --reset-env; --pdeathsig=; -d --dump',
    not: ['--dump'],
  },
  setsid: { options: '-c --ctty; -f --fork; -w --wait' },
  stdbuf: { options: '-i= --input=; -o= --output=; -e= --error=' },
  'su-exec': SU_EXEC,
  sudo: {
    options:
      '-u= --user=; -g= --group=; -h= --host=; -p= --prompt=; -C= --close-from=; -r= --role=; -t= --type=; -T= --command-timeout=; ' +
      '-U= --other-user=; -D= --chdir=; -R= --chroot=; -E --preserve-env=?; -H --set-home; -n --non-interactive; -S --stdin; -b --background; ' +
      '-i --login; -s --shell; -A --askpass; -P --preserve-groups; -k --reset-timestamp; -K --remove-timestamp; -l --list; -v --validate; -V --version; -e --edit',
    assignments: true,
    not: ['--list', '--validate', '--version', '--edit', '--remove-timestamp'],
  },
  time: { options: '-p --portability; -f= --format=; -o= --output=; -a --append; -v --verbose; -q --quiet' },
  timeout: {
    options: '-s= --signal=; -k= --kill-after=; -v --verbose; -f --foreground; -p --preserve-status',
    operands: 1,
  },
  tini: { options: '-s; -g; -v; -w; -p=; -e=; -l; -h; --version', not: ['--version'] },
  ash: 'ash',
  bash: 'bash',
  csh: 'foreign',
  dash: 'dash',
  fish: 'foreign',
  ksh: 'foreign',
  mksh: 'foreign',
  powershell: 'foreign',
  pwsh: 'foreign',
  sh: 'sh',
  su: { options: '' },
  tcsh: 'foreign',
  zsh: 'foreign',
  xargs: {
    options:
      '-0 --null; -a= --arg-file=; -d= --delimiter=; -E=; -e=?; --eof=?; -I=; -i=? --replace=?; -L= --max-lines=?; -l=?; -n= --max-args=; ' +
      '-P= --max-procs=; -s= --max-chars=; -r --no-run-if-empty; -t --verbose; -p --interactive; -x --exit; -o --open-tty',
  },
  'xvfb-run': {
    options:
      '-a --auto-servernum; -n= --server-num=; -s= --server-args=; -e= --error-file=; -f= --auth-file=; -l --listen-tcp; -w= --wait=',
  },
};

/** The word that holds a script, and the shell that will read it. */
export interface ScriptWord {
  readonly index: number;
  readonly shell: Shell;
}

/** What a command's words come to when the programs that only run another program are taken off. */
export interface Unwrapped {
  /** Index of the program's word; the number of words when there is none. */
  readonly at: number;
  readonly program: string | undefined;
  readonly wrappers: readonly string[];
  readonly script: ScriptWord | 'unreadable' | undefined;
}

const NONE: readonly never[] = [];

/** More wrappers around one program than anybody writes: the time to take them off grows with their number. */
const MAX_WRAPPERS = 20;

/**
 * The name of the program that a word names: its last path component, as long as that is static. `$VENV/bin/pip` is pip
 * wherever VENV points.
 */
export function programName(word: ShellWord): string | undefined {
  const path = word.value ?? word.unquoted;
  const slash = path.lastIndexOf('/');
  if (word.value !== undefined) return path.slice(slash + 1) || undefined;
  if (slash === -1 || word.expansions.includes('substitution')) return undefined;
  const name = path.slice(slash + 1);
  return /^[\w.+-]+$/.test(name) ? name : undefined;
}

/** Takes the wrappers off a command. */
export function unwrap(words: readonly ShellWord[]): Unwrapped {
  let at = 0;
  let wrappers: readonly string[] = NONE;
  for (;;) {
    const word = words[at];
    const program = word && programName(word);
    const runner = program !== undefined && Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
    if (program === undefined || runner === undefined) return { at, program, wrappers, script: undefined };
    if (typeof runner === 'string') return { at, program, wrappers, script: shellScript(words, at, runner) };
    const script = program === 'su' || program === 'runuser' ? suScript(words, at) : undefined;
    const start = script === undefined && program !== 'su' ? wrapped(words, at, runner) : undefined;
    if (start === undefined || wrappers.length === MAX_WRAPPERS) return { at, program, wrappers, script };
    wrappers = [...wrappers, program];
    at = start;
  }
}

/**
 * The words of an exec form from the program on that does the work, as `unwrap` finds it; none when a wrapper has nothing to run.
 */
export function unwrapped(argv: readonly string[]): readonly string[] {
  const words = argv.map(plainWord);
  const { at, program, script } = unwrap(words);
  const wrapper = program !== undefined && Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
  if (wrapper === undefined || typeof wrapper === 'string' || script !== undefined) return argv.slice(at);
  const { first } = parseArguments(words, POSIX, [wrapper.options], { from: at + 1 });
  return first + (words[first]?.text === '--' ? 1 : 0) < words.length ? argv.slice(at) : [];
}

function plainWord(value: string): ShellWord {
  return {
    text: value,
    span: [0, 0],
    value,
    unquoted: value,
    expansions: [],
    prefix: value,
    variables: [],
    broken: false,
  };
}

/** Index of the word that names the wrapped program; undefined when the wrapper does something else, or nothing. */
function wrapped(words: readonly ShellWord[], at: number, wrapper: Wrapper): number | undefined {
  const { options, first } = parseArguments(words, POSIX, [wrapper.options], { from: at + 1 });
  if (wrapper.not !== undefined && options.some(({ name }) => wrapper.not?.includes(name))) return undefined;
  let start = first;
  if (wrapper.assignments === true) while (/^\w+=/.test(words[start]?.unquoted ?? '')) start += 1;
  start += wrapper.operands ?? 0;
  if (words[start]?.text === '--') start += 1;
  return start < words.length ? start : undefined;
}

/** The string after `-c`, or `unreadable` when the shell reads its script from elsewhere than a file. */
function shellScript(
  words: readonly ShellWord[],
  at: number,
  kind: ShellKind | 'foreign',
): ScriptWord | 'unreadable' | undefined {
  const settings: (string | undefined)[] = [];
  let fromString = false;
  let index = at + 1;
  for (; index < words.length; index++) {
    const word = words[index] as ShellWord;
    if (word.value === undefined || !/^[-+]./.test(word.value)) break;
    settings.push(word.value);
    if (word.value === '--') {
      index += 1;
      break;
    }
    if (word.value === '--rcfile' || word.value === '--init-file') index += 1;
    if (word.value.startsWith('--')) continue;
    if (word.value[0] === '-' && word.value.includes('c')) fromString = true;
    if (/[oO]$/.test(word.value)) {
      index += 1;
      settings.push(words[index]?.value);
    }
  }
  if (!fromString) return index < words.length ? undefined : 'unreadable';
  if (kind === 'foreign' || words[index]?.value === undefined) return 'unreadable';
  return { index, shell: { kind, ...shellOptions(settings) } };
}

/** The string of `su USER -c '…'`; undefined without one. */
function suScript(words: readonly ShellWord[], at: number): ScriptWord | 'unreadable' | undefined {
  for (let index = at + 1; index < words.length; index++) {
    const text = words[index]?.unquoted ?? '';
    if (text.startsWith('--command=')) return 'unreadable';
    if (text === '--command' || /^-[a-zA-Z]*c$/.test(text)) {
      const script = words[index + 1];
      if (script === undefined || script.value === undefined) return 'unreadable';
      return { index: index + 1, shell: { kind: 'sh', errexit: false, pipefail: false } };
    }
  }
  return undefined;
}
