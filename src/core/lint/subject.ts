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

type World = Pick<BuildOptions, 'imageFacts' | 'buildArgs'>;

const noWorld: World = {};

const made = new WeakMap<CheckInput, Subject>();

/**
 * The subject of an input. The same input object gives the same subject: rounds of facts ask about one file again and again.
 * @param world facts of images and build arguments in place of the base table and none
 */
export function subjectOf(input: CheckInput, world: World = noWorld): Subject {
  if (world !== noWorld) return makeSubject(input, world);
  const earlier = made.get(input);
  if (earlier !== undefined && isOf(earlier, input)) return earlier;
  const subject = makeSubject({ ...input }, world);
  made.set(input, subject);
  return subject;
}

/** Whoever calls from JavaScript may have changed the object since. */
function isOf({ input: { file, text, utf8, context, target } }: Subject, now: CheckInput): boolean {
  return (
    now.text === text && now.file === file && now.utf8 === utf8 && now.context === context && now.target === target
  );
}

function makeSubject(input: CheckInput, world: World): Subject {
  const dockerfile = parse(input.text);
  const build = buildModel(dockerfile, {
    ...world,
    file: input.file,
    ...(input.target !== undefined && { target: input.target }),
  });
  let was: string | undefined;
  return {
    input,
    build,
    ignores: ignoreComments(dockerfile),
    context: input.context ?? directoryOf(input.file),
    get was() {
      was ??= hash(input.text);
      return was;
    },
  };
}
