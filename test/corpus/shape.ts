/** What a fix must leave alone, read off BuildKit's own instructions rather than our tree. */
import type { Claim } from '../../src/core/vocabulary/index.ts';
import type { InstructionsAnswer, OracleCommand } from '../oracle/client.ts';

export interface Shape {
  /** Base of each stage, in order. */
  readonly stages: readonly string[];
  readonly targets: readonly string[];
  readonly args: readonly string[];
  /** Sources of each COPY and ADD, with the stage they come from. */
  readonly sources: readonly string[];
}

function argNames(command: OracleCommand): string[] {
  const args = command.view.args as readonly { readonly key: string }[] | undefined;
  return (args ?? []).map(({ key }) => key);
}

/** The stage that a reference means, by its place: a stage may be called by name in any case, or by number. */
function stageOf(reference: string, names: readonly string[]): string {
  const wanted = reference.toLowerCase();
  const named = names.lastIndexOf(wanted);
  if (wanted !== '' && named >= 0) return `#${named}`;
  return /^\d+$/.test(wanted) && Number(wanted) < names.length ? `#${wanted}` : reference;
}

export function shapeOf({ metaArgs = [], stages = [] }: InstructionsAnswer): Shape {
  const args = metaArgs.flatMap(argNames).map((name) => `: ${name}`);
  const sources: string[] = [];
  const names = stages.map((stage) => stage.name.toLowerCase());
  stages.forEach(({ commands }, index) => {
    for (const command of commands) {
      // BuildKit keeps the name as it is written.
      const name = command.name.toLowerCase();
      const { view } = command;
      if (name === 'arg') args.push(...argNames(command).map((arg) => `${index}: ${arg}`));
      if (name === 'copy' || name === 'add')
        sources.push(JSON.stringify([index, stageOf(String(view.from ?? ''), names), view.sources, view.contents]));
    }
  });
  const bases = stages.map(({ baseName }, index) => stageOf(baseName, names.slice(0, index)));
  // What the order of ARGs means shows in the graph, which the claims are judged by.
  return { stages: bases, targets: stages.map(({ name }) => name), args: args.sort(), sources };
}

/** Names of differences by which a fix declares that it changes a part of the shape (oracle's `stage/instruction/field`). */
const declaring: Readonly<Record<keyof Shape, RegExp>> = {
  stages: /\/(?:FROM\b.*|removed|added)$/,
  targets: /\/(?:name|removed|added)$/,
  // ARG stands in no operation of its own; ENV and ARG are the two places of a variable.
  args: /\/ARG\b|\/config\/Env$/,
  sources: /\/(?:COPY|ADD)\b/,
};

export interface ShapeChange {
  readonly part: keyof Shape;
  readonly was: string;
  readonly is: string;
}

/** A stage that had no name could not be asked for by one: a name given to it takes no target away. */
function kept(part: keyof Shape, before: Shape, after: Shape): readonly string[] {
  if (part !== 'targets' || before.targets.length !== after.targets.length) return after[part];
  return after.targets.map((name, i) => (before.targets[i] === '' && !before.targets.includes(name) ? '' : name));
}

/** Parts that changed although no claim says so. A stage that had no name may get one: whoever asks for it by number finds it. */
export function undeclaredChanges(before: Shape, after: Shape, claims: readonly Claim[]): ShapeChange[] {
  const differs = claims.flatMap((claim) => (claim.kind === 'same-build-but' ? claim.differs : []));
  return (Object.keys(declaring) as (keyof Shape)[]).flatMap((part) => {
    const was = before[part].join(' | ');
    const is = kept(part, before, after).join(' | ');
    return was === is || differs.some((name) => declaring[part].test(name)) ? [] : [{ part, was, is }];
  });
}
