import type { Word } from '../language/syntax/index.ts';
import { expandByDefault } from './expanded-texts.ts';
import { isKnown } from './known.ts';
import type { Build, Step } from './types.ts';

/** What a word stands for when the file is built. */
export interface Settled {
  readonly value: string;
  /** False when it holds for a build without build arguments: one may give it another value. */
  readonly sure: boolean;
}

/**
 * What a word of a step stands for, in any build or at least in one without build arguments.
 * @returns undefined when it depends on the base image or the platform, or BuildKit cannot expand it
 */
export function settled(build: Build, step: Step, word: Word): Settled | undefined {
  const fact = step.expand(word);
  if (isKnown(fact)) return { value: fact.value, sure: true };
  const value = expandByDefault(build, step, word);
  return value === undefined ? undefined : { value, sure: false };
}
