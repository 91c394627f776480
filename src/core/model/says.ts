import type { Script } from '../language/shell/index.ts';
import type { Heredoc } from '../language/syntax/index.ts';
import { textFrom } from '../language/text/index.ts';
import { oncePer } from './once.ts';
import type { Build, Step } from './types.ts';
import { wordsOf } from './words.ts';

/** A text of a step, with the program that it is an argument of. */
interface Said {
  readonly text: string;
  readonly to?: string | undefined;
}

/** What is read as commands is no text of its own. */
function isScript({ bodySpan: [start, end] }: Heredoc, scripts: readonly Script[]): boolean {
  return scripts.some(({ opaque, map: { segments } }) => {
    const from = segments[0]?.from ?? -1;
    return opaque === undefined && from >= start && from < end;
  });
}

/** What a step does, in words: those of its commands, of what it writes and of what it copies. Comments and labels do nothing. */
const texts: (step: Step) => readonly Said[] = oncePer((step) => {
  const { name, flags, heredocs, args } = step.instruction;
  if (name === 'LABEL' || name === 'MAINTAINER') return [];
  const found: Said[] = flags.map(({ value }) => ({ text: value ?? '' }));
  for (const heredoc of heredocs) if (!isScript(heredoc, step.scripts)) found.push({ text: heredoc.content });
  found.push(...wordsOf(step.instruction).map(({ value }) => ({ text: value })));
  if (args.form === 'pairs')
    found.push(...args.pairs.map(({ key, value }) => ({ text: `${key.value}=${value?.value ?? ''}` })));
  for (const { opaque, map } of step.scripts) if (opaque !== undefined) found.push({ text: map.text });
  for (const { script, command, invocation } of step.commands) {
    const { assignments, words, redirects } = command;
    const targets = redirects.flatMap(({ target }) => target ?? []);
    const values = assignments.map(({ name: key, value }) => `${key}=${value?.unquoted ?? ''}`);
    found.push({
      text: [...values, ...[...words, ...targets].map(({ unquoted }) => unquoted)].join(' '),
      to: invocation?.program ?? command.program,
    });
    for (const { body } of redirects) if (body !== undefined) found.push({ text: textFrom(script.map, body) });
  }
  return found;
});

const NO_PROGRAMS: ReadonlySet<string> = new Set();

/**
 * Whether what a step does is told with words that a pattern matches.
 * @param apart programs whose arguments do not count: what they are told holds for that command alone
 */
export function says(step: Step, pattern: RegExp, apart = NO_PROGRAMS): boolean {
  return texts(step).some(({ text, to }) => (to === undefined || !apart.has(to)) && pattern.test(text));
}

/** Whether any step of a file says so: each file is asked once. */
export function anyStepSays(pattern: RegExp): (build: Build) => boolean {
  return oncePer(({ steps }) => steps.some((step) => says(step, pattern)));
}
