import type { Path } from '../vocabulary/index.ts';
import type { Facts } from '../world/facts/index.ts';
import { contextCopy, isWholeContext, namesFile } from './copies.ts';
import type { DependencyManager } from './dependencies.ts';
import { isKnown, valueOf } from './known.ts';
import { oncePer } from './once.ts';
import { executedSteps } from './stages.ts';
import type { Stage, Step } from './types.ts';

const LOCKFILES: Readonly<Partial<Record<DependencyManager, readonly string[]>>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  yarn: ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  bun: ['bun.lock', 'bun.lockb'],
  go: ['go.sum'],
  uv: ['uv.lock'],
  poetry: ['poetry.lock'],
  pipenv: ['Pipfile.lock'],
  bundle: ['Gemfile.lock'],
  composer: ['composer.lock'],
  cargo: ['Cargo.lock'],
};

const NONE: readonly string[] = [];

/** The lockfiles that a manager reads, by name. */
export function lockfilesOf(manager: DependencyManager): readonly string[] {
  return LOCKFILES[manager] ?? NONE;
}

/** Where a build is looked at: the context, and who answers for it. */
interface Context {
  readonly context: Path;
  readonly facts: Facts;
}

/** The lockfile that an install finds; whether there is one may depend on the context. */
export type Lockfile = { readonly name: string } | 'none' | 'unknown';

/** What copies bring to a directory: the lockfile that is named first, and patterns and trees that may bring one, each once. */
interface Brought {
  named: { readonly name: string; readonly index: number } | undefined;
  readonly candidates: Map<string, number>;
}

/** What copies of a stage bring, by directory. */
const broughtTo: (locks: readonly string[]) => (stage: Stage) => ReadonlyMap<string, Brought> = oncePer((locks) =>
  oncePer((stage) => {
    const byPath = new Map<string, Brought>();
    for (const step of executedSteps(stage)) {
      const copy = contextCopy(step);
      const path = copy && valueOf(copy.path)?.replace(/(.)\/$/, '$1');
      if (copy === undefined || path === undefined) continue;
      const brought = byPath.get(path) ?? { named: undefined, candidates: new Map() };
      byPath.set(path, brought);
      for (const { text } of copy.sources) {
        const name = locks.find((lock) => text.replace(/^(?:\.?\/)+/, '') === lock);
        if (name !== undefined) brought.named ??= { name, index: step.index };
        else
          for (const lock of locks)
            if (!brought.candidates.has(lock) && (isWholeContext(text) || namesFile(text, lock)))
              brought.candidates.set(lock, step.index);
      }
    }
    return byPath;
  }),
);

/** The lockfile that is in the directory where the install runs, by the text or, for patterns and trees, by the context. */
export function lockfileAt({ context, facts }: Context, step: Step, manager: DependencyManager): Lockfile {
  const locks = lockfilesOf(manager);
  const workdir = valueOf(step.before.workdir);
  const bound = step.mounts.find(
    ({ type, from, source }) =>
      type === 'bind' && from === undefined && locks.includes((source ?? '').replace(/^\.?\//, '')),
  );
  if (bound?.source !== undefined) return { name: bound.source };
  const { stage } = step;
  if (workdir === undefined || stage === undefined) return 'none';
  const candidates = new Set<string>();
  for (const each of [stage, ...stage.ancestors]) {
    const brought = broughtTo(locks)(each).get(workdir);
    if (brought === undefined) continue;
    const end = each === stage ? step.index : Number.POSITIVE_INFINITY;
    if (brought.named !== undefined && brought.named.index < end) return { name: brought.named.name };
    for (const [lock, index] of brought.candidates) if (index < end) candidates.add(lock);
  }
  if (candidates.size === 0) return 'none';
  const root = facts.ask('context-root', { context });
  if (!isKnown(root)) return 'unknown';
  const present = locks.find((lock) => candidates.has(lock) && root.value.files.includes(lock));
  return present === undefined ? 'none' : { name: present };
}
