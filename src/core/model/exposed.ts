import type { Word } from '../language/syntax/index.ts';
import type { Step } from './types.ts';

/** A word of EXPOSE: one port, or several where a variable holds them. */
export interface ExposedWord {
  readonly step: Step;
  readonly word: Word;
}

/** The words of every EXPOSE among some steps, in order. */
export function exposedWords(steps: readonly Step[]): readonly ExposedWord[] {
  return steps.flatMap((step) => {
    const { name, args } = step.instruction;
    return name === 'EXPOSE' && args.form === 'words' ? args.words.map((word) => ({ step, word })) : [];
  });
}

/** The ports that a text of EXPOSE names once it is expanded. */
export function portsIn(text: string): readonly string[] {
  return text.split(/\s+/).filter((port) => port !== '');
}
