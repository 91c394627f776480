import type { Invocation, State } from '../language/shell/index.ts';
import { mayInstall } from '../language/shell/index.ts';
import { mountCovers } from './caches.ts';
import { mayReadLists } from './list-readers.ts';
import { oncePer } from './once.ts';
import { anyTaken, copiesOf, readersOf } from './readers.ts';
import type { Build, Stage, Step, StepCommand } from './types.ts';

/** Asked for its version or help a program does nothing else: `yarn --version` is no install. */
export function onlyTells({ options }: Invocation): boolean {
  return options.some(({ name }) => name === '--version' || name === '--help');
}

/** The states that commands of a step write. */
const writtenBy: (step: Step) => ReadonlySet<State> = oncePer(
  ({ commands }) => new Set(commands.flatMap(({ invocation }) => invocation?.writes ?? [])),
);

/**
 * The last command of a step that writes `state` without anything later in the step clearing it: what it wrote is in the
 * step's layer. A clearing that may not run counts, so that nothing is said where it is not certain.
 * @param others states whose clearing does as well: yum and dnf clear each other's cache where they are one program
 * @returns undefined as well when a cache or tmpfs mount lies over the state, and for steps that cannot be read
 */
export function leftBehind(step: Step, state: State, others: readonly State[] = []): StepCommand | undefined {
  if (!writtenBy(step).has(state)) return undefined;
  let writer: StepCommand | undefined;
  for (const each of step.commands) {
    const { invocation } = each;
    if (invocation === undefined || onlyTells(invocation)) continue;
    if (invocation.clears.includes(state) || others.some((one) => invocation.clears.includes(one))) writer = undefined;
    else if (invocation.writes.includes(state)) writer = each;
  }
  return writer === undefined || mountCovers(step, state) !== undefined ? undefined : writer;
}

/**
 * The command of a step that makes a package index while nothing in the step installs: a later step is to use it, from a
 * layer that may be cached and old by then.
 */
export function indexForLater(step: Step, state: State): StepCommand | undefined {
  if (!writtenBy(step).has(state)) return undefined;
  const update = step.commands.find(
    ({ invocation }) => invocation?.action === 'update-index' && invocation.writes.includes(state),
  );
  const uses = ({ invocation }: StepCommand) =>
    invocation?.reads.includes(state) ||
    (invocation?.program === update?.invocation?.program && invocation?.action === 'install');
  if (update === undefined || step.commands.some(uses)) return undefined;
  // A script that the same RUN starts after it may be what installs.
  const later = step.commands.slice(step.commands.indexOf(update) + 1);
  return later.some(state === 'apt-lists' ? mayReadLists : mayInstall) ? undefined : update;
}

/** Behind an `exit` or `exec` nothing runs. */
function endsEarly({ command }: StepCommand): boolean {
  return command.program === 'exit' || command.wrappers.includes('exec');
}

/** Why no command can be added at the end of a step so that it runs whenever the step succeeds; undefined when one can. */
export function whyNotAtEnd({ step, script, command }: StepCommand): string | undefined {
  if (step.scripts.length !== 1 || script.partial) return 'a part of the script cannot be read';
  if (command.nesting.includes('sh -c')) return 'the command stands in a string for sh -c';
  return step.commands.some(endsEarly) ? 'the script may end before its last command' : undefined;
}

/**
 * Why the program of `writer` cannot be called again at the end of its step: it may not be there, or what it runs in.
 * Undefined when it can.
 */
export function whyNotAgain(writer: StepCommand): string | undefined {
  const { step, command } = writer;
  if (!command.certain) return 'whether the command runs depends on a condition';
  if (command.wrappers.length > 0 || command.nesting.length > 0) return 'the command runs in surroundings of its own';
  const later = step.commands.slice(step.commands.indexOf(writer) + 1);
  const moves = step.commands.some(({ command: { program } }) => /^(?:cd|pushd)$/.test(program ?? ''));
  const removed = later.some(({ invocation }) => {
    if (invocation?.action === 'remove') return true;
    const names = invocation?.operands.map(({ unquoted }) => unquoted) ?? [];
    return (
      invocation?.action === 'delete' && (moves || names.some((name) => /node|npm|yarn|\/usr|\/opt|\$/.test(name)))
    );
  });
  return removed ? 'something is removed after it, which may be the program or the directory it runs in' : undefined;
}

const OFFLINE = new Set(['--offline', '--prefer-offline', '--no-index', '--cacheonly', '--no-network']);

/** Steps of a stage that work without a network. */
const offlineIn: (stage: Stage) => readonly Step[] = oncePer(({ steps }) =>
  steps.filter(({ commands }) =>
    commands.some(({ invocation }) => invocation?.options.some(({ name }) => OFFLINE.has(name))),
  ),
);

const anyOffline: (build: Build) => boolean = oncePer(({ stages }) =>
  stages.some((stage) => offlineIn(stage).length > 0),
);

/**
 * Why what a step leaves in `state` must stay: a later step reads it, may read it unseen, copies it out, or works without a
 * network. Undefined when nothing does.
 */
export function whyNeeded(build: Build, step: Step, state: State): string | undefined {
  const last = step.commands.at(-1);
  if (last === undefined) return undefined;
  const { reader, opaque } = readersOf(build, last, state);
  const line = ({ instruction }: Step) => `line ${instruction.startLine}`;
  if (reader !== undefined) return `${line(reader.step)} reads it`;
  // Without its lists apt fails; the others fetch again what they miss.
  if (opaque !== undefined && state === 'apt-lists')
    return `${line(opaque)} may read it, and its commands cannot be seen`;
  const { stage } = step;
  if (stage === undefined) return undefined;
  // Along a chain of stages each has all later ones for descendants: they are asked for only where one may answer.
  const descendants = anyOffline(build) || anyTaken(build) ? stage.descendants : [];
  const offline =
    offlineIn(stage).find(({ index }) => index > step.index) ??
    descendants.map((each) => offlineIn(each)[0]).find((each) => each !== undefined);
  if (offline !== undefined) return `${line(offline)} works without a network`;
  for (const each of [stage, ...descendants]) {
    const [copy] = copiesOf(build, each, step, state);
    if (copy !== undefined) return `${line(copy)} may take it to another stage`;
  }
  return undefined;
}
