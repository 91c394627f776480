import type { Invocation } from '../language/shell/index.ts';
import { isKnown, valueOf } from './known.ts';
import { oncePer } from './once.ts';
import type { Stage, Step, StepCommand } from './types.ts';

/** Tools that install what a project's manifest lists. */
export type DependencyManager =
  | 'npm'
  | 'yarn'
  | 'pnpm'
  | 'bun'
  | 'pip'
  | 'poetry'
  | 'pipenv'
  | 'uv'
  | 'go'
  | 'bundle'
  | 'composer'
  | 'cargo'
  | 'dotnet';

export interface DependencyInstall {
  readonly manager: DependencyManager;
  readonly invocation: Invocation;
  readonly command: StepCommand;
}

/** What the tools call an installation from the manifest; the empty string is the program alone. */
const INSTALLS: Readonly<Record<string, readonly [manager: DependencyManager, subcommands: RegExp]>> = {
  npm: ['npm', /^(?:install|i|in|isntall|ci|clean-install|install-clean|cit|it|install-test|install-ci-test)$/],
  yarn: ['yarn', /^(?:install)?$|^workspaces focus$/],
  pnpm: ['pnpm', /^(?:install|i|ci|fetch)$/],
  bun: ['bun', /^(?:install|i|ci)$/],
  pip: ['pip', /^(?:install|download|wheel)$/],
  uv: ['uv', /^(?:sync|pip install|pip sync)$/],
  poetry: ['poetry', /^(?:install|sync)$/],
  pipenv: ['pipenv', /^(?:install|sync)$/],
  go: ['go', /^(?:mod download|mod vendor|get)$/],
  bundle: ['bundle', /^(?:install)?$/],
  composer: ['composer', /^install$/],
  cargo: ['cargo', /^(?:fetch|vendor)$/],
  dotnet: ['dotnet', /^restore$/],
};

/** The programs that they are, for rules that speak of no other. */
export const DEPENDENCY_PROGRAMS: readonly string[] = Object.keys(INSTALLS);

/** Whether the invocation takes its packages from a manifest rather than from its own words. */
function fromManifest(manager: DependencyManager, { packages, operands, options, subcommand }: Invocation): boolean {
  if (manager === 'pip' || (manager === 'uv' && subcommand !== 'sync')) {
    return packages.length > 0 && packages.some(({ source }) => source === 'requirements');
  }
  if (manager === 'go') return subcommand !== 'get' || packages.every(({ source }) => source === 'project');
  if (manager === 'dotnet' || manager === 'composer' || manager === 'bundle') return true;
  if (options.some(({ name }) => name === '--global')) return false;
  return packages.length === 0 && operands.every(({ value }) => value === undefined || value.startsWith('-'));
}

/** The installation of a project's dependencies that a command is, if it is one. */
export function dependencyInstall(command: StepCommand): DependencyInstall | undefined {
  const { invocation } = command;
  if (invocation === undefined) return undefined;
  const [manager, subcommands] = INSTALLS[invocation.program] ?? [];
  if (manager === undefined || !subcommands?.test(invocation.subcommand ?? '')) return undefined;
  if (invocation.options.some(({ name }) => name === '--version' || name === '--help')) return undefined;
  return fromManifest(manager, invocation) ? { manager, invocation, command } : undefined;
}

/** Installations of the project's dependencies in a RUN, in order; those of an ONBUILD body are none of this build. */
export function dependencyInstalls(step: Step): readonly DependencyInstall[] {
  return step.instruction.name === 'RUN' ? installsOf(step) : [];
}

const installsOf: (step: Step) => readonly DependencyInstall[] = oncePer((step) =>
  step.commands.flatMap((command) => dependencyInstall(command) ?? []),
);

/** A variable as a command sees it: assigned on its line or exported earlier in its script, else as the instruction has it. */
function variableAt({ command, step, script }: StepCommand, name: string): string | undefined {
  const own = command.assignments.findLast((each) => each.name === name);
  if (own !== undefined) return own.value?.value;
  for (const earlier of script.commands.slice(0, command.index).reverse()) {
    const exported = earlier.program === 'export' && earlier.args.find(({ text }) => text.startsWith(`${name}=`));
    if (exported) return exported.unquoted.slice(name.length + 1);
  }
  const fact = step.before.variable(name);
  return isKnown(fact) ? fact.value : undefined;
}

/** Options by which an install leaves development dependencies out, or takes them in on purpose. */
const LEAVES_OUT = /^--(?:production|prod|no-dev|no-default-groups)$/;

/**
 * Whether an install takes the project's development dependencies along: by its options, or by NODE_ENV and the like in
 * force. Undefined where the tool makes no such distinction, or where a configuration file may decide.
 */
export function takesDevelopment({ manager, invocation, command }: DependencyInstall): boolean | undefined {
  const { options } = invocation;
  const value = (name: string) => options.findLast((each) => each.name === name)?.value?.unquoted;
  const flag = options.findLast(({ name }) => LEAVES_OUT.test(name));
  const production = flag !== undefined && flag.value?.unquoted !== 'false';
  switch (manager) {
    case 'npm':
    case 'yarn':
    case 'pnpm':
    case 'bun': {
      if (invocation.subcommand === 'fetch') return undefined;
      if (value('--include') === 'dev' || value('--only') === 'dev' || flag?.value?.unquoted === 'false') return true;
      // Of npm 6, which later ones read as --include=dev.
      if (manager === 'npm' && options.some(({ name }) => name === '--dev')) return true;
      if (
        production ||
        /^(?:dev|development)$/.test(value('--omit') ?? '') ||
        /^prod(?:uction)?$/.test(value('--only') ?? '')
      )
        return false;
      const omitted = variableAt(command, 'NPM_CONFIG_OMIT') ?? variableAt(command, 'npm_config_omit');
      return (
        variableAt(command, 'NODE_ENV') !== 'production' &&
        omitted !== 'dev' &&
        variableAt(command, 'NPM_CONFIG_PRODUCTION') !== 'true'
      );
    }
    case 'composer':
      return !production && variableAt(command, 'COMPOSER_NO_DEV') !== '1';
    case 'poetry':
      return (
        !production &&
        value('--only') === undefined &&
        !/\bdev\b/.test(value('--without') ?? '') &&
        variableAt(command, 'POETRY_WITHOUT') === undefined
      );
    case 'uv':
      return invocation.subcommand === 'sync'
        ? !production && value('--no-group') !== 'dev' && variableAt(command, 'UV_NO_DEV') === undefined
        : undefined;
    case 'pipenv':
      return options.some(({ name }) => name === '--dev');
    default:
      return undefined;
  }
}

/** True when a variable has a value that switches something on. */
export function switchedOn(command: StepCommand, name: string): boolean {
  const value = variableAt(command, name);
  return value !== undefined && !/^(?:|0|false|no|off)$/i.test(value);
}

const NODE_IMAGE = /^(?:library\/)?node$/;

/** Names of Node's releases with long support; a tag may use them instead of the number. */
const NODE_RELEASES: Readonly<Record<string, number>> = {
  argon: 4,
  boron: 6,
  carbon: 8,
  dubnium: 10,
  erbium: 12,
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
};

/** Tag of Node's own image that a stage comes from, `latest` where it has none; undefined elsewhere. */
export function nodeTag({ root }: Stage): string | undefined {
  const reference = root.kind === 'image' ? valueOf(root.image) : undefined;
  if (reference?.registry !== 'docker.io' || !NODE_IMAGE.test(reference.repository)) return undefined;
  return reference.tag ?? (reference.digest === undefined ? 'latest' : undefined);
}

/** Major version of Node in a stage whose image says it by its tag; undefined elsewhere. */
export function nodeMajor(stage: Stage): number | undefined {
  const tag = nodeTag(stage) ?? '';
  const major = /^v?(\d+)/.exec(tag)?.[1];
  return major === undefined ? NODE_RELEASES[/^[a-z]+/.exec(tag)?.[0] ?? ''] : Number(major);
}
