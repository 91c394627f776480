import {
  type BuildFiles,
  type Plan,
  type Policy,
  planOf,
  Replayer,
  varyingValue,
} from '../core/evidence/replay/index.ts';
import { type Dockerfile, parse } from '../core/language/syntax/index.ts';
import { lineMap, position } from '../core/language/text/index.ts';
import { buildModel, DEFAULT_PLATFORM } from '../core/model/index.ts';
import type { KeptEntry, ReplayReport } from '../core/vocabulary/index.ts';
import { type IgnorePatterns, parseIgnoreFile } from '../core/world/context/index.ts';
import { type Commit, type History, HistoryStopped } from './history.ts';
import { type Found, Watched } from './watched.ts';

/** What to replay. */
export interface ReplayOrder {
  /** As the user calls it. */
  readonly context: string;
  readonly dockerfile: string;
  /** The Dockerfile, from the top of the repository. */
  readonly path: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Build arguments that have another value at every commit. */
  readonly varying?: readonly string[];
  readonly policy: Policy;
  /** Sources that something makes before a build where git has them no more: else the build fails on them. */
  readonly made?: ReadonlySet<string>;
  /** One or two files that are built at every commit, with one ignore file, instead of those that each commit has. */
  readonly held?: {
    readonly sides: readonly { readonly name: string; readonly text: string }[];
    readonly ignoreFile: { readonly file: string; readonly text: string } | undefined;
  };
}

export type Replayed = { readonly report: ReplayReport } | { readonly failed: string; readonly help?: string };

/**
 * Tells which steps would have rerun, had each commit been built after the one before it. Nothing is built or checked out.
 * @param step is told now and then how many more commits are done
 * @param again opens the same history once more: it is asked for when the last commit takes what git has no more
 */
export async function replay(
  order: ReplayOrder,
  history: History,
  step?: (commits: number) => void,
  again?: () => Promise<History | undefined>,
): Promise<Replayed> {
  const held = order.held === undefined ? undefined : heldFiles(order, order.held);
  if (held !== undefined && 'failed' in held) return held;
  const { replayer, run, stopped } = await gone(order, history, held, step);
  if (order.made !== undefined || replayer.missing.length === 0) return told(order, history, replayer, run, stopped);
  // Whoever builds it today makes that before.
  const made = { ...order, made: new Set(replayer.missing) };
  const second = await again?.();
  if (second === undefined) return told(order, history, replayer, run, stopped);
  const rest = await gone(made, second, held);
  second.close();
  return told(made, second, rest.replayer, rest.run, rest.stopped);
}

/** Goes through all commits. */
async function gone(
  order: ReplayOrder,
  history: History,
  held: BuildFiles | undefined,
  step?: (commits: number) => void,
): Promise<{ readonly replayer: Replayer; readonly run: Run; readonly stopped: string | undefined }> {
  const replayer = new Replayer(
    order.held?.sides.length ?? 1,
    order.policy,
    order.held === undefined ? (order.made ?? new Set()) : undefined,
  );
  const run = new Run(order, history, replayer, held);
  let stopped: string | undefined;
  await run.begin();
  try {
    for await (const some of history.commits) {
      run.expect(some);
      for (const commit of some) await run.commit(commit);
      step?.(some.length);
    }
  } catch (error) {
    if (!(error instanceof HistoryStopped)) throw error;
    stopped = error.message;
  }
  return { replayer, run, stopped };
}

function told(
  order: ReplayOrder,
  history: History,
  replayer: Replayer,
  run: Run,
  stopped: string | undefined,
): Replayed {
  const sides = order.held?.sides.map(({ name }) => name) ?? [order.dockerfile];
  const result = replayer.result(sides);
  const count = result.commits.length;
  if (count === 0) return { failed: stopped ?? 'there is no commit' };
  if ((result.sides[0]?.builds ?? 0) === 0) return nothingToTell(result.commits, history);
  return {
    report: {
      context: order.context,
      dockerfile: order.dockerfile,
      target: order.target ?? null,
      files: order.held === undefined ? 'of each commit' : 'of today',
      policy: order.policy,
      history: { branch: history.branch, commits: count, ...run.counts, shallow: history.shallow },
      ...result,
      notes: [...run.notes(), ...(stopped === undefined ? [] : [`git stopped on the way: ${stopped}`])],
    },
  };
}

function nothingToTell(commits: ReplayReport['commits'], history: History): Replayed {
  const problem = commits.findLast((commit) => commit.problem !== undefined)?.problem;
  if (problem !== undefined) return { failed: `no two commits can be built: ${problem}` };
  return {
    failed: 'there is one commit only: nothing to compare it with',
    ...(history.shallow ? { help: 'the clone is shallow: git fetch --unshallow brings the history' } : {}),
  };
}

function heldFiles(
  order: ReplayOrder,
  { sides, ignoreFile }: NonNullable<ReplayOrder['held']>,
): BuildFiles | { readonly failed: string } {
  const plans: Plan[] = [];
  for (const { name, text } of sides) {
    const plan = plannedFrom(order, text);
    if ('problem' in plan) return { failed: `${name}: ${plan.problem}` };
    plans.push(plan);
  }
  const ignore = ignoreFile === undefined ? undefined : parseIgnoreFile(ignoreFile.text);
  if (ignore !== undefined && 'refused' in ignore)
    return { failed: `${ignoreFile?.file}: line ${ignore.line}: ${ignore.refused}` };
  return { plans, ignore };
}

function plannedFrom(
  { dockerfile, target, buildArgs, varying = [] }: ReplayOrder,
  text: string,
): Plan | { readonly problem: string } {
  const parsed = parse(text);
  const [error] = parsed.errors;
  if (error !== undefined) {
    const { line } = position(lineMap(text), error.span[0]);
    return { problem: `the Dockerfile cannot be built: line ${line}: ${error.message}` };
  }
  const given = {
    ...DEFAULT_PLATFORM,
    ...buildArgs,
    ...Object.fromEntries(varying.map((name) => [name, varyingValue(name)])),
  };
  const unset = unsetIn(parsed, given);
  const build = buildModel(parsed, {
    file: dockerfile,
    buildArgs: { ...given, ...Object.fromEntries([...unset].map((name) => [name, ''])) },
    ...(target === undefined ? {} : { target }),
  });
  const { stages } = build;
  if (stages.length === 0) return { problem: 'the Dockerfile has no FROM' };
  if (target !== undefined) {
    const isNamed = stages.some(({ name }) => name === target.toLowerCase());
    if (!isNamed && !(/^\d+$/.test(target) && Number(target) < stages.length))
      return { problem: `the Dockerfile has no stage ${target}` };
  }
  return planOf(build, unset);
}

/** What FROM may name and nobody passes: it is as good as empty there. */
function unsetIn({ instructions }: Dockerfile, given: Readonly<Record<string, string>>): ReadonlySet<string> {
  const first = instructions.findIndex(({ name }) => name === 'FROM');
  const pairs = instructions
    .slice(0, Math.max(0, first))
    .flatMap(({ args }) => (args.form === 'pairs' ? args.pairs : []));
  const valued = new Set(pairs.flatMap(({ key, value }) => (value === undefined ? [] : [key.value])));
  const bare = pairs.map(({ key }) => key.value).filter((name) => !valued.has(name) && !Object.hasOwn(given, name));
  return new Set(bare);
}

/** Contents of the history as they go by. */
class Run {
  readonly counts = { merges: 0, renames: 0 };
  readonly #order: ReplayOrder;
  readonly #history: History;
  readonly #replayer: Replayer;
  readonly #held: BuildFiles | undefined;
  readonly #watched: Watched;
  readonly #links = new Map<string, string>();
  readonly #plans = new Map<string, Plan | { readonly problem: string }>();
  readonly #ignores = new Map<string, IgnorePatterns | { readonly problem: string }>();
  readonly #submodules = new Set<string>();
  #asked = 0;

  constructor(order: ReplayOrder, history: History, replayer: Replayer, held: BuildFiles | undefined) {
    this.#order = order;
    this.#history = history;
    this.#replayer = replayer;
    this.#held = held;
    const { prefix } = history;
    this.#watched = new Watched(
      history,
      [`${order.path}.dockerignore`, `${prefix}.dockerignore`, order.path],
      (path) => (path.startsWith(prefix) ? replayer.tree.entries.get(path.slice(prefix.length)) : undefined),
    );
  }

  async begin(): Promise<void> {
    const { before, prefix } = this.#history;
    const { tree } = this.#replayer;
    const links: Promise<void>[] = [];
    for (const [path, entry] of before) {
      if (!path.startsWith(prefix)) {
        this.#watched.outside(path, entry);
        continue;
      }
      const name = path.slice(prefix.length);
      tree.apply({ path: name, entry });
      if (entry.mode === '160000') this.#submodules.add(name);
      if (entry.mode === '120000') links.push(this.#link(name, entry));
    }
    await Promise.all(links);
    this.#replayer.link(new Map(this.#links));
    this.#commitGit('before');
    if (before.size === 0) return;
    await this.#useFiles();
    this.#replayer.start();
  }

  /** Every commit changes files of git's own: they are sent, too, unless the ignore file says otherwise. */
  #commitGit(id: string): void {
    if (!this.#history.hasGitFolder) return;
    for (const path of ['.git/index', '.git/logs/HEAD']) this.#replayer.change({ path, entry: { mode: '100644', id } });
  }

  async #link(name: string, { id }: KeptEntry): Promise<void> {
    const blob = await this.#history.blob(id);
    if ('text' in blob) this.#links.set(name, blob.text);
    else this.#links.delete(name);
  }

  /** Asks for the texts that commits will need, all at once. */
  expect(commits: readonly Commit[]): void {
    if (this.#held !== undefined) return;
    for (const { changes } of commits)
      for (const { path, entry } of changes)
        if (entry !== undefined && entry.mode !== '160000' && this.#watched.names(path))
          void this.#history.blob(entry.id);
  }

  async commit({ id, subject, parents, changes }: Commit): Promise<void> {
    const { prefix } = this.#history;
    const { tree } = this.#replayer;
    if (parents > 1) this.counts.merges += 1;
    const changed: string[] = [];
    const gone = new Set<string>();
    const added: string[] = [];
    for (const change of changes) {
      const { entry } = change;
      if (!change.path.startsWith(prefix)) {
        this.#watched.outside(change.path, entry);
        continue;
      }
      const path = change.path.slice(prefix.length);
      const was = tree.entries.get(path);
      changed.push(path);
      if (entry === undefined && was !== undefined) gone.add(was.id);
      if (entry !== undefined && was === undefined) added.push(entry.id);
      if (entry?.mode === '160000') this.#submodules.add(path);
      let links: ReadonlyMap<string, string> | undefined;
      if (entry?.mode === '120000') await this.#link(path, entry);
      else if (was?.mode === '120000') this.#links.delete(path);
      if (entry?.mode === '120000' || was?.mode === '120000') links = new Map(this.#links);
      this.#replayer.change({ path, entry }, links);
    }
    this.#commitGit(id);
    for (const one of added) if (gone.delete(one)) this.counts.renames += 1;
    await this.#useFiles();
    this.#replayer.commit({ id, subject }, changed);
  }

  async #useFiles(): Promise<void> {
    if (this.#held !== undefined) {
      if (this.#asked === 0) this.#replayer.use(this.#held);
      this.#asked = 1;
      return;
    }
    const found = await this.#watched.look();
    if (found === undefined) return;
    const [own, shared, dockerfile] = found;
    this.#replayer.use(this.#filesOf(dockerfile, own?.is === 'none' ? shared : own));
  }

  #filesOf(dockerfile: Found | undefined, ignoreFile: Found | undefined): BuildFiles {
    const refused = (problem: string): BuildFiles => ({ plans: [], ignore: undefined, problem });
    if (dockerfile === undefined || dockerfile.is === 'none') return refused('there is no Dockerfile');
    if (dockerfile.is === 'unreadable') return refused(`the Dockerfile cannot be read: ${dockerfile.why}`);
    const plan = remember(this.#plans, dockerfile.id, () => plannedFrom(this.#order, dockerfile.text));
    if ('problem' in plan) return refused(plan.problem);
    if (ignoreFile === undefined || ignoreFile.is === 'none') return { plans: [plan], ignore: undefined };
    if (ignoreFile.is === 'unreadable') return refused(`the ignore file cannot be read: ${ignoreFile.why}`);
    const ignore = remember(this.#ignores, ignoreFile.id, () => {
      const read = parseIgnoreFile(ignoreFile.text);
      return 'refused' in read ? { problem: `line ${read.line} of the ignore file: ${read.refused}` } : read;
    });
    return 'problem' in ignore ? refused(ignore.problem) : { plans: [plan], ignore };
  }

  /** What a reader must know of the figures. */
  notes(): readonly string[] {
    const notes: string[] = [];
    const some = (names: Iterable<string>) => {
      const all = [...new Set(names)];
      return `${all.slice(0, 3).join(', ')}${all.length > 3 ? ` and ${all.length - 3} more` : ''}`;
    };
    const git = this.#replayer.gitFolderReran;
    if (git === 'now') notes.push('.git is sent, and every commit changes it: see layerwise context');
    if (git === 'earlier') notes.push('earlier commits sent .git, which each of them changed; the last one does not');
    if (this.#history.shallow) notes.push('the clone is shallow: its history ends early');
    if (this.#submodules.size > 0)
      notes.push(`of a submodule only its commit counts, not what is in it: ${some(this.#submodules)}`);
    const empty = (state: 'none' | 'ignored') =>
      this.#replayer
        .emptySources()
        .flatMap(({ step, source, is }) => (is === state ? [`${source} (line ${step.line})`] : []));
    const [none, ignored] = [empty('none'), empty('ignored')];
    if (none.length > 0) notes.push(`git keeps nothing of this, so that its changes are not seen: ${some(none)}`);
    if (ignored.length > 0) notes.push(`the ignore file leaves this out, so that it is not copied: ${some(ignored)}`);
    const bases = this.#replayer.unknownBases().map(({ shown }) => shown());
    if (bases.length > 0) notes.push(`its base depends on a build argument, pass it with --build-arg: ${some(bases)}`);
    const open = this.#replayer.unknownSources().map(({ shown }) => shown());
    if (open.length > 0) notes.push(`depends on a variable, and counts as if it took everything: ${some(open)}`);
    return notes;
  }
}

/** So many texts are remembered: what is older seldom comes back. */
const mostRemembered = 16;

function remember<V>(known: Map<string, V>, key: string, make: () => V): V {
  const value = known.get(key) ?? make();
  known.delete(key);
  known.set(key, value);
  for (const oldest of known.keys()) {
    if (known.size <= mostRemembered) break;
    known.delete(oldest);
  }
  return value;
}
