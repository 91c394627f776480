import type { CheckInput, CheckOptions, Settings } from '../core/lint/types.ts';
import type { Fact, Failure, FileReport, Path, Unknown } from '../core/vocabulary/index.ts';
import type { FactStore } from '../core/world/facts/index.ts';
import type { Adapters, FactSource } from './adapters.ts';
import { guessedContext } from './guess-context.ts';
import { templateMark } from './template.ts';

/** A path to read, or a text that is there already, such as standard input or an editor's buffer. */
export type Subject = Path | { readonly file: Path; readonly text: string; readonly utf8: boolean };

export interface SessionOptions {
  readonly settings?: Settings;
  /** `shown`: fixed in memory only. `written`: and written. */
  readonly fixing?: 'no' | 'shown' | 'written';
  readonly unsafe?: boolean;
  /** Only fixes of these rules. */
  readonly only?: readonly string[];
  /** Stage to build; default: the last. */
  readonly target?: string;
  /** Build context of every file; default: its own directory, or one above it that holds more of what it copies. */
  readonly context?: Path;
  /** Stops between files: what is begun is finished, so that nothing is written by halves. */
  readonly signal?: { readonly aborted: boolean };
}

export type FileResult = { readonly report: FileReport } | { readonly failure: Failure };

/**
 * Checks files one by one, in order. A file that cannot be checked costs no other its report: it yields a failure.
 * Nothing is kept of a file after it was yielded.
 */
export async function* checkFiles(
  subjects: Iterable<Subject>,
  adapters: Adapters,
  options: SessionOptions = {},
): AsyncGenerator<FileResult, void, undefined> {
  for (const subject of subjects) {
    if (options.signal?.aborted) return;
    yield await checkFile(subject, adapters, options);
  }
}

async function checkFile(subject: Subject, adapters: Adapters, options: SessionOptions): Promise<FileResult> {
  const file = typeof subject === 'string' ? subject : subject.file;
  try {
    const reading = typeof subject === 'string' ? await adapters.files.read(subject) : subject;
    if ('is' in reading) return { failure: reading };
    const template = templateMark(reading.text);
    if (template !== undefined) return { failure: templateFailure(file, template) };
    const input: CheckInput = {
      file,
      text: reading.text,
      utf8: reading.utf8,
      ...(options.context === undefined ? {} : { context: options.context }),
      ...(options.target === undefined ? {} : { target: options.target }),
    };
    if (options.context !== undefined) return await lint(input, adapters, options);
    const context = await guessedContext(input, adapters.facts);
    if (context === undefined) return await lint(input, adapters, options);
    const result = await lint({ ...input, context }, adapters, options);
    return 'failure' in result ? result : { report: { ...result.report, context: context === '' ? '.' : context } };
  } catch (error) {
    return { failure: bug(file, error) };
  }
}

async function lint(input: CheckInput, adapters: Adapters, options: SessionOptions, again = true): Promise<FileResult> {
  const { linter, facts, files } = adapters;
  const settings = options.settings === undefined ? {} : { settings: options.settings };
  if ((options.fixing ?? 'no') === 'no') {
    const { report } = await inRounds((known) => linter.check(input, { ...settings, ...known }), facts);
    const failure = unchecked(input, report);
    return failure === undefined ? { report } : { failure };
  }

  const which = {
    ...(options.unsafe === undefined ? {} : { unsafe: options.unsafe }),
    ...(options.only === undefined ? {} : { only: options.only }),
  };
  const { report, answers } = await inRounds(
    (known) => linter.fixFile(input, { ...settings, ...which, ...known }),
    facts,
  );
  const why = unchecked(input, report);
  if (why !== undefined) return { failure: why };
  const others = report.fixed?.others ?? [];
  if (!report.fixed || (report.text === input.text && others.length === 0)) return { report };
  if (options.fixing === 'written') {
    const failure = await files.replace([
      ...(report.text === input.text ? [] : [{ file: input.file, was: input.text, text: report.text }]),
      ...others.map(({ file, before, after }) => ({ file, was: before, text: after })),
    ]);
    // Another Dockerfile of the same context may have just written what they share.
    if (failure && again && failure.file !== input.file) return lint({ ...input }, adapters, options, false);
    if (failure) return { failure };
  }
  const before = linter.check(input, { ...settings, facts: answers });
  const secrets = [...(before.secrets ?? []), ...before.diagnostics.flatMap((diagnostic) => diagnostic.secrets ?? [])];
  return { report: { ...report, fixed: { ...report.fixed, secrets } } };
}

/** After so many rounds of answers the report stands as it is. */
const mostRounds = 4;

/**
 * Lints, answers what the rules asked for, and lints again until they ask for nothing new. What the source knows at once is
 * answered when it is asked: only what must be waited for costs another round.
 */
async function inRounds(run: (options: Pick<CheckOptions, 'facts'>) => FileReport, source: FactSource) {
  const answers = new Map<string, Fact>();
  const awaited = new Map<string, Promise<Fact>>();
  const facts: FactStore = {
    get(text, key) {
      const known = answers.get(text);
      if (known !== undefined || awaited.has(text)) return known;
      const answer = source.answer(key);
      if (answer instanceof Promise) {
        awaited.set(text, answer);
        return undefined;
      }
      answers.set(text, answer);
      return answer;
    },
  };
  let report = run({ facts });
  for (let round = 0; round < mostRounds && awaited.size > 0; round++) {
    for (const [text, answer] of awaited) answers.set(text, await answer);
    awaited.clear();
    report = run({ facts });
  }
  const missing = [...answers.values()].filter((fact): fact is Unknown => 'unknown' in fact);
  return { report: missing.length > 0 ? { ...report, missing } : report, answers };
}

function templateFailure(file: Path, mark: string): Failure {
  return {
    file,
    is: 'skipped',
    says: `is a template: ${mark} stands where a Dockerfile cannot have it`,
    help: 'render it, then check the result: … | layerwise check - --stdin-filename Dockerfile',
  };
}

/** Why a report says nothing about what was asked for. */
function unchecked({ file, target }: CheckInput, report: FileReport): Failure | undefined {
  const { otherTargets, tooManyInstructions: too } = report;
  if (too !== undefined)
    return {
      file,
      is: 'failed',
      says: `has ${too.found} instructions, and more than ${too.most} are not checked`,
      help: 'no engine builds an image of more than 127 layers: look at what generates the file',
    };
  if (otherTargets === undefined) return undefined;
  const more = otherTargets.length > 10 ? ', …' : '';
  return {
    file,
    is: 'failed',
    says: `has no stage ${target}`,
    help: `its stages: ${otherTargets.slice(0, 10).join(', ')}${more}`,
  };
}

function bug(file: Path, error: unknown): Failure {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { file, is: 'bug', says: `internal error: ${trace}` };
}
