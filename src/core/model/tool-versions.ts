import type { Json, Path } from '../vocabulary/index.ts';
import type { Facts } from '../world/facts/index.ts';
import { nodeMajor, nodeTag } from './dependencies.ts';
import { isKnown } from './known.ts';
import { lastHereOrBefore } from './stages.ts';
import type { Step } from './types.ts';

/** What decides between the versions of a tool: the Dockerfile before a step, and files at the root of the build context. */
export interface ToolView {
  readonly step: Step;
  readonly facts: Facts;
  /** Directory of the build context, relative to the project root. */
  readonly context: Path;
  /** Name of the lockfile there. */
  readonly lock: string;
}

/** An answer, or why there is none. */
export type Told<T> = { readonly is: T } | { readonly unknown: string };

/** The version that a step sets for a tool: `corepack prepare yarn@4.9.1`, `npm install -g yarn@1.22`, `yarn set version 4`. */
function versionSet({ commands }: Step, tool: string): string | undefined {
  let version: string | undefined;
  for (const { invocation, command } of commands) {
    if (invocation === undefined) continue;
    const { program, subcommand = '' } = invocation;
    const named = command.args.findLast(({ text }) => text.startsWith(`${tool}@`))?.unquoted.slice(tool.length + 1);
    if (named !== undefined && /^(?:corepack|npm)$/.test(program)) version = named;
    if (program === tool && /^(?:set version|set|policies set-version|policies)$/.test(subcommand))
      version = command.args.findLast(({ text }) => /^(?:\d|berry$|stable$|classic$)/.test(text))?.text ?? version;
  }
  return version;
}

const yarnWritten = lastHereOrBefore((step) => versionSet(step, 'yarn'));
const npmWritten = lastHereOrBefore((step) => versionSet(step, 'npm'));

function major(version: string | undefined): number | undefined {
  const digits = /^[v^~]?(\d+)/.exec(version ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The `packageManager` of a package.json, where it names this tool: `yarn@4.9.1+sha512.…`. */
function packageManager(text: string, tool: string): string | undefined {
  try {
    const manifest: Json = JSON.parse(text);
    if (manifest === null || typeof manifest !== 'object' || !('packageManager' in manifest)) return undefined;
    const value = manifest.packageManager;
    return typeof value === 'string' && value.startsWith(`${tool}@`) ? value.slice(tool.length + 1) : undefined;
  } catch {
    return undefined;
  }
}

/** Major version of a tool that the project's package.json names. */
function projectMajor({ facts, context }: ToolView, tool: string): number | undefined {
  const manifest = facts.ask('context-text', { context, path: 'package.json' });
  return isKnown(manifest) && manifest.value.text !== null
    ? major(packageManager(manifest.value.text, tool))
    : undefined;
}

/**
 * Whether Yarn 1 runs at a step, or a later one: as the Dockerfile sets it up, or as the project's package.json, .yarnrc.yml or
 * lockfile have it.
 */
export function yarnLine(view: ToolView): Told<'classic' | 'modern'> {
  const written = yarnWritten(view.step);
  if (written === 'classic') return { is: 'classic' };
  if (written === 'berry' || written === 'stable') return { is: 'modern' };
  const line = (version: number) => (version < 2 ? ('classic' as const) : ('modern' as const));
  const set = major(written);
  if (set !== undefined) return { is: line(set) };
  const { facts, context, lock } = view;
  const root = facts.ask('context-root', { context });
  const head = facts.ask('context-head', { context, path: lock });
  const named = projectMajor(view, 'yarn');
  const says: ('classic' | 'modern')[] = [];
  if (named !== undefined) says.push(line(named));
  if (isKnown(root) && root.value.files.includes('.yarnrc.yml')) says.push('modern');
  const text = isKnown(head) ? (head.value.text ?? '') : '';
  const format = /^# yarn lockfile v1\r?$/m.test(text) ? 'classic' : /^__metadata:/m.test(text) ? 'modern' : undefined;
  if (format !== undefined) says.push(format);
  const [first] = says;
  if (first === undefined)
    return { unknown: `neither package.json nor ${lock} is known to say whether this is Yarn 1` };
  if (says.some((each) => each !== first)) return { unknown: `the project's files speak of Yarn 1 and of a later one` };
  return { is: first };
}

/** Tags of Node's image that name no version: they move on, and are past Node 8. */
const MOVING = /^(?:latest|lts|current|slim|alpine|buster|bullseye|bookworm|trixie)\b/;

/** Whether the npm at a step knows `npm ci`, which came with 5.7 and Node 8: by the image, or by what npm wrote the project's lockfile. */
export function knowsNpmCi(view: ToolView): Told<boolean> {
  const set = major(npmWritten(view.step));
  if (set !== undefined && set !== 5) return { is: set > 5 };
  const { stage } = view.step;
  const node = stage && nodeMajor(stage);
  if (node !== undefined) return { is: node >= 8 };
  if (MOVING.test((stage && nodeTag(stage)) ?? '')) return { is: true };
  const { facts, context, lock } = view;
  const head = facts.ask('context-head', { context, path: lock });
  const named = projectMajor(view, 'npm');
  if (named !== undefined && named > 5) return { is: true };
  const format = isKnown(head) && /^\s*"lockfileVersion":\s*(\d+)/m.exec(head.value.text ?? '')?.[1];
  // version 1 is that of every npm from 5 to 6
  if (format && Number(format) > 1) return { is: true };
  return { unknown: `it is not known whether the npm here is new enough for npm ci` };
}
