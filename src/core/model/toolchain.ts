import type { Fact, Span } from '../vocabulary/index.ts';
import { dependencyInstalls, takesDevelopment } from './dependencies.ts';
import { isKnown } from './known.ts';
import { oncePer } from './once.ts';
import { SYSTEM_MANAGERS } from './packages.ts';
import type { Stage, Step, StepCommand } from './types.ts';

/** Something in a stage that building needs and running does not. */
export interface BuildSign {
  readonly kind: 'compiler' | 'build' | 'development';
  readonly step: Step;
  readonly at: Span;
  /** What it is, for a message: `gcc is installed`, `npm run build runs`. */
  readonly says: string;
}

/**
 * Whether an image carries compilers that its smaller variants leave out: by the base table, or by a name that says JDK or SDK.
 * PHP's image on Debian keeps its own for extensions, and has no variant without.
 */
export function shipsToolchain(root: Stage['root']): Fact<boolean> {
  if (root.kind === 'scratch') return { value: false, from: 'table', evidence: [] };
  const { toolchain } = root.facts;
  if (!isKnown(root.image)) return toolchain;
  const { familiar, tag = '' } = root.image.value;
  if (familiar === 'php') return { value: false, from: 'table', evidence: [] };
  if (isKnown(toolchain) || !/(?:^|[-/])(?:sdk|jdk)(?:$|[-/\d])/.test(`${familiar}/${tag}`)) return toolchain;
  return { value: true, from: 'files', evidence: root.image.evidence };
}

/** Packages that hold a compiler, whatever the system calls them. */
const COMPILER =
  /^(?:gcc(?:-\d+)?|g\+\+(?:-\d+)?|gcc-c\+\+|clang(?:-\d+)?|build-essential|build-base|alpine-sdk|base-devel|gfortran|rustc|cargo|golang(?:-go|-\d[\d.]*)?|go|openjdk-?\d+-jdk(?:-headless)?|default-jdk(?:-headless)?|java-[\d.]+-openjdk-devel|cmake)$/;

/** True for a package whose name says that it holds a compiler. */
export function isCompiler(name: string): boolean {
  return COMPILER.test(name);
}

/** Build tools of the Node world that have no table of their own: they run as scripts of a project. */
const NODE_BUILDERS =
  /^(?:tsc|webpack|vite|rollup|esbuild|parcel|ng|next|nuxt|gatsby|gulp|grunt|babel|react-scripts|vue-cli-service|nest|turbo|nx|tsup)$/;
const SCRIPT_NAME = /^(?:build|compile|bundle|dist|prod|production|webpack|tsc)(?:$|[:-])/;

/** A package manager's way to run a script of the project or a tool that it installed. */
function runsScript({ invocation }: StepCommand): boolean {
  if (invocation === undefined) return false;
  const { program, subcommand, operands } = invocation;
  const [name = '', argument = ''] = operands.map(({ unquoted }) => unquoted);
  if (/^(?:npx|bunx|pnpx)$/.test(program)) return NODE_BUILDERS.test(name) && isBuilding(name, argument);
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(program)) return false;
  if (subcommand === 'build') return true;
  if (subcommand === 'exec' || subcommand === 'dlx') return NODE_BUILDERS.test(name) && isBuilding(name, argument);
  if (subcommand === 'run' || subcommand === 'run-script') return SCRIPT_NAME.test(name);
  return subcommand === undefined && invocation.action === 'run' && SCRIPT_NAME.test(name);
}

/** `next start` and `vite preview` serve; the compilers proper only build. */
function isBuilding(name: string, argument: string): boolean {
  return (
    !/^(?:ng|next|nuxt|gatsby|vite|react-scripts|vue-cli-service|nest|turbo|nx)$/.test(name) ||
    /^(?:build|export|generate|run)$/.test(argument)
  );
}

/** True when a command makes what the program runs from: a compiler or a bundler, by itself or as a script of the project. */
export function runsBuild(command: StepCommand): boolean {
  const { invocation } = command;
  const { program = '', args } = command.command;
  if (invocation === undefined) return NODE_BUILDERS.test(program) && isBuilding(program, args[0]?.unquoted ?? '');
  if (invocation.action === 'build') {
    if (/^(?:go|cargo|mvn|gradle)$/.test(invocation.program)) return invocation.subcommand !== 'chef prepare';
    if (invocation.program === 'dotnet') return true;
  }
  // a program with modules that lie beside it is no build: go install takes a tool from elsewhere
  if (invocation.program === 'go' && invocation.subcommand === 'install')
    return invocation.packages.every(({ source }) => source === 'project');
  return runsScript(command);
}

/** A RUN that takes its tools out again leaves nothing of them in its layer. */
function cleansUp(step: Step): boolean {
  return step.commands.some(({ invocation }) => invocation?.action === 'remove');
}

function shown({ command, invocation }: StepCommand): string {
  const words = [invocation?.program ?? command.program ?? '', invocation?.subcommand ?? ''];
  const script = /^(?:run|run-script|)$/.test(invocation?.subcommand ?? '')
    ? (command.args.find(({ text }) => !text.startsWith('-') && text !== invocation?.subcommand)?.value ?? '')
    : '';
  return [...words, script].filter((word) => word !== '').join(' ');
}

/** What a stage's own steps do that only building needs, in order; a RUN that removes its packages again shows none. */
export const buildSigns: (stage: Stage) => readonly BuildSign[] = oncePer((stage) =>
  stage.steps.flatMap((step): readonly BuildSign[] => {
    if (step.instruction.name !== 'RUN' || cleansUp(step)) return [];
    const signs: BuildSign[] = [];
    for (const each of step.commands) {
      const { invocation } = each;
      if (invocation?.action === 'install' && SYSTEM_MANAGERS.has(invocation.program)) {
        const compiler = invocation.packages.find(({ name }) => isCompiler(name));
        if (compiler !== undefined)
          signs.push({ kind: 'compiler', step, at: compiler.word.span, says: `${compiler.name} is installed` });
      } else if (runsBuild(each)) {
        signs.push({ kind: 'build', step, at: each.command.span, says: `${shown(each)} runs` });
      }
    }
    for (const install of dependencyInstalls(step)) {
      if (takesDevelopment(install) !== true) continue;
      signs.push({
        kind: 'development',
        step,
        at: install.command.command.span,
        says: `${shown(install.command)} takes development dependencies along`,
      });
    }
    return signs;
  }),
);
