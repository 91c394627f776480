import { oncePer } from './once.ts';
import type { Build, Step } from './types.ts';
import { wordsOf } from './words.ts';

/** What a step does, in words: those of its commands, of what it writes and of what it copies. Comments and labels do nothing. */
const texts: (step: Step) => readonly string[] = oncePer((step) => {
  const { name, flags, heredocs, args } = step.instruction;
  if (name === 'LABEL' || name === 'MAINTAINER') return [];
  const found = flags.map(({ value }) => value ?? '');
  found.push(...heredocs.map(({ content }) => content));
  found.push(...wordsOf(step.instruction).map(({ value }) => value));
  if (args.form === 'pairs') found.push(...args.pairs.map(({ key, value }) => `${key.value}=${value?.value ?? ''}`));
  for (const script of step.scripts) {
    if (script.opaque !== undefined) found.push(script.map.text);
    for (const { assignments, words, redirects } of script.commands) {
      const targets = redirects.flatMap(({ target }) => target ?? []);
      const values = assignments.flatMap(({ name: key, value }) => `${key}=${value?.unquoted ?? ''}`);
      found.push([...values, ...[...words, ...targets].map(({ unquoted }) => unquoted)].join(' '));
    }
    if (script.commands.some(({ redirects }) => redirects.some(({ body }) => body !== undefined)))
      found.push(script.map.text);
  }
  return found;
});

/** Whether what a step does is told with words that a pattern matches. */
export function says(step: Step, pattern: RegExp): boolean {
  return texts(step).some((text) => pattern.test(text));
}

/** Whether any step of the file says so. */
export function anyStepSays({ steps }: Build, pattern: RegExp): boolean {
  return steps.some((step) => says(step, pattern));
}
