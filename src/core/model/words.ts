import type { Instruction, Word } from '../language/syntax/index.ts';
import { valueOf } from './known.ts';
import type { Step } from './types.ts';

const NONE: readonly Word[] = [];

/**
 * The words of an instruction as they are written, apart or as the strings of a JSON array; none of a script and of key-value
 * pairs. `Step.expand` takes quotes, escapes and variables out of either.
 */
export function wordsOf({ args }: Instruction): readonly Word[] {
  switch (args.form) {
    case 'words':
      return args.words;
    case 'json':
      return args.elements;
    default:
      return NONE;
  }
}

/** What a word comes to; as it is written where a variable in it has no value that is known here. */
export function plainWord(step: Step, word: Word): string {
  return valueOf(step.expand(word)) ?? word.value;
}

/** What a COPY or ADD names, wherever it takes it from. */
export interface CopyWords {
  /** Heredocs too. */
  readonly sources: readonly Word[];
  readonly target: Word;
}

/** Sources and destination of a COPY or ADD; undefined for other instructions, and for one that has no destination. */
export function copyWords({ instruction }: Step): CopyWords | undefined {
  if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return undefined;
  const words = wordsOf(instruction);
  const target = words.at(-1);
  return target && { sources: words.slice(0, -1), target };
}
