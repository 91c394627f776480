import type { State } from '../language/shell/index.ts';
import { mayInstall } from '../language/shell/index.ts';
import { cacheDirectories, contains, mountCovers } from './caches.ts';
import { valueOf } from './known.ts';
import { mayReadLists } from './list-readers.ts';
import { oncePer, oncePerName } from './once.ts';
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

/** What was found on the way, and whether the state is certainly made anew there, so that later ones read that. */
interface Seen extends StateReaders {
  readonly ends: boolean;
}

const NOTHING: Seen = { reader: undefined, opaque: undefined, ends: false };

/** What was seen first of two stretches, the first of which comes before the other. */
function joined(first: Seen, later: () => Seen): Seen {
  if (first.ends || first.reader !== undefined) return first;
  const { reader, opaque, ends } = later();
  return { reader, opaque: first.opaque ?? opaque, ends };
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

function seenInCommands(state: State, commands: readonly StepCommand[]): Seen {
  let reader: StepCommand | undefined;
  let opaque: Step | undefined;
  for (const each of commands) {
    const { command, invocation } = each;
    const reads = invocation?.reads.includes(state) ?? false;
    if (reads) reader ??= each;
    else if (opaque === undefined && mayRead(state, each)) opaque = each.step;
    const renews = !reads && invocation?.action === 'update-index' && invocation.writes.includes(state);
    if (renews && command.certain) return { reader, opaque, ends: true };
  }
  return { reader, opaque, ends: false };
}

function seenInStep(state: State, step: Step): Seen {
  if (step.body !== undefined) return step.body.instruction.name === 'RUN' ? { ...NOTHING, opaque: step } : NOTHING;
  if (mountCovers(step, state) !== undefined) return NOTHING;
  const unread = step.scripts.some(
    ({ opaque, partial, commands }) => opaque !== undefined || (partial && commands.length === 0),
  );
  const { reader, opaque, ends } = seenInCommands(state, step.commands);
  return { reader, opaque: unread || isUnreadExec(step) ? step : opaque, ends };
}

/** What was seen from each step of a list on, to its end: each step is looked at once, however many ask. */
function seenFromEach(state: State, steps: readonly Step[]): readonly Seen[] {
  const seen: Seen[] = new Array(steps.length + 1).fill(NOTHING);
  for (let i = steps.length - 1; i >= 0; i--)
    seen[i] = joined(seenInStep(state, steps[i] as Step), () => seen[i + 1] as Seen);
  return seen;
}

/** The same for the steps of a stage, by state. */
const seenIn = oncePerName((stage: Stage, state: State) => seenFromEach(state, stage.steps));

/** What was seen in the steps of a stage from the one with that index on. */
function seenFrom(state: State, stage: Stage, index: number): Seen {
  return seenIn(stage, state)[Math.max(0, Math.ceil(index) - 1)] ?? NOTHING;
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
 * Who notices first when `command` leaves `state` empty: a command that reads it after `command` — later in its script and step,
 * in later steps of its stage (the start command too), in stages FROM it, and after a COPY or mount that takes it into another
 * stage — up to one that certainly makes it anew. Steps under a mount over the state read the mount.
 */
export function readersOf(build: Build, command: StepCommand, state: State): StateReaders {
  const { step } = command;
  const { stage } = step;
  const at = step.commands.findIndex((each) => each.command === command.command);
  return joined(seenInCommands(state, step.commands.slice(at + 1)), () =>
    stage === undefined
      ? NOTHING
      : joined(seenFrom(state, stage, Math.floor(step.index) + 1), () => seenBeyond(build, stage, state, step)),
  );
}

/** What was seen beyond the end of a stage, in all that is made from it. */
function seenBeyond(build: Build, first: Stage, state: State, origin: Step): Seen {
  const visited = new Set<Stage>([first]);
  const pending: { readonly stage: Stage; readonly seen: () => Seen }[] = [];
  let found = NOTHING;
  const follow = (stage: Stage) => {
    for (const child of usesIn(build).children.get(stage) ?? []) {
      if (visited.has(child)) continue;
      visited.add(child);
      const triggered = () => seenFromEach(state, child.triggers)[0] ?? NOTHING;
      pending.push({ stage: child, seen: () => joined(triggered(), () => seenFrom(state, child, 1)) });
    }
    for (const step of copiesOf(build, stage, origin, state)) {
      const taker = step.stage;
      if (taker === undefined || visited.has(taker)) continue;
      visited.add(taker);
      const from = Math.floor(step.index) + (step.instruction.name === 'RUN' ? 0 : 1);
      pending.push({ stage: taker, seen: () => seenFrom(state, taker, from) });
    }
  };
  follow(first);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const seen = next.seen();
    found = { reader: seen.reader, opaque: found.opaque ?? seen.opaque, ends: false };
    if (found.reader !== undefined) return found;
    if (!seen.ends) follow(next.stage);
  }
  return found;
}
