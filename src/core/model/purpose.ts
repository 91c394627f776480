import { type Role, roleOf, unwrapped } from '../language/shell/index.ts';
import type { Evidence, Fact } from '../vocabulary/index.ts';
import { isKnown } from './known.ts';
import { startOf } from './start.ts';
import type { Build, Purpose, Stage, Step } from './types.ts';

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What starts a program in a container only, beside what does so in any script. */
const STARTERS: ReadonlySet<string> = new Set(
  'catatonit init s6-setuidgid chpst bundle poetry pipenv uv npx bunx doppler docker-entrypoint.sh docker-php-entrypoint'.split(
    ' ',
  ),
);

/** The words from the program on, without what starts it (`tini --`, `exec`, `gosu app`, `bundle exec`). */
export function startProgram(argv: readonly string[]): readonly string[] {
  let rest = argv;
  for (;;) {
    rest = unwrapped(rest);
    const program = base(rest[0] ?? '');
    if (!STARTERS.has(program)) return rest;
    let at = 1;
    while (/^-|^\w+=/.test(rest[at] ?? '')) at += 1;
    // `chpst -u USER program`, `bundle exec program`, `poetry run program`.
    if (/^(?:s6-setuidgid|chpst)$/.test(program) || /^(?:exec|run)$/.test(rest[at] ?? '')) at += 1;
    rest = rest.slice(at);
  }
}

/** One command that a start runs. */
interface Started {
  readonly argv: readonly string[];
  readonly evidence: readonly Evidence[];
  /** It is all that its instruction runs. */
  readonly alone: boolean;
}

/** Commands that a start runs, in order: those of its scripts, else its argv. */
function startCommands(stage: Stage, file: string): readonly Started[] {
  const start = startOf(stage, file);
  const found: Started[] = [];
  const { entrypointStep, cmdStep } = start;
  const shellForm = entrypointStep?.instruction.args.form === 'shell';
  const steps = [entrypointStep, shellForm ? undefined : cmdStep].filter((step) => step !== undefined);
  for (const step of steps) {
    const alone =
      step.commands.length === 1 && step.scripts.every(({ opaque, lists }) => !opaque && lists.length === 1);
    for (const { command } of step.commands) {
      const program = command.program;
      if (program === undefined) continue;
      const argv = [command.programWord?.value ?? program, ...command.args.map(({ value }) => value ?? '')];
      found.push({ argv: startProgram(argv), evidence: [{ at: { file, span: command.span }, says: '' }], alone });
    }
  }
  // What a shell reads was read above, command by command.
  const read = (step: Step | undefined) => step !== undefined && step.scripts.length > 0;
  const add = (fact: Fact<readonly string[]>) => {
    if (!isKnown(fact)) return false;
    const argv = startProgram(fact.value);
    if (argv.length > 0) found.push({ argv, evidence: fact.evidence.slice(-1), alone: true });
    return roleOf(argv, true) !== undefined;
  };
  const whole = !read(entrypointStep) && !(entrypointStep === undefined && read(cmdStep)) && add(start.argv);
  // An entrypoint script is followed by the command that it ends with.
  if (!whole && !read(cmdStep) && !shellForm) add(start.cmd);
  return found;
}

function seenRole(role: Role, { evidence }: Started): readonly Evidence[] {
  return evidence.map(({ at }) => ({ at, says: role.says }));
}

/** A script that the project brings, by its name: what it ends with cannot be seen, but it prepares a start. */
const START_SCRIPT = /\.sh$|^(?:docker[-_])?(?:entry[-_]?point|start|run|init|boot(?:strap)?|launch)(?:[-_]\w+)?$/;

/** EXPOSE in what ships. */
function exposes(stages: readonly Stage[]): Step | undefined {
  for (const stage of stages) {
    const step = stage.steps.find(({ instruction }) => instruction.name === 'EXPOSE');
    if (step !== undefined) return step;
  }
  return undefined;
}

/**
 * What a stage is for, when it is built and started without further arguments. A server as start command (its own, or that of
 * its base) or an EXPOSE makes a service; ONBUILD, an interactive interpreter or no start command of its own a base; a program
 * that ends a job.
 */
export function purposeOf(build: Build, stage: Stage): Purpose {
  const { file } = build;
  const chain = [stage, ...stage.ancestors];
  const seen = (step: Step, says: string): Evidence => ({ at: { file, span: step.instruction.span }, says });

  const commands = startCommands(stage, file);
  const roles = commands.flatMap((started) => {
    const role = roleOf(started.argv, started.alone);
    return role === undefined ? [] : [{ role, started }];
  });
  const server = roles.find(({ role }) => role.is === 'server');
  const exposed = exposes(chain);
  const probe = stage.end.healthcheck;
  if (server !== undefined || exposed !== undefined) {
    const evidence = server === undefined ? [] : seenRole(server.role, server.started);
    return {
      is: 'service',
      evidence: [...evidence, ...(exposed === undefined ? [] : [seen(exposed, 'exposes a port')])],
    };
  }
  const onbuild = stage.steps.find(({ instruction }) => instruction.name === 'ONBUILD');
  if (onbuild !== undefined)
    return { is: 'base', evidence: [seen(onbuild, 'has instructions for images that are built on it')] };
  if (probe !== undefined && probe.instruction.probe?.value.toUpperCase() !== 'NONE') {
    return { is: 'service', evidence: [seen(probe, 'has a health check')] };
  }

  const start = startOf(stage, file);
  const own = start.entrypointStep !== undefined || start.cmdStep !== undefined;
  const brought = own ? undefined : inherited(stage, (says) => seen(stage.from, says));
  if (brought !== undefined) return brought;
  // A lone /sbin/init starts whatever the system has enabled.
  const init =
    isKnown(start.argv) &&
    start.argv.value.length === 1 &&
    /^(?:(?:\/usr)?\/s?bin)?\/init$/.test(start.argv.value[0] ?? '');
  // Official images call their entrypoint so, and so do projects: theirs may start the program itself.
  const script = start.entrypointStep !== undefined && endsIn(start.argv, 'docker-entrypoint.sh');
  if (isKnown(start.argv) && startProgram(start.argv.value).length === 0 && !init && !script)
    return { is: 'base', evidence: [seen(stage.from, 'has no start command')] };

  const last = commands.at(-1);
  const known = roles.find(({ started }) => started === last);
  // Before a prompt an entrypoint may start anything, and what comes before another command has its reason.
  const first = commands.length === 1 || start.entrypointStep === undefined;
  if (known?.role.is === 'prompt' && known.started.alone && first)
    return { is: 'base', evidence: seenRole(known.role, known.started) };
  const help = roles.find(({ role, started }) => role.tells && started.alone);
  const task = help ?? (known?.role.is === 'task' ? known : undefined);
  if (task !== undefined) return { is: 'job', evidence: seenRole(task.role, task.started) };
  const [program = ''] = last?.argv ?? [];
  if (isWebServer(stage) && (START_SCRIPT.test(base(program)) || runsScript(last?.argv ?? [])))
    return { is: 'service', evidence: [seen(stage.from, 'is built on a web server, which its script starts')] };
  return { is: 'unknown', evidence: [] };
}

/** The purpose of a stage that starts what its base image does. */
function inherited(stage: Stage, seen: (says: string) => Evidence): Purpose | undefined {
  const { starts, entrypoint, os } = stage.image;
  if (isKnown(starts)) {
    switch (starts.value) {
      case 'prompt':
        return { is: 'base', evidence: [seen('has no start command of its own, and its base waits for input')] };
      case 'tool':
        return { is: 'job', evidence: [seen('starts the tool of its base')] };
      default:
        return { is: 'service', evidence: [seen('starts the server of its base')] };
    }
  }
  // What an operating system's image starts by itself is a shell, by whatever name.
  const system = isKnown(entrypoint) && entrypoint.value.length === 0 && isKnown(os);
  return system && !isKnown(stage.image.cmd)
    ? { is: 'base', evidence: [seen('has no start command of its own')] }
    : undefined;
}

function endsIn(argv: Fact<readonly string[]>, name: string): boolean {
  return isKnown(argv) && base(argv.value.at(-1) ?? '') === name;
}

function isWebServer(stage: Stage): boolean {
  const { starts } = stage.image;
  return isKnown(starts) && starts.value === 'web-server';
}

function runsScript([shell = '', script = '', ...more]: readonly string[]): boolean {
  return /^(?:sh|bash|ash|dash)$/.test(base(shell)) && more.length === 0 && /\.sh$/.test(script);
}
