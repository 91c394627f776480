import type { State } from '../language/shell/index.ts';
import { cacheDirectories, contains, mountCovers } from './caches.ts';
import { valueOf } from './known.ts';
import { mayReadLists } from './list-readers.ts';
import { mayInstall } from './may-install.ts';
import { oncePer } from './once.ts';
import { stepsAfter } from './stages.ts';
import type { Build, Stage, StageSource, StateReaders, Step, StepCommand } from './types.ts';
import { copyWords } from './words.ts';

/** States that a package manager keeps about packages: any program that is not known may call it. */
const PACKAGE_STATES: ReadonlySet<State> = new Set([
  'apt-lists',
  'apt-archives',
  'apk-index',
  'dnf-cache',
  'yum-cache',
  'zypper-cache',
  'pacman-cache',
]);

/** What was found so far, and whether the state is as it was. */
interface Walk {
  readonly state: State;
  /** The first reader is all that is asked for. */
  readonly enough: boolean;
  readonly readers: StepCommand[];
  readonly opaque: Set<Step>;
}

/**
 * What is missing from a cache is fetched again: there only what looks like an installing script counts. Without its lists apt
 * fails, so that who reads those is whoever is not known to leave them alone; what a container starts is for `startInstalls`.
 */
function mayRead(state: State, each: StepCommand): boolean {
  const { name } = each.step.instruction;
  if (state === 'apt-lists' && (name === 'CMD' || name === 'ENTRYPOINT')) return false;
  if (state === 'apt-lists' && name === 'RUN') return mayReadLists(each);
  return PACKAGE_STATES.has(state) && mayInstall(each);
}

/** Looks at commands in order. @returns false when one certainly makes the state anew, so that later ones read that. */
function walkCommands(walk: Walk, commands: readonly StepCommand[]): boolean {
  for (const each of commands) {
    const { command, invocation } = each;
    const reads = invocation?.reads.includes(walk.state) ?? false;
    if (reads) walk.readers.push(each);
    else if (mayRead(walk.state, each)) walk.opaque.add(each.step);
    const renews = !reads && invocation?.action === 'update-index' && invocation.writes.includes(walk.state);
    if (renews && command.certain) return false;
  }
  return true;
}

function walkSteps(walk: Walk, steps: readonly Step[]): boolean {
  for (const step of steps) {
    if (walk.enough && walk.readers.length > 0) return false;
    if (step.body !== undefined) {
      if (step.body.instruction.name === 'RUN') walk.opaque.add(step);
      continue;
    }
    if (mountCovers(step, walk.state) !== undefined) continue;
    const unread = step.scripts.some(
      ({ opaque, partial, commands }) => opaque !== undefined || (partial && commands.length === 0),
    );
    if (unread || isUnreadExec(step)) walk.opaque.add(step);
    if (!walkCommands(walk, step.commands)) return false;
  }
  return true;
}

/** A RUN in exec form starts a program that no table was asked about. */
function isUnreadExec({ instruction, argv, scripts }: Step): boolean {
  return instruction.name === 'RUN' && argv !== undefined && argv.length > 0 && scripts.length === 0;
}

/** What stages are made of: which are FROM a stage, and which take files out of it. */
interface Uses {
  readonly children: ReadonlyMap<Stage, readonly Stage[]>;
  readonly takers: ReadonlyMap<Stage, readonly StageSource[]>;
}

const usesIn: (build: Build) => Uses = oncePer(({ stages }) => {
  const children = new Map<Stage, Stage[]>();
  const takers = new Map<Stage, StageSource[]>();
  const add = <V>(to: Map<Stage, V[]>, stage: Stage, value: V) => {
    const list = to.get(stage);
    if (list === undefined) to.set(stage, [value]);
    else list.push(value);
  };
  for (const stage of stages) {
    if (stage.base.kind === 'stage') add(children, stage.base.stage, stage);
    for (const source of stage.sources)
      if (source.from !== undefined && 'steps' in source.from) add(takers, source.from, source);
  }
  return { children, takers };
});

/** Whether any stage takes files out of another. */
export function anyTaken(build: Build): boolean {
  return usesIn(build).takers.size > 0;
}

/** Stages that copy the state, or a directory above it, out of `stage`: with the step that does. */
export function copiesOf(build: Build, stage: Stage, at: Step, state: State): readonly Step[] {
  const takers = usesIn(build).takers.get(stage);
  if (takers === undefined) return [];
  const directories = valueOf(cacheDirectories(at, state)) ?? [];
  return takers.flatMap(({ step, via }) => {
    if (via === 'mount') return [step];
    const takes = copyWords(step)?.sources.some((word) => {
      const path = valueOf(step.expand(word));
      return (
        path === undefined ||
        /[*?[]/.test(path) ||
        directories.some((each) => contains(absolute(path), each) || contains(each, absolute(path)))
      );
    });
    return takes || directories.length === 0 ? [step] : [];
  });
}

const absolute = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/**
 * Who notices when `command` leaves `state` empty: every command that reads it after `command` — later in its script and step,
 * in later steps of its stage (the start command too), in stages FROM it, and after a COPY or mount that takes it into another
 * stage — up to one that certainly makes it anew. Steps under a mount over the state read the mount.
 * @param enough look no further than to the first that reads it
 */
export function readersOf(build: Build, command: StepCommand, state: State, enough = false): StateReaders {
  const walk: Walk = { state, enough, readers: [], opaque: new Set() };
  const { step } = command;
  const at = step.commands.findIndex((each) => each.command === command.command);
  const alive = walkCommands(walk, step.commands.slice(at + 1));
  const { stage } = step;
  if (!alive || stage === undefined) return { readers: walk.readers, opaque: [...walk.opaque] };
  followStage(build, walk, stage, stepsAfter(step), step);
  return { readers: walk.readers, opaque: [...walk.opaque] };
}

/** Walks the rest of a stage and, where the state survives, all that is made from it; each stage once. */
function followStage(build: Build, walk: Walk, first: Stage, steps: readonly Step[], origin: Step): void {
  const seen = new Set<Stage>([first]);
  const pending: { stage: Stage; steps: readonly Step[] }[] = [{ stage: first, steps }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (walk.enough && walk.readers.length > 0) return;
    const { stage } = next;
    if (!walkSteps(walk, next.steps)) continue;
    for (const child of usesIn(build).children.get(stage) ?? []) {
      if (seen.has(child)) continue;
      seen.add(child);
      pending.push({ stage: child, steps: [...child.triggers, ...child.steps] });
    }
    for (const step of copiesOf(build, stage, origin, walk.state)) {
      if (step.stage === undefined || seen.has(step.stage)) continue;
      seen.add(step.stage);
      const inclusive = step.instruction.name === 'RUN' ? [step] : [];
      pending.push({ stage: step.stage, steps: [...inclusive, ...stepsAfter(step)] });
    }
  }
}
