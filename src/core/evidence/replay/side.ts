import type { ReplayCause, ReplayReruns, ReplayRoot } from '../../vocabulary/index.ts';
import { align, stepsOf } from './align.ts';
import { type Contents, keyOf } from './contents.ts';
import type { Plan, PlannedStep } from './plan.ts';

export type Policy = 'previous' | 'ever';

/** What a step was in the last build. */
interface Last {
  readonly step: PlannedStep;
  readonly contents: readonly string[];
}

interface Rerun {
  readonly root: ReplayRoot;
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
  readonly causes: Map<string, { because: ReplayCause; commits: number }>;
}

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
  /** Row of each step of the plan, stage by stage. */
  #places: readonly (readonly number[])[] = [];
  /** Small numbers for keys. */
  readonly #ids = new Map<string, number>();
  #seen = new Set<number>();
  #last = new Map<number, Last>();
  #built = false;
  #serial = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  get plan(): Plan | undefined {
    return this.#plan;
  }

  /** The rows of the plan that holds now, in its order. */
  get current(): readonly number[] {
    return this.#places.flat();
  }

  /** From here on this is built. */
  use(plan: Plan): void {
    const before = this.#plan === undefined ? [] : stepsOf(this.#plan);
    const rows = this.current;
    const found = align(before, stepsOf(plan));
    let index = 0;
    this.#places = plan.stages.map(({ steps }) =>
      steps.map((step) => {
        const earlier = found[index];
        index += 1;
        const row = (earlier === undefined ? undefined : rows[earlier]) ?? this.#newRow(step);
        (this.rows[row] as Row).step = step;
        return row;
      }),
    );
    this.#plan = plan;
  }

  #newRow(step: PlannedStep): number {
    this.rows.push({ step, of: 0, reran: 0, certain: 0, causes: new Map() });
    return this.rows.length - 1;
  }

  #id(...parts: readonly (string | number)[]): number {
    const key = parts.join('\u0001');
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(key, id);
    return id;
  }

  /** Builds what the context holds now. @returns undefined for the first build: there was none before it */
  build(contents: Contents): ReplayReruns | undefined {
    const plan = this.#plan;
    if (plan === undefined) return undefined;
    this.#serial += 1;
    const pass = new Pass(this.#serial, this.#seen, this.#last, this.#id.bind(this));
    const ends: Above[] = [];
    for (const [i, stage] of plan.stages.entries()) {
      const places = this.#places[i] ?? [];
      let above: Above | undefined = stage.base === undefined ? undefined : ends[stage.base];
      for (const [j, step] of stage.steps.entries())
        above = pass.step(
          step,
          places[j] as number,
          above,
          step.from.map((from) => ends[from] as Above),
          contents,
        );
      ends.push(above as Above);
    }
    const isFirst = !this.#built;
    this.#built = true;
    this.#last = pass.now;
    if (this.#policy === 'previous') this.#seen = pass.keys;
    else for (const key of pass.keys) this.#seen.add(key);
    if (isFirst) return undefined;
    return this.#count(plan, pass.reruns);
  }

  /** Nothing that is built has changed: all of it comes from the cache. */
  same(): ReplayReruns | undefined {
    if (!this.#built || this.#plan === undefined) return undefined;
    if (stepsOf(this.#plan).some(({ varying }) => varying.length > 0)) return undefined;
    return this.#count(this.#plan, new Map());
  }

  #count(plan: Plan, reruns: ReadonlyMap<number, Rerun>): ReplayReruns {
    this.builds += 1;
    for (const places of this.#places) for (const row of places) (this.rows[row] as Row).of += 1;
    const stages = plan.stages.flatMap(({ label }, i) => {
      const first = this.#places[i]?.find((row) => reruns.has(row));
      return first === undefined ? [] : [{ stage: label, first, root: (reruns.get(first) as Rerun).root }];
    });
    for (const [index, { root, certain }] of reruns) {
      const row = this.rows[index] as Row;
      if (row.step.instruction !== 'FROM') this.reruns += 1;
      row.reran += 1;
      if (certain) row.certain += 1;
      for (const because of root.causes) {
        const key = Object.values(because).join('\u0000');
        const known = row.causes.get(key);
        if (known === undefined) row.causes.set(key, { because, commits: 1 });
        else known.commits += 1;
      }
    }
    const those = (certain: boolean) => [...reruns].filter(([, one]) => one.certain === certain).map(([row]) => row);
    return { certain: those(true), possible: those(false), stages };
  }
}

/** One build. */
class Pass {
  readonly keys = new Set<number>();
  readonly now = new Map<number, Last>();
  readonly reruns = new Map<number, Rerun>();
  readonly #seen: ReadonlySet<number>;
  readonly #last: ReadonlyMap<number, Last>;
  readonly #id: (...parts: readonly (string | number)[]) => number;
  /** A build that is not the first. */
  readonly #again: boolean;

  readonly #serial: number;

  constructor(
    serial: number,
    seen: ReadonlySet<number>,
    last: ReadonlyMap<number, Last>,
    id: (...parts: readonly (string | number)[]) => number,
  ) {
    this.#serial = serial;
    this.#seen = seen;
    this.#last = last;
    this.#id = id;
    this.#again = last.size > 0;
  }

  step(step: PlannedStep, row: number, above: Above | undefined, sources: readonly Above[], contents: Contents): Above {
    const taken = step.takes.map((taking) => `${keyOf(taking)}=${contents.of(taking).content.key}`);
    this.now.set(row, { step, contents: taken });
    if (step.instruction === 'FROM' && step.operation === '' && above !== undefined) return above;
    const own = [step.operation, ...step.environment, ...step.takes.map((one) => contents.of(one).content.key)].join(
      '\u0000',
    );
    const key = (bound: 'high' | 'low') =>
      this.#id(
        bound,
        own,
        step.varying.length > 0 ? this.#serial : '',
        step.linked || above === undefined ? '' : above[bound],
        // What a stage's files are after it reran only a build can tell: another content, or the same one.
        ...(bound === 'high' ? sources.map(({ high }) => high) : []),
      );
    const [high, low] = [key('high'), key('low')];
    this.keys.add(high).add(low);
    const rerun = this.#rerunOf(step, row, high, low, above, sources, taken, contents);
    if (rerun !== undefined) this.reruns.set(row, rerun);
    if (!step.linked || above === undefined) return { high, low, rerun };
    const merged = { high: this.#id('merge', above.high, high), low: this.#id('merge', above.low, low) };
    return { ...merged, rerun: above.rerun ?? rerun };
  }

  #rerunOf(
    step: PlannedStep,
    row: number,
    high: number,
    low: number,
    above: Above | undefined,
    sources: readonly Above[],
    taken: readonly string[],
    contents: Contents,
  ): Rerun | undefined {
    if (!this.#again || this.#seen.has(high)) return undefined;
    const certain = !this.#seen.has(low);
    const before = step.linked ? undefined : above?.rerun;
    // What reran above and, as far as is known, had to: that is why. What may have rerun is not, where a reason of its own is.
    if (before !== undefined && (before.certain || !certain)) return { root: before.root, certain };
    const causes = this.#own(step, row, taken, contents);
    if (causes.length > 0) return { root: { step: row, causes }, certain };
    const other = before ?? sources.find(({ rerun }) => rerun !== undefined)?.rerun;
    return { root: other?.root ?? { step: row, causes: [{ is: 'Dockerfile' }] }, certain };
  }

  /** What is not as it was in the last build, of the step itself. */
  #own(step: PlannedStep, row: number, taken: readonly string[], contents: Contents): readonly ReplayCause[] {
    const last = this.#last.get(row);
    if (last === undefined || last.step.operation !== step.operation) return [{ is: 'Dockerfile' }];
    const causes: ReplayCause[] = [];
    for (const [i, taking] of step.takes.entries()) {
      if (last.contents[i] === taken[i]) continue;
      const earlier = last.step.takes[i];
      if (earlier === undefined || keyOf(earlier) !== keyOf(taking)) return [{ is: 'Dockerfile' }];
      const { groups, refiltered } = contents.of(taking).touched;
      for (const [group, only] of groups) causes.push({ is: 'path', path: only ?? group });
      if (refiltered && groups.size === 0) causes.push({ is: 'ignore-file' });
    }
    if (causes.length > 0) return causes;
    const names = [...step.varying, ...changedNames(last.step.environment, step.environment)];
    return [...new Set(names)].map((name) => ({ is: 'argument', name }));
  }
}

function changedNames(before: readonly string[], after: readonly string[]): readonly string[] {
  const [was, is] = [new Set(before), new Set(after)];
  const nameOf = (pair: string) => pair.slice(0, pair.indexOf('='));
  return [
    ...new Set([...before.filter((pair) => !is.has(pair)), ...after.filter((pair) => !was.has(pair))].map(nameOf)),
  ];
}
