import { subjectOf } from '../core/lint/index.ts';
import type { CheckInput } from '../core/lint/types.ts';
import { contextNeeds, isKnown } from '../core/model/index.ts';
import type { Path } from '../core/vocabulary/index.ts';
import type { FactSource } from './adapters.ts';

/** Names that are looked for: the first ones tell as much as all. */
const mostNames = 16;

/**
 * The build context of a Dockerfile that nobody named: its own directory, or the one above it, within the project, that holds more of what
 * its COPY, ADD and bind mounts name. Many projects keep Dockerfiles in `docker/` or `deploy/` and build from the top.
 * @returns undefined for the file's own directory
 */
export async function guessedContext(input: CheckInput, facts: FactSource): Promise<Path | undefined> {
  const [own, ...above] = directoriesUp(input.file);
  if (own === undefined || above.length === 0) return undefined;
  const names = namesOf(input);
  if (names.length === 0) return undefined;
  let best = own;
  let most = await held(own, names, facts);
  for (const directory of above) {
    if (most === names.length) break;
    const count = await held(directory, names, facts);
    if (count <= most) continue;
    best = directory;
    most = count;
  }
  return best === own ? undefined : best;
}

/** What is named as it is: neither patterns nor the whole context tell where they belong. */
function namesOf(input: CheckInput): readonly string[] {
  const names = contextNeeds(subjectOf(input).build).flatMap(({ path }) =>
    isKnown(path) && path.value !== '.' && !/[*?[\\]/.test(path.value) ? [path.value] : [],
  );
  return [...new Set(names)].slice(0, mostNames);
}

async function held(context: Path, names: readonly string[], facts: FactSource): Promise<number> {
  let count = 0;
  for (const path of names) {
    const fact = await facts.answer({ kind: 'context-file', of: { context, path } });
    if (isKnown(fact) && (fact.value as { readonly is?: string }).is !== 'missing') count += 1;
  }
  return count;
}

/** The directories of a file up to the project root; none for what lies outside of it. */
function directoriesUp(file: Path): readonly Path[] {
  const parts = file.split('/').slice(0, -1);
  if (file.startsWith('/') || parts.includes('..')) return [];
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/')).concat('');
}
