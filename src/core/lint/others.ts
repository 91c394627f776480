import type { Fact, FactKey, FileChange, Json, OtherFile, Path } from '../vocabulary/index.ts';
import { readIgnoreFile } from '../world/context/index.ts';
import type { FactStore, IgnoreFile, IgnorePlan } from '../world/facts/index.ts';

/** The other files after some changes of them; undefined when a change does not fit what they are by now. */
export function withChanges(
  others: ReadonlyMap<Path, OtherFile>,
  changes: readonly FileChange[],
): ReadonlyMap<Path, OtherFile> | undefined {
  const now = new Map(others);
  for (const change of changes) {
    const earlier = now.get(change.file);
    if ('edits' in change) return undefined;
    const [before, after] = 'create' in change ? [null, change.create] : [change.before, change.after];
    if (earlier !== undefined && earlier.after !== before) return undefined;
    now.set(change.file, { file: change.file, before: earlier === undefined ? before : earlier.before, after });
  }
  return now;
}

/** Facts as they are once other files say what they will: of an ignore file that is written, its new patterns. */
export function factsWith(facts: FactStore | undefined, others: ReadonlyMap<Path, OtherFile>): FactStore | undefined {
  if (others.size === 0) return facts;
  return {
    get(text, key) {
      return ignoreFact(key, others) ?? facts?.get(text, key);
    },
  };
}

function ignoreFact({ kind, of }: FactKey, others: ReadonlyMap<Path, OtherFile>): Fact | undefined {
  if (kind !== 'ignore-file' && kind !== 'ignore-plan') return undefined;
  const { context, dockerfile } = of as { readonly context: Path; readonly dockerfile: Path };
  const own = context === '' || context === '.' ? '.dockerignore' : `${context}/.dockerignore`;
  const other = others.get(`${dockerfile}.dockerignore`) ?? others.get(own);
  if (other === undefined) return undefined;
  const known = (value: IgnoreFile | IgnorePlan): Fact => ({
    value: value as unknown as Json,
    from: 'files',
    evidence: [{ at: { file: other.file }, says: 'is written by a fix' }],
  });
  if (kind === 'ignore-plan') return known({ is: 'nothing' });
  const read = readIgnoreFile(other.after);
  if ('refused' in read) return { unknown: `BuildKit would refuse ${other.file}: ${read.refused}` };
  return known({ file: other.file, patterns: read.lines.map(({ pattern }) => pattern) });
}
