import type { Span } from '../../vocabulary/index.ts';
import type { SpanMap } from '../text/index.ts';

/**
 * The shell that reads a script. `sh` is a POSIX shell of unknown make (dash, ash, bash as sh); the library reads all of
 * `sh ash dash bash`; everything else is opaque.
 */
export type ShellKind = 'sh' | 'ash' | 'dash' | 'bash' | 'other';

export interface Shell {
  readonly kind: ShellKind;
  /** Options set before the script starts: from SHELL [..., "-eo", "pipefail", "-c"]. */
  readonly errexit: boolean;
  readonly pipefail: boolean;
}

/**
 * What in a word the shell replaces before the program sees it. `dollar-quote`: `$'…'` and `$"…"`, where some shells
 * keep the dollar.
 */
export type Expansion = 'variable' | 'substitution' | 'glob' | 'brace' | 'tilde' | 'array' | 'dollar-quote';

export interface ShellWord {
  /** As written, joined (continuations removed). */
  readonly text: string;
  /** In the file. */
  readonly span: Span;
  /** The word's value when nothing in it expands; undefined when it holds a variable, substitution, glob, brace list or `~`. */
  readonly value: string | undefined;
  /** The text with its quoting removed; what expands stands as written: `/tmp/$X`, `~/.npm`, `*.deb`. */
  readonly unquoted: string;
  /** What expands in it, each kind once; empty exactly when `value` is known. */
  readonly expansions: readonly Expansion[];
  /** Literal text before the first expansion: `/tmp/` of `/tmp/$X`. Equals `value` when that is known. */
  readonly prefix: string;
  /** Variables it names: `X` of `$X`, `${X:-1}`. */
  readonly variables: readonly string[];
  /** True when its text in the file is interrupted by a continuation or a comment. */
  readonly broken: boolean;
}

export interface ShellAssignment {
  readonly name: string;
  /** Undefined for an array. */
  readonly value: ShellWord | undefined;
  /** `name+=value`. */
  readonly append: boolean;
  readonly span: Span;
}

export interface ShellRedirect {
  readonly operator: string;
  readonly fd: number | undefined;
  /** The file, the descriptor number, or a here-document's delimiter. */
  readonly target: ShellWord | undefined;
  /** A here-document's body. */
  readonly body: Span | undefined;
  readonly span: Span;
}

export type OperatorText = '&&' | '||' | '|' | '|&' | ';' | '&' | '\n';

export interface Operator {
  readonly text: OperatorText;
  readonly span: Span;
}

/** Why a command may not run, or may run without deciding the script's result, outermost first. */
export type Nesting =
  | 'subshell'
  | 'group'
  | 'if-test'
  | 'if-branch'
  | 'loop-test'
  | 'loop-body'
  | 'case-branch'
  | 'function-body'
  | 'substitution'
  | 'background'
  | 'negated'
  | 'sh -c';

/** A simple command: a program with its arguments. */
export interface ShellCommand {
  /** Position among `Script.commands`. */
  readonly index: number;
  /** From its first assignment or word to its last word or redirection. */
  readonly span: Span;
  /** All words as written, assignments and redirections apart. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /**
   * Name of the program that does the work: wrappers (`env`, `sudo`, `exec`, `command`, `nice`, `time`, `gosu u`, …) and the
   * directory are removed. Undefined when it is not static or when there is none.
   */
  readonly program: string | undefined;
  /** The word that `program` was read from. */
  readonly programWord: ShellWord | undefined;
  /** Words after the program word. */
  readonly args: readonly ShellWord[];
  readonly wrappers: readonly string[];
  readonly nesting: readonly Nesting[];
  /** The and-or list it stands in, and its place there. */
  readonly list: CommandList;
  readonly pipeline: Pipeline;
  /** Place in the pipeline, from 0. */
  readonly stage: number;
  /** It is reached whenever the script starts and nothing before it fails: no branch, loop, function, `||` right side. */
  readonly certain: boolean;
  /** Its failure fails the script: no `|| true`, not a left side of a pipe without pipefail, no `;` after it without errexit, not negated. */
  readonly decisive: boolean;
}

/** `a | b | c`; one command makes a pipeline of one. Commands that are no simple commands (if, loops) count with an empty list. */
export interface Pipeline {
  readonly span: Span;
  readonly negated: boolean;
  /** Indices into `Script.commands` of the simple commands directly in it, in order; compound members are left out. */
  readonly commands: readonly number[];
  readonly length: number;
  readonly operators: readonly Operator[];
}

/** `a && b || c`, up to a `;`, `&` or newline. */
export interface CommandList {
  readonly span: Span;
  readonly pipelines: readonly Pipeline[];
  /** Between pipelines: one less than those. */
  readonly operators: readonly Operator[];
  /** What ends it: `;`, `&`, newline; undefined at the end of the script or block. */
  readonly terminator: Operator | undefined;
  /** Nesting depth of its block; 0 is the script's top level. */
  readonly depth: number;
}

/** A shell script with places in the file. */
export interface Script {
  readonly map: SpanMap;
  readonly shell: Shell;
  /** Every simple command, in source order, those in substitutions and `sh -c` strings included. */
  readonly commands: readonly ShellCommand[];
  /** And-or lists at top level, in order. */
  readonly lists: readonly CommandList[];
  /** Every list operator, pipe and separator at any depth. */
  readonly operators: readonly Operator[];
  /** `set -e` and `set -o pipefail` in force from the start or from the first command on. */
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** Why nothing can be said about it: another shell, a syntax error, too large, bash syntax under sh. `commands` is then empty. */
  readonly opaque: string | undefined;
  /** Some part could not be read (an `eval`, a dynamic program name, an `sh -c` with variables): other commands may run. */
  readonly partial: boolean;
}

/** What a program reads or writes that later commands can notice. */
export type State =
  | 'apt-lists' // /var/lib/apt/lists
  | 'apt-archives' // /var/cache/apt
  | 'apk-index' // /var/cache/apk, /lib/apk/db index
  | 'dnf-cache'
  | 'yum-cache'
  | 'zypper-cache'
  | 'pacman-cache'
  | 'pip-cache'
  | 'npm-cache'
  | 'yarn-cache'
  | 'pnpm-store'
  | 'bun-cache'
  | 'go-mod-cache'
  | 'go-build-cache'
  | 'gem-cache'
  | 'composer-cache'
  | 'cargo-registry'
  | 'uv-cache'
  | 'poetry-cache'
  | 'conda-pkgs'
  | 'maven-repository'
  | 'gradle-cache'
  | 'users' // /etc/passwd
  | 'packages' // what the OS package manager has installed
  | 'files';

export type Action =
  | 'update-index'
  | 'install'
  | 'upgrade'
  | 'remove'
  | 'clean'
  | 'download'
  | 'extract'
  | 'build'
  | 'run'
  | 'create-user'
  | 'create-group'
  | 'change-owner'
  | 'change-mode'
  | 'delete'
  | 'test'
  | 'query'
  | 'other';

export interface ProgramOption {
  /** As the tables name it: the long form where there is one (`--yes`, `--no-install-recommends`); else as written. */
  readonly name: string;
  /** As written, without its value: `-y`, `--yes`; for a cluster like `-qy` the whole word. */
  readonly written: string;
  readonly value: ShellWord | undefined;
  readonly word: ShellWord;
}

export interface Package {
  readonly name: string;
  /** `1.2.3` of `curl=1.2.3`, `flask==1.2.3`, `express@4`; with its operator for pip (`==1.2.3`, `>=2`). */
  readonly version: string | undefined;
  /** `registry`: by name; `file`: a path or archive; `url`: an address; `requirements`: a file that lists packages. */
  readonly source: 'registry' | 'file' | 'url' | 'requirements' | 'project';
  readonly word: ShellWord;
}

/** What the tables know of one command line. */
export interface Invocation {
  /** Canonical: `apt-get`, `pip` (also for pip3 and python -m pip), … */
  readonly program: string;
  readonly subcommand: string | undefined;
  readonly subcommandWord: ShellWord | undefined;
  readonly action: Action;
  readonly options: readonly ProgramOption[];
  readonly operands: readonly ShellWord[];
  readonly packages: readonly Package[];
  readonly reads: readonly State[];
  readonly writes: readonly State[];
  /** State that it empties: `apt-get clean`, `rm -rf /var/lib/apt/lists/*`. */
  readonly clears: readonly State[];
  /** Addresses that it downloads. */
  readonly urls: readonly ShellWord[];
  /** Where it writes, when it says: `-o FILE`, `-P DIR`, `-C DIR`, redirect targets. */
  readonly outputs: readonly ShellWord[];
  /** False when a word is dynamic or an option is not in the table: the lists may lack something. */
  readonly complete: boolean;
}
