import type { FactKey, Json, Path } from '../vocabulary/index.ts';
import type { Facts } from '../world/facts/index.ts';
import { nodeMajor, nodeTag } from './dependencies.ts';
import { isKnown } from './known.ts';
import { stepsBefore } from './stages.ts';
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

/** `needs`: the facts that it was read off; none where the Dockerfile says so itself. */
export type Told<T> = { readonly is: T; readonly needs: readonly FactKey[] } | { readonly unknown: string };

/** Version of a tool in the words that put it there: `corepack prepare yarn@4.9.1`, `npm install -g yarn@1.22`, `yarn set version 4`. */
function versionWritten({ step }: ToolView, tool: string): string | undefined {
  let version: string | undefined;
  for (const { commands } of [...stepsBefore(step), step])
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

const manifestKey = (context: Path): FactKey => ({ kind: 'context-text', of: { context, path: 'package.json' } });

/**
 * Whether Yarn 1 runs at a step, or a later one: as the Dockerfile sets it up, or as the project's package.json, .yarnrc.yml or
 * lockfile have it.
 */
export function yarnLine(view: ToolView): Told<'classic' | 'modern'> {
  const written = versionWritten(view, 'yarn');
  if (written === 'classic') return { is: 'classic', needs: [] };
  if (written === 'berry' || written === 'stable') return { is: 'modern', needs: [] };
  const line = (version: number) => (version < 2 ? ('classic' as const) : ('modern' as const));
  const set = major(written);
  if (set !== undefined) return { is: line(set), needs: [] };
  const { facts, context, lock } = view;
  const root = facts.ask('context-root', { context });
  const head = facts.ask('context-head', { context, path: lock });
  const named = projectMajor(view, 'yarn');
  const says: Told<'classic' | 'modern'>[] = [];
  if (named !== undefined) says.push({ is: line(named), needs: [manifestKey(context)] });
  if (isKnown(root) && root.value.files.includes('.yarnrc.yml'))
    says.push({ is: 'modern', needs: [{ kind: 'context-root', of: { context } }] });
  const text = isKnown(head) ? (head.value.text ?? '') : '';
  const format = /^# yarn lockfile v1\r?$/m.test(text) ? 'classic' : /^__metadata:/m.test(text) ? 'modern' : undefined;
  if (format !== undefined) says.push({ is: format, needs: [{ kind: 'context-head', of: { context, path: lock } }] });
  const [first] = says;
  if (first === undefined || 'unknown' in first)
    return { unknown: `neither package.json nor ${lock} is known to say whether this is Yarn 1` };
  if (says.some((each) => 'is' in each && each.is !== first.is))
    return { unknown: `the project's files speak of Yarn 1 and of a later one` };
  return first;
}

/** Tags of Node's image that name no version: they move on, and are past Node 8. */
const MOVING = /^(?:latest|lts|current|slim|alpine|buster|bullseye|bookworm|trixie)\b/;

/** Whether the npm at a step knows `npm ci`, which came with 5.7 and Node 8: by the image, or by what npm wrote the project's lockfile. */
export function knowsNpmCi(view: ToolView): Told<boolean> {
  const set = major(versionWritten(view, 'npm'));
  if (set !== undefined && set !== 5) return { is: set > 5, needs: [] };
  const { stage } = view.step;
  const node = stage && nodeMajor(stage);
  if (node !== undefined) return { is: node >= 8, needs: [] };
  if (MOVING.test((stage && nodeTag(stage)) ?? '')) return { is: true, needs: [] };
  const { facts, context, lock } = view;
  const head = facts.ask('context-head', { context, path: lock });
  const named = projectMajor(view, 'npm');
  if (named !== undefined && named > 5) return { is: true, needs: [manifestKey(context)] };
  const format = isKnown(head) && /^\s*"lockfileVersion":\s*(\d+)/m.exec(head.value.text ?? '')?.[1];
  // version 1 is that of every npm from 5 to 6
  if (format && Number(format) > 1) return { is: true, needs: [{ kind: 'context-head', of: { context, path: lock } }] };
  return { unknown: `it is not known whether the npm here is new enough for npm ci` };
}
