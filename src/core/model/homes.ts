import { contains } from './caches.ts';
import { oncePer, oncePerName } from './once.ts';
import { firstAfter } from './stages.ts';
import type { Build, Stage, Step } from './types.ts';

/** Of useradd and both kinds of adduser. */
const HOME_OPTIONS = new Set(['--home-dir', '--home', '-d', '-h']);

interface Home {
  readonly of: string;
  /** Undefined when a variable says where it is. */
  readonly path: string | undefined;
}

/** Home directories that a step makes. */
function homesMade({ commands }: Step): readonly Home[] {
  return commands.flatMap(({ invocation }) => {
    const name = invocation?.action === 'create-user' ? invocation.operands[0]?.value : undefined;
    if (name === undefined) return [];
    const home = invocation?.options.findLast((option) => HOME_OPTIONS.has(option.name))?.value;
    return [{ of: name, path: home === undefined ? `/home/${name}` : home.value }];
  });
}

/** Accounts that get a home directory which a directory lies in: of a step, of those after it, of a whole stage. */
const ownersOf = oncePerName((_: Build, directory: string) => {
  const of = (step: Step) => homesMade(step).find(({ path }) => path === undefined || contains(path, directory))?.of;
  const within = oncePer(({ steps }: Stage) => steps.map(of).find((name) => name !== undefined));
  return { of, after: firstAfter(of), within };
});

/** The account that is made in a step, later or in a stage above, with a home directory that a directory lies in. */
export function homeMadeLater(build: Build, step: Step, directory: string): string | undefined {
  const { of, after, within } = ownersOf(build, directory);
  const own = of(step) ?? after(step);
  if (own !== undefined) return own;
  for (const stage of step.stage?.descendants ?? []) {
    const name = within(stage);
    if (name !== undefined) return name;
  }
  return undefined;
}
