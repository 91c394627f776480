import type {
  KeptChange,
  ReplayCommit,
  ReplayReruns,
  ReplayRoot,
  ReplaySide,
  ReplayStep,
} from '../../vocabulary/index.ts';
import type { IgnorePatterns, Links } from '../../world/context/index.ts';
import { align } from './align.ts';
import { Contents } from './contents.ts';
import type { Plan, PlannedStep, Taking } from './plan.ts';
import { type Policy, type Row, Side } from './side.ts';
import { LINK } from './sources.ts';
import { Tree } from './tree.ts';

/** A commit as it is told, without what it changes. */
export interface CommitName {
  readonly id: string;
  readonly subject: string;
}

/** Files that decide what is built; `problem`: why no build can start. */
export interface BuildFiles {
  /** Of each side. */
  readonly plans: readonly Plan[];
  readonly ignore: IgnorePatterns | undefined;
  readonly problem?: string;
}

/** Goes through commits, and tells of each which steps of its build rerun. What it is not told does not change. */
export class Replayer {
  readonly tree = new Tree();
  readonly #contents = new Contents(this.tree);
  readonly #sides: readonly Side[];
  readonly #commits: ReplayCommit[] = [];
  #problem: string | undefined = 'there is nothing yet';
  #ignore: IgnorePatterns | undefined;
  #broken: string | undefined;
  #replanned = false;
  readonly #made: ReadonlySet<string> | undefined;
  #missing: readonly string[] = [];
  #takings: readonly Taking[] = [];

  /**
   * @param made sources that are made before a build, where git does not have them; undefined: where any source takes nothing, the
   * build goes on
   */
  constructor(sides: number, policy: Policy, made?: ReadonlySet<string>) {
    this.#made = made;
    this.#sides = Array.from({ length: sides }, () => new Side(policy));
  }

  /** Where the symbolic links lead that there were before the first commit. */
  link(links: Links): void {
    this.#contents.link(links);
  }

  /** From here on this holds. To be called after the changes of its commit. */
  use({ plans, ignore, problem }: BuildFiles): void {
    if (problem === undefined && ignore !== this.#ignore) {
      this.#ignore = ignore;
      this.#broken = this.#contents.ignore(ignore);
    }
    this.#problem =
      problem ?? (this.#broken && `the pattern ${this.#broken} of the ignore file cannot be tried: every build fails`);
    if (problem !== undefined) return;
    for (const [i, side] of this.#sides.entries()) {
      const plan = plans[i];
      if (plan === undefined || plan === side.plan) continue;
      side.use(plan, this.#contents);
      this.#replanned = true;
      this.#takings = takingsOf(plan);
    }
  }

  change(change: KeptChange, links?: Links): void {
    this.#contents.apply(change, links);
  }

  /** The build that the first commit is compared with. */
  start(): void {
    if (this.#problem === undefined && this.#lacking() === undefined) this.#build();
  }

  /** Why a build fails on a source, if it does. */
  #lacking(): string | undefined {
    this.#missing = [];
    if (this.#made === undefined) return undefined;
    const made = this.#made;
    const missing = this.#contents.missing(this.#takings).filter(({ source }) => !made.has(source));
    const [first] = missing;
    if (first === undefined) return undefined;
    this.#missing = missing.map(({ source }) => source);
    return `${first.source} ${this.#whyMissing(first.source)}, and a step takes it: the build fails`;
  }

  #whyMissing(source: string): string {
    if (!this.tree.holds(source)) return 'is not there any more';
    if (!this.tree.sends(source)) return 'is left out by the ignore file';
    return this.tree.entries.get(source)?.mode === LINK
      ? 'is a link that leads nowhere'
      : 'is left out by the ignore file';
  }

  /** Sources of which the last commit has nothing, so that its build fails. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  /** Builds a commit. @param changed the paths below the context that it changes */
  commit({ id, subject }: CommitName, changed: readonly string[]): void {
    const survived = changed.filter((path) => this.tree.sends(path)).length;
    const told = { id, subject, changed: changed.length, survived };
    const problem = this.#problem ?? this.#lacking();
    if (problem !== undefined) this.#commits.push({ ...told, problem, reruns: [] });
    else this.#commits.push({ ...told, reruns: this.#build() });
  }

  #build(): readonly ReplayReruns[] {
    const isSame = !this.#replanned && !this.#contents.isTouched;
    const reruns = this.#sides.map((side) => side.build(isSame));
    this.#replanned = false;
    this.#contents.settle();
    return reruns;
  }

  /** Sources of the last Dockerfile that take nothing now: git has nothing of them, or the ignore file leaves it out. */
  emptySources(): readonly { readonly step: PlannedStep; readonly source: string; readonly is: 'ignored' | 'none' }[] {
    if (this.#problem !== undefined) return [];
    const steps = this.#sides.flatMap(({ plan }) => plan?.stages.flatMap(({ steps }) => steps) ?? []);
    return steps.flatMap((step) =>
      step.takes.flatMap((taking) => {
        const is = taking.source === '.' ? 'sent' : this.#contents.stateOf(taking);
        return is === 'sent' ? [] : [{ step, source: taking.source, is }];
      }),
    );
  }

  /** Whether the files of git's own reran a step of one of the last Dockerfiles: until now, or at earlier commits only. */
  get gitFolderReran(): 'now' | 'earlier' | undefined {
    const reran = this.#sides.some((side) =>
      side.current.some((row) =>
        side.causesOf(side.rows[row] as Row).some(({ because }) => because.is === 'path' && because.path === '.git/**'),
      ),
    );
    return reran ? (this.tree.sends('.git/index') ? 'now' : 'earlier') : undefined;
  }

  /** Stages of the last Dockerfile of which nobody can tell what they are FROM. */
  unknownBases(): readonly PlannedStep[] {
    return this.#sides.flatMap(({ plan }) => plan?.unknownBases ?? []);
  }

  /** Sources of the last Dockerfile that depend on a variable. */
  unknownSources(): readonly PlannedStep[] {
    return this.#sides.flatMap(({ plan }) => plan?.unknownSources ?? []);
  }

  /** What was found out. @param names of the sides */
  result(names: readonly string[]): {
    readonly sides: readonly ReplaySide[];
    readonly pairs: readonly (readonly [number | null, number | null])[];
    readonly commits: readonly ReplayCommit[];
  } {
    const orders = this.#sides.map(orderOf);
    const placed = orders.map((order) => new Map(order.map((row, index) => [row, index])));
    const sides = this.#sides.map((side, i) => told(side, orders[i] ?? [], names[i] ?? ''));
    const commits = this.#commits.map((commit) => ({
      ...commit,
      reruns: commit.reruns.map((one, i) => moved(one, (row) => placed[i]?.get(row) ?? 0)),
    }));
    return { sides, pairs: pairsOf(this.#sides), commits };
  }
}

const takingsOf = ({ stages }: Plan) => stages.flatMap(({ steps }) => steps.flatMap((step) => step.takes));

/** Rows as they are told: those of the last Dockerfile in its order, then those that it has no more. */
function orderOf(side: Side): readonly number[] {
  const current = new Set(side.current);
  return [...current, ...[...side.rows.keys()].filter((row) => !current.has(row))];
}

function told(side: Side, order: readonly number[], name: string): ReplaySide {
  const current = new Set(side.current);
  const steps = order.map((row): ReplayStep => {
    const known = side.rows[row] as Row;
    const { step, of, reran, certain } = known;
    return {
      stage: step.stage,
      line: current.has(row) ? step.line : null,
      instruction: step.instruction,
      text: step.shown(),
      of,
      reran,
      certain,
      causes: side.causesOf(known),
    };
  });
  const average = side.builds === 0 ? 0 : Math.round((side.reruns / side.builds) * 100) / 100;
  return { name, steps, builds: side.builds, average };
}

function moved({ certain, possible, stages }: ReplayReruns, place: (row: number) => number): ReplayReruns {
  const up = (rows: readonly number[]) => rows.map(place).toSorted((a, b) => a - b);
  const root = ({ step, causes }: ReplayRoot) => ({ step: place(step), causes });
  return {
    certain: up(certain),
    possible: up(possible),
    stages: stages.map((one) => ({ ...one, first: place(one.first), root: root(one.root) })),
  };
}

function pairsOf(sides: readonly Side[]): readonly (readonly [number | null, number | null])[] {
  const steps = sides.map((side) => side.current.map((row) => (side.rows[row] as Row).step));
  const [before, after] = steps;
  if (before === undefined) return [];
  if (after === undefined) return before.map((_, i) => [i, null]);
  const found = align(before, after);
  const partner = new Map(found.flatMap((i, j) => (i === undefined ? [] : [[i, j] as const])));
  const pairs: (readonly [number | null, number | null])[] = before.map((_, i) => [i, partner.get(i) ?? null]);
  // A step that only the second has stands after the one that it follows there.
  for (const [j, i] of found.entries())
    if (i === undefined) pairs.splice(pairs.findIndex(([, one]) => one === j - 1) + 1, 0, [null, j]);
  return pairs;
}
