/** What the command line offers: the one table behind parsing, help, completions and documentation. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  /** Name of its value in help; without one it is a switch. */
  readonly value?: string;
  /** The value may be left out. */
  readonly optional?: boolean;
  /** Each time that it is given counts. */
  readonly many?: boolean;
  readonly choices?: readonly string[];
  /** What completions offer for the value. */
  readonly completes?: 'files' | 'directories' | 'rules';
  readonly says: string;
}

export interface Example {
  readonly line: string;
  readonly says: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** As in the usage line. */
  readonly operands: string;
  readonly completes?: 'files' | 'rules' | readonly string[];
  readonly about?: string;
  readonly options: readonly Option[];
  readonly examples: readonly Example[];
}

export const formats = ['pretty', 'line', 'json'] as const;
export const thresholds = ['error', 'warning', 'info', 'never'] as const;
export const colours = ['auto', 'always', 'never'] as const;

export const help: Option = { name: 'help', short: 'h', says: 'print this help' };
const version: Option = { name: 'version', short: 'V', says: 'print the version' };

export const checkCommand: Command = {
  name: 'check',
  summary: 'check Dockerfiles against the guide, and fix them',
  operands: '[PATH…]',
  completes: 'files',
  about:
    'A PATH is a file, a directory to look for Dockerfiles in, or - for standard input; default: the current directory.\n' +
    'Nothing is written without --fix. Exit status: 0 nothing to do, 1 diagnostics remain, 2 something could not be done.',
  options: [
    { name: 'fix', says: 'apply safe fixes' },
    { name: 'unsafe-fixes', says: 'with --fix or --diff: the other fixes too' },
    { name: 'diff', says: 'print what --fix would change as a patch, write nothing' },
    { name: 'format', value: 'FORMAT', choices: formats, says: 'how to tell it (default: pretty)' },
    { name: 'fail-on', value: 'LEVEL', choices: thresholds, says: 'exit with 1 from this level on (default: warning)' },
    { name: 'only', value: 'RULE,…', completes: 'rules', says: 'ask only these rules' },
    { name: 'off', value: 'RULE,…', completes: 'rules', says: 'leave these rules out' },
    { name: 'changed', value: 'REF', optional: true, says: 'only files changed since REF (default: the last commit)' },
    { name: 'target', value: 'STAGE', says: 'the stage that is built (default: the last)' },
    {
      name: 'context',
      value: 'DIR',
      completes: 'directories',
      says: 'the build context (default: where the file is, or above it)',
    },
    { name: 'stdin-filename', value: 'PATH', completes: 'files', says: 'the name of what comes on standard input' },
    {
      name: 'jobs',
      short: 'j',
      value: 'N',
      says: 'threads that share many files (default: one a processor, at most 8)',
    },
    { name: 'quiet', short: 'q', says: 'diagnostics only: no checklist, no summary' },
    { name: 'color', value: 'WHEN', choices: colours, says: 'colour the output (default: auto)' },
    help,
    version,
  ],
  examples: [
    { line: 'layerwise', says: 'check every Dockerfile below the current directory' },
    { line: 'layerwise check Dockerfile --fix', says: 'mend what is safe to mend' },
    { line: 'layerwise check --diff | git apply', says: 'look at the patch first, or send it elsewhere' },
    { line: 'layerwise check --changed=main --format line', says: 'in CI: only what a branch touches' },
    { line: 'layerwise check - --stdin-filename app/Dockerfile < Dockerfile', says: 'in an editor' },
  ],
};

/** Verbs that messages speak of and that are not built yet. */
export const plannedVerbs: readonly string[] = ['adopt', 'init', 'pin'];

/** Names of all verbs. Their tables are loaded when one of them is called. */
export const verbNames: readonly string[] = ['check', 'context', 'replay', 'prove', 'explain', 'rules', 'completions'];
