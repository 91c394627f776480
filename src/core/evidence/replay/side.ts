import type { ReplayCause, ReplayReruns, ReplayRoot } from '../../vocabulary/index.ts';
import { align, stepsOf } from './align.ts';
import { type Content, type Contents, keyOf } from './contents.ts';
import type { Plan, PlannedStep } from './plan.ts';

export type Policy = 'previous' | 'ever';

/** A step of the plan that holds now. */
interface Place {
  readonly row: number;
  /** Of the plan. */
  readonly stage: number;
  readonly step: PlannedStep;
  /** Stands for all that is written of it. */
  readonly written: number;
  readonly takes: readonly Content[];
}

/** What a step was in the last build. */
interface Last {
  readonly place: Place;
  readonly sums: readonly string[];
  /** Its key, but for what stands before it and is copied from stages. */
  readonly above: Above | undefined;
  readonly sources: string;
  readonly result: Above;
}

interface Rerun {
  readonly row: number;
  /** Of the plan. */
  readonly stage: number;
  readonly root: ReplayRoot;
  /** The causes of the root, as indices. */
  readonly because: readonly number[];
  readonly certain: boolean;
}

/** What stands before a step: what it is worth as a key, and why it is not what it was. */
interface Above {
  readonly high: number;
  readonly low: number;
  readonly rerun: Rerun | undefined;
}

/** How often a row reran. */
export interface Row {
  step: PlannedStep;
  of: number;
  reran: number;
  certain: number;
  /** Commits by the index of their cause; a hole is none. */
  readonly causes: number[];
}

const NOTHING: ReplayReruns = { certain: [], possible: [], stages: [] };

/**
 * A Dockerfile that is built at each commit, or the Dockerfiles that each commit has.
 *
 * Source of the behaviour: github.com/moby/buildkit. A RUN's root file system counts by where it comes from
 * (`ExecOp.CacheMap`), what COPY, ADD and bind mounts read counts by its content (`fileOp.CacheMap`, selectors).
 */
export class Side {
  readonly #policy: Policy;
  readonly rows: Row[] = [];
  /** Builds that had one before them. */
  builds = 0;
  reruns = 0;
  #plan: Plan | undefined;
  /** The steps of the plan, stage by stage. */
  #places: readonly (readonly Place[])[] = [];
  #varies = false;
  /** Small numbers for keys. */
  readonly #ids = new Map<string, number>();
  readonly #causes = new Causes();
  /** By key: the build that had it last. */
  readonly #seen: number[] = [];
  /** By row. */
  readonly #last: (Last | undefined)[] = [];
  #serial = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  get plan(): Plan | undefined {
    return this.#plan;
  }

  /** The rows of the plan that holds now, in its order. */
  get current(): readonly number[] {
    return this.#places.flatMap((places) => places.map(({ row }) => row));
  }

  /** Why a row reran, most often first. */
  causesOf({ causes }: Row): readonly { readonly because: ReplayCause; readonly commits: number }[] {
    return Object.entries(causes)
      .map(([index, commits]) => ({ because: this.#causes.told(Number(index)), commits }))
      .sort((a, b) => b.commits - a.commits);
  }

  /** From here on this is built. */
  use(plan: Plan, contents: Contents): void {
    const before = this.#plan === undefined ? [] : stepsOf(this.#plan);
    const rows = this.current;
    const found = align(before, stepsOf(plan));
    let index = 0;
    const environments = new Map<readonly string[], number>();
    const environmentId = (pairs: readonly string[]) => {
      const id = environments.get(pairs) ?? this.#id(pairs.join('\u0000'));
      environments.set(pairs, id);
      return id;
    };
    this.#places = plan.stages.map(({ steps }, stage) =>
      steps.map((step): Place => {
        const earlier = found[index];
        index += 1;
        const row = (earlier === undefined ? undefined : rows[earlier]) ?? this.#newRow(step);
        (this.rows[row] as Row).step = step;
        const takes = step.takes.map((taking) => contents.of(taking));
        const written = this.#id(
          [step.operation, environmentId(step.environment), ...step.takes.map(keyOf)].join('\u0000'),
        );
        return { row, stage, step, written, takes };
      }),
    );
    this.#plan = plan;
    this.#varies = stepsOf(plan).some(({ varying }) => varying.length > 0);
  }

  #newRow(step: PlannedStep): number {
    this.rows.push({ step, of: 0, reran: 0, certain: 0, causes: [] });
    return this.rows.length - 1;
  }

  #id(key: string): number {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(key, id);
    }
    return id;
  }

  /**
   * Builds what the context holds now.
   * @param isSame neither the plan nor anything that it takes is another one
   */
  build(isSame: boolean): ReplayReruns {
    const plan = this.#plan;
    if (plan === undefined) return NOTHING;
    const isFirst = this.#serial === 0;
    this.#serial += 1;
    if (isSame && !isFirst && !this.#varies) {
      // All of it is in the cache of this build too.
      this.#serial -= 1;
      return this.#count(plan, []);
    }
    const pass = new Pass(this.#policy, this.#serial, this.#seen, this.#last, this.#causes, (key) => this.#id(key));
    const ends: Above[] = [];
    for (const [i, { base }] of plan.stages.entries()) {
      let above: Above | undefined = base === undefined ? undefined : ends[base];
      for (const place of this.#places[i] ?? []) above = pass.step(place, above, ends);
      ends.push(above as Above);
    }
    pass.remember();
    return isFirst ? NOTHING : this.#count(plan, pass.reruns);
  }

  #count(plan: Plan, reruns: readonly Rerun[]): ReplayReruns {
    this.builds += 1;
    for (const places of this.#places) for (const { row } of places) (this.rows[row] as Row).of += 1;
    if (reruns.length === 0) return NOTHING;
    const certain: number[] = [];
    const possible: number[] = [];
    for (const rerun of reruns) {
      const row = this.rows[rerun.row] as Row;
      (rerun.certain ? certain : possible).push(rerun.row);
      if (row.step.instruction !== 'FROM') this.reruns += 1;
      row.reran += 1;
      if (rerun.certain) row.certain += 1;
      for (const cause of rerun.because) row.causes[cause] = (row.causes[cause] ?? 0) + 1;
    }
    // They are in the order of the plan: the first of each stage begins it.
    const stages: ReplayReruns['stages'][number][] = [];
    for (const { row, stage, root } of reruns)
      if (stages.at(-1)?.stage !== plan.stages[stage]?.label)
        stages.push({ stage: plan.stages[stage]?.label ?? '', first: row, root });
    return { certain, possible, stages };
  }
}

/** Why steps rerun, each told once. Paths of one directory are one cause. */
class Causes {
  readonly #indices = new Map<string, number>();
  readonly #all: ReplayCause[] = [];

  /** @param group what paths are counted under; the path itself is told as long as it is the only one */
  index(cause: ReplayCause, group?: string): number {
    const key = `${cause.is} ${group ?? ('name' in cause ? cause.name : '')}`;
    const known = this.#indices.get(key);
    if (known === undefined) {
      this.#indices.set(key, this.#all.length);
      return this.#all.push(cause) - 1;
    }
    const told = this.#all[known];
    if (group !== undefined && told?.is === 'path' && cause.is === 'path' && told.path !== cause.path)
      this.#all[known] = { is: 'path', path: group };
    return known;
  }

  told(index: number): ReplayCause {
    return this.#all[index] as ReplayCause;
  }
}

/** One build. */
class Pass {
  readonly reruns: Rerun[] = [];
  readonly #keys: number[] = [];
  readonly #policy: Policy;
  readonly #serial: number;
  readonly #seen: number[];
  readonly #last: (Last | undefined)[];
  readonly #causes: Causes;
  readonly #id: (key: string) => number;

  constructor(
    policy: Policy,
    serial: number,
    seen: number[],
    last: (Last | undefined)[],
    causes: Causes,
    id: (key: string) => number,
  ) {
    this.#policy = policy;
    this.#serial = serial;
    this.#seen = seen;
    this.#last = last;
    this.#causes = causes;
    this.#id = id;
  }

  #hasSeen(key: number): boolean {
    const build = this.#seen[key];
    return this.#policy === 'ever' ? build !== undefined : build === this.#serial - 1;
  }

  /** From now on this build is one that was made. */
  remember(): void {
    for (const key of this.#keys) this.#seen[key] = this.#serial;
  }

  step(place: Place, above: Above | undefined, ends: readonly Above[]): Above {
    const { step, row } = place;
    const sums = place.takes.map(({ sum }) => sum.key);
    // What a stage's files are after it reran only a build can tell: another content, or the same one.
    const sources = step.from.map((from) => ends[from]?.high).join(' ');
    const last = this.#last[row];
    if (last !== undefined && isSame(last, place, above, sources, sums)) {
      const { high, low, rerun } = last.result;
      this.#keys.push(high, low);
      if (rerun === undefined) return last.result;
      return this.#keep(place, above, sources, sums, { high, low, rerun: undefined });
    }
    if (step.instruction === 'FROM' && step.operation === '' && above !== undefined)
      return this.#keep(place, above, sources, sums, above);
    const stands = step.linked ? undefined : above;
    const own = `${place.written} ${sums.join(' ')} ${step.varying.length > 0 ? this.#serial : ''}`;
    const low = this.#id(`${own} ${stands?.low ?? ''}`);
    const isOpen = sources !== '' || stands?.low !== stands?.high;
    const high = isOpen ? this.#id(`high ${own} ${stands?.high ?? ''} ${sources}`) : low;
    this.#keys.push(high, low);
    const rerun = this.#serial === 1 || this.#hasSeen(high) ? undefined : this.#rerun(place, low, sums, stands, ends);
    if (rerun !== undefined) this.reruns.push(rerun);
    if (!step.linked || above === undefined) return this.#keep(place, above, sources, sums, { high, low, rerun });
    const merged = { high: this.#id(`merge ${above.high} ${high}`), low: this.#id(`merge ${above.low} ${low}`) };
    this.#keep(place, above, sources, sums, { high, low, rerun });
    return { ...merged, rerun: above.rerun ?? rerun };
  }

  #keep(place: Place, above: Above | undefined, sources: string, sums: readonly string[], result: Above): Above {
    this.#last[place.row] = { place, above, sources, sums, result };
    return result;
  }

  #rerun(place: Place, low: number, sums: readonly string[], above: Above | undefined, ends: readonly Above[]): Rerun {
    const { row, stage, step } = place;
    const certain = !this.#hasSeen(low);
    const before = above?.rerun;
    // What reran above and, as far as is known, had to: that is why. What may have rerun is not, where a reason of its own is.
    if (before !== undefined && (before.certain || !certain)) return { ...before, row, stage, certain };
    const because = this.#own(place, sums);
    if (because.length > 0) return this.#from(place, because, certain);
    const other = before ?? step.from.map((from) => ends[from]?.rerun).find((rerun) => rerun !== undefined);
    if (other !== undefined) return { ...other, row, stage, certain };
    return this.#from(place, [this.#causes.index({ is: 'Dockerfile' })], certain);
  }

  #from({ row, stage }: Place, because: readonly number[], certain: boolean): Rerun {
    const causes = because.map((index) => this.#causes.told(index));
    return { row, stage, root: { step: row, causes }, because, certain };
  }

  /** What is not as it was in the last build, of the step itself. */
  #own({ row, step, takes }: Place, sums: readonly string[]): readonly number[] {
    const last = this.#last[row];
    const changed = [this.#causes.index({ is: 'Dockerfile' })];
    if (last === undefined || last.place.step.operation !== step.operation) return changed;
    const found: number[] = [];
    for (const [i, content] of takes.entries()) {
      if (last.place.takes[i] !== content) return changed;
      if (last.sums[i] === sums[i]) continue;
      for (const [group, only] of content.touched)
        found.push(this.#causes.index({ is: 'path', path: only ?? group }, group));
      if (content.refiltered && content.touched.size === 0) found.push(this.#causes.index({ is: 'ignore-file' }));
    }
    if (found.length > 0) return found;
    const names = [...step.varying, ...changedNames(last.place.step.environment, step.environment)];
    return [...new Set(names)].map((name) => this.#causes.index({ is: 'argument', name }));
  }
}

/** Everything that makes up its key is as it was, so that it is in the cache. A linked step has another key for what follows. */
function isSame(last: Last, place: Place, above: Above | undefined, sources: string, sums: readonly string[]): boolean {
  return (
    last.place === place &&
    !place.step.linked &&
    place.step.varying.length === 0 &&
    last.sources === sources &&
    last.above?.high === above?.high &&
    last.above?.low === above?.low &&
    sums.every((sum, i) => sum === last.sums[i])
  );
}

function changedNames(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before === after) return [];
  const [was, is] = [new Set(before), new Set(after)];
  const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='));
  return [...before.filter((pair) => !is.has(pair)), ...after.filter((pair) => !was.has(pair))].map(nameOf);
}
