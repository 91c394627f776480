import type { Parsed, UsageError } from './parse.ts';

export interface ReplayRun {
  readonly context: string;
  readonly commits: number;
  readonly file: string | undefined;
  /** Compared with the Dockerfile as it is. */
  readonly against: string | undefined;
  readonly fixing: 'no' | 'safe' | 'unsafe';
  readonly target: string | undefined;
  readonly policy: 'previous' | 'ever';
  readonly varying: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly format: 'pretty' | 'json' | 'html';
  readonly colour: string | undefined;
}

/** What the options of `replay` mean together. */
export function replayRun(
  { values, operands, lists = {} }: Parsed,
  env: Readonly<Record<string, string | undefined>>,
): ReplayRun | UsageError {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const [context = '.', ...more] = operands;
  if (more.length > 0) return { usage: 'replay takes one directory', help: 'name a Dockerfile elsewhere with --file' };
  const commits = text('commits') ?? '200';
  if (!/^[1-9]\d{0,5}$/.test(commits))
    return { usage: `--commits cannot be ${commits}`, help: 'a number from 1 to 999999' };
  if (values['unsafe-fixes'] && !values.fix)
    return { usage: '--unsafe-fixes changes nothing by itself', help: 'add --fix to compare with them too' };
  if (values.fix && values.against !== undefined)
    return { usage: '--fix and --against both say what to compare with', help: 'leave one of them out' };
  const buildArgs: Record<string, string> = {};
  for (const given of lists['build-arg'] ?? []) {
    const equals = given.indexOf('=');
    const name = equals < 0 ? given : given.slice(0, equals);
    const value = equals < 0 ? env[name] : given.slice(equals + 1);
    if (value !== undefined) buildArgs[name] = value;
  }
  return {
    context,
    commits: Number(commits),
    file: text('file'),
    against: text('against'),
    fixing: values['unsafe-fixes'] ? 'unsafe' : values.fix ? 'safe' : 'no',
    target: text('target'),
    policy: (text('policy') ?? 'previous') as ReplayRun['policy'],
    varying: lists.varies ?? [],
    buildArgs,
    format: (text('format') ?? 'pretty') as ReplayRun['format'],
    colour: text('color'),
  };
}
