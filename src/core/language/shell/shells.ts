import type { Shell, ShellKind } from './types.ts';

const KINDS: Readonly<Record<string, ShellKind>> = { sh: 'sh', ash: 'ash', dash: 'dash', bash: 'bash' };

/** `/bin/sh -c`: what reads a RUN where no SHELL instruction and no base image says otherwise. */
export const DEFAULT_SHELL: Shell = { kind: 'sh', errexit: false, pipefail: false };

const OPAQUE: Shell = { kind: 'other', errexit: false, pipefail: false };

/** The file name of a path, of either slash, without `.exe`. */
function programOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  return name.endsWith('.exe') ? name.slice(0, -4) : name;
}

/**
 * The shell that an argument list starts: the SHELL instruction's, or a script's shebang.
 * @param argv e.g. `["/bin/bash", "-o", "pipefail", "-c"]`; powershell, cmd and all that is no Bourne shell are `other`
 */
export function shellOf(argv: readonly string[]): Shell {
  let at = 0;
  let kind = KINDS[programOf(argv[at] ?? '')];
  while (kind === undefined) {
    const program = programOf(argv[at] ?? '');
    if (program === 'env') {
      at += 1;
      while (/^-|^\w+=/.test(argv[at] ?? '')) at += argv[at] === '-u' ? 2 : 1;
    } else if (program === 'busybox') at += 1;
    else return OPAQUE;
    kind = KINDS[programOf(argv[at] ?? '')];
  }
  return { kind, ...shellOptions(argv.slice(at + 1)) };
}

/** `set`'s options in the words of one `set` or of a shell's start; stops at the first word that is no option. */
export function shellOptions(words: readonly (string | undefined)[]): {
  readonly errexit: boolean;
  readonly pipefail: boolean;
} {
  const options = { errexit: false, pipefail: false };
  applyShellOptions(options, words);
  return options;
}

/**
 * Applies the options among `words` (`-e`, `+e`, `-o pipefail`, clusters like `-euxo pipefail`) to `options`.
 * @returns the number of words read as options and their values
 */
export function applyShellOptions(
  options: { errexit: boolean; pipefail: boolean },
  words: readonly (string | undefined)[],
): number {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at];
    if (word === undefined || !/^[-+]./.test(word) || word === '--') break;
    const on = word[0] === '-';
    if (word.startsWith('--')) continue;
    for (const letter of word.slice(1)) {
      if (letter === 'e') options.errexit = on;
      if (letter !== 'o' && letter !== 'O') continue;
      at += 1;
      if (words[at] === 'errexit') options.errexit = on;
      if (words[at] === 'pipefail') options.pipefail = on;
    }
  }
  return at;
}

export interface OpaqueShell {
  readonly opaque: string;
}

/**
 * The shell that reads the body of a RUN's here-document.
 * @returns undefined when the body has no shebang: the stage's shell reads it; an opaque one for another interpreter
 */
export function heredocShell(body: string): Shell | OpaqueShell | undefined {
  if (!body.startsWith('#!')) return undefined;
  const end = body.indexOf('\n');
  const line = body.slice(2, end === -1 ? body.length : end).trim();
  const shell = shellOf(line.split(/[ \t]+/));
  return shell.kind === 'other' ? { opaque: `it is read by ${line || 'no known program'}` } : shell;
}
