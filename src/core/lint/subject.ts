import { type IgnoreComment, ignoreComments } from '../language/ignores/index.ts';
import { parse } from '../language/syntax/index.ts';
import { hash } from '../language/text/index.ts';
import type { Build, BuildOptions } from '../model/index.ts';
import { buildModel } from '../model/index.ts';
import type { Path } from '../vocabulary/index.ts';
import type { CheckInput } from './types.ts';

/** What the rules are asked about: one file with everything that follows from its text. */
export interface Subject {
  readonly input: CheckInput;
  readonly build: Build;
  readonly ignores: readonly IgnoreComment[];
  readonly context: Path;
  /** Hash of the text, for changes that speak of its offsets. */
  readonly was: string;
}

/** The directory of a path, "" for the project root. */
function directoryOf(file: Path): Path {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash);
}

/**
 * @param world facts of images and build arguments in place of the base table and none
 */
export function subjectOf(input: CheckInput, world: Pick<BuildOptions, 'imageFacts' | 'buildArgs'> = {}): Subject {
  const dockerfile = parse(input.text);
  const build = buildModel(dockerfile, {
    ...world,
    file: input.file,
    ...(input.target !== undefined && { target: input.target }),
  });
  return {
    input,
    build,
    ignores: ignoreComments(dockerfile),
    context: input.context ?? directoryOf(input.file),
    was: hash(input.text),
  };
}
