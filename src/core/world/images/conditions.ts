import { atLeast, type Version, versionOf, wordsOf } from './tag.ts';
import type { ImageReference } from './types.ts';

/** Release lines of Node by name. */
const NODE_LINES: Readonly<Record<string, number>> = {
  argon: 4,
  boron: 6,
  carbon: 8,
  dubnium: 10,
  erbium: 12,
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
};

/** A reference's tag, taken apart. */
export interface Tag {
  readonly words: readonly string[];
  readonly version: Version | undefined;
  /** Neither a tag nor `latest`, or only a digest: nothing is told. */
  readonly bare: boolean;
}

/** Takes a reference's tag apart; a release line of Node by name is a version. */
export function readTag(reference: ImageReference, name: string): Tag {
  const tag = reference.tag;
  if (tag === undefined || tag === 'latest') return { words: [], version: undefined, bare: true };
  const words = wordsOf(tag);
  const line = name === 'node' ? words.map((word) => NODE_LINES[word]).find((major) => major !== undefined) : undefined;
  return { words, version: line === undefined ? versionOf(tag) : [line], bare: false };
}

type Test = (tag: Tag) => boolean;
const tests = new Map<string, Test>();

/** Whether a family's condition (see `Family.when`) holds for a tag. */
export function holds(condition: string, tag: Tag): boolean {
  let test = tests.get(condition);
  if (test === undefined) {
    const parts = condition.split(' ').map(compilePart);
    test = (each) => parts.every((part) => part(each));
    tests.set(condition, test);
  }
  return test(tag);
}

/** One part of a condition; a tag without a version counts as the newest. */
function compilePart(part: string): Test {
  if (part === 'unversioned') return (tag) => tag.version === undefined;
  const bound = /^(>=|<)([\d.]+)$/.exec(part);
  if (bound !== null) {
    const minimum = (bound[2] as string).split('.').map(Number);
    const wanted = bound[1] === '>=';
    return ({ version }) => (version === undefined || atLeast(version, minimum)) === wanted;
  }
  const wanted = !part.startsWith('!');
  const word = wanted ? part : part.slice(1);
  return ({ words }) => words.some((each) => isWord(each, word)) === wanted;
}

/** True for `alpine` and `alpine3.20`, when asked for `alpine`. */
function isWord(each: string, word: string): boolean {
  return each.startsWith(word) && (each.length === word.length || /^[\d.]+$/.test(each.slice(word.length)));
}
