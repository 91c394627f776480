import { insertFlags, refused, removeCommand, removeInstruction } from '../../language/edit/index.ts';
import {
  accountsOf,
  type Build,
  claimName,
  contextCopy,
  copyWords,
  executedSteps,
  oncePer,
  pathIn,
  plainWord,
  type Stage,
  type Step,
  type StepCommand,
  scriptField,
  scriptPlace,
  valueOf,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

interface Chown {
  readonly each: StepCommand;
  readonly owner: string;
  readonly paths: readonly string[];
}

/** `chown -R OWNER PATH…` with everything written out; other forms are left alone. */
function treeChown(each: StepCommand): Chown | undefined {
  const { invocation, step, command } = each;
  if (invocation?.program !== 'chown' || !command.certain || command.wrappers.length > 0) return undefined;
  if (
    !invocation.options.some(({ name }) => name === '--recursive') ||
    invocation.options.some(({ name }) => /reference|from/.test(name))
  )
    return undefined;
  const [owner, ...paths] = invocation.operands.map(({ value }) => value);
  const workdir = valueOf(step.before.workdir);
  if (
    owner === undefined ||
    owner === '' ||
    workdir === undefined ||
    step.commands.some(({ command: other }) => other.program === 'cd')
  )
    return undefined;
  const absolute = paths.flatMap((path) => (path === undefined ? [] : [pathIn(workdir, path)]));
  return absolute.length !== paths.length ? undefined : { each, owner, paths: absolute };
}

/** Instructions that write files, where their working directory may matter. */
const WRITES = /^(?:RUN|COPY|ADD|WORKDIR|VOLUME)$/;

const below = (path: string, directory: string) =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`);

/** Where a copy puts a tree: the context, a directory, or what another stage made. */
function treeTarget(step: Step): string | undefined {
  const copy = copyWords(step);
  if (copy === undefined || step.instruction.flags.some((flag) => flag.name === 'chown')) return undefined;
  const target = valueOf(step.expand(copy.target));
  const workdir = valueOf(step.before.workdir);
  const tree = copy.sources.some((word) => {
    const path = plainWord(step, word);
    return /(?:^|\/)\.?$|\/$/.test(path) || !path.slice(path.lastIndexOf('/') + 1).includes('.');
  });
  return tree && target !== undefined && workdir !== undefined ? pathIn(workdir, target) : undefined;
}

/** Copies of trees in a stage, in order. */
const treesIn: (stage: Stage) => readonly { readonly step: Step; readonly target: string }[] = oncePer((stage) =>
  executedSteps(stage).flatMap((step) => {
    const target = treeTarget(step);
    return target === undefined ? [] : [{ step, target }];
  }),
);

/** Steps before one that copy a tree to one of the directories, or into it: the first two, as no more are asked for. */
function copiesBefore({ stage, index }: Step, directories: readonly string[]): readonly Step[] {
  const found: Step[] = [];
  for (const each of stage === undefined ? [] : [...stage.ancestors.toReversed(), stage])
    for (const { step, target } of treesIn(each)) {
      if (found.length === 2 || (each === stage && step.index >= index)) break;
      if (directories.some((directory) => below(target, directory))) found.push(step);
    }
  return found;
}

/** Where the stage's steps that write files work, each directory with the first of them. */
const workdirsIn: (stage: Stage) => ReadonlyMap<string | undefined, number> = oncePer(({ steps }) => {
  const first = new Map<string | undefined, number>();
  for (const { instruction, before, index } of steps) {
    if (!WRITES.test(instruction.name)) continue;
    const workdir = valueOf(before.workdir);
    if (!first.has(workdir)) first.set(workdir, index);
  }
  return first;
});

/** COPY --chown in place of the chown, where the copies are all that it changes. */
function intoCopy(build: Build, { each, owner, paths }: Chown, copies: readonly Step[]): Proposal | Declined {
  const { step } = each;
  const [copy, more] = copies;
  const [path] = paths;
  const { stage } = step;
  if (copy === undefined || more !== undefined || paths.length !== 1 || stage === undefined)
    return { declined: 'several trees are meant: `layerwise adopt` will take them one by one' };
  const touched = 'the directory may hold more than was copied: `layerwise adopt` will say what has to be owned';
  const target = contextCopy(copy);
  if (target === undefined || valueOf(target.path)?.replace(/(.)\/$/, '$1') !== path) return { declined: touched };
  const between = stage.steps.slice(copy.index, step.index - 1);
  if (stage.ancestors.length > 0 || between.some(({ instruction }) => WRITES.test(instruction.name)))
    return { declined: touched };
  const inside = [...workdirsIn(stage)].some(
    ([workdir, index]) => index < copy.index && below(workdir ?? path ?? '', path ?? ''),
  );
  if (inside) return { declined: touched };
  if (valueOf(step.before.workdir) === path)
    return { declined: 'the directory itself is made by WORKDIR, and would stay with root' };
  const names = owner.split(':');
  // a directory of the system or of a package holds more than the copy
  if (/^\/(?:$|(?:var|usr|etc|home|root|lib|srv|bin|sbin)(?:\/|$))/.test(path ?? '')) return { declined: touched };
  const accounts = accountsOf(stage, copy);
  const debian = valueOf(stage.image.packageManager) === 'apt';
  const exists = names.every(
    (name) =>
      /^\d+$/.test(name) || name === 'root' || (debian && name === 'www-data') || accounts.named(name) !== undefined,
  );
  if (!exists) return { declined: 'the account may not exist yet where the files are copied' };
  const flag = insertFlags(copy.instruction, [`--chown=${owner.includes(':') ? owner : `${owner}:0`}`]);
  if (refused(flag)) return flag;
  if (!owner.includes(':')) return { declined: 'chown keeps the group, and COPY --chown sets it: name both' };
  const alone = step.commands.length === 1 && step.scripts.length === 1;
  const removal = alone
    ? removeInstruction(build.dockerfile, step.instruction)
    : removeCommand(scriptPlace(build, step), each.command);
  if (refused(removal)) return removal;
  return {
    title: 'set the owner while copying',
    variant: 'default',
    edits: [...flag, ...removal],
    claims: [
      {
        kind: 'same-build-but',
        differs: [claimName(copy, 'owner'), claimName(step, alone ? 'removed' : scriptField(build, step))],
      },
      { kind: 'observed', probe: 'paths-only-before', expect: [] },
    ],
  };
}

export default defineRule({
  id: 'tree-chowned-after-copy',
  practice: 'P3',
  catalogue: ['G018'],
  level: 'warning',
  fixClass: 'B',
  summary: 'chown -R stores a copied tree a second time',
  aliases: [],
  about: { instructions: ['COPY', 'ADD'], otherwise: 'nothing is copied' },
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of build.shipped.flatMap(({ steps }) => steps)) {
      if (/^(?:COPY|ADD)$/.test(step.instruction.name)) seen ??= step;
      if (step.instruction.name !== 'RUN') continue;
      for (const command of step.commands) {
        const chown = treeChown(command);
        if (chown === undefined) continue;
        const copies = copiesBefore(step, chown.paths);
        const [first] = copies;
        if (first === undefined) continue;
        findings.push({
          at: command.command.span,
          message: 'the copied tree is stored twice: once as copied, once with its new owner',
          help: 'copy it with COPY --chown, or leave it to root and own only what the program writes',
          step,
          related: [{ at: first.instruction.span, label: 'copied here' }],
          fix: intoCopy(build, chown, copies),
        });
      }
    }
    if (seen === undefined) return { is: 'not-applicable', because: 'nothing is copied' };
    return found(findings, {
      is: 'held',
      evidence: [
        { at: { file: build.file, span: seen.instruction.span }, says: 'no copied tree is given another owner later' },
      ],
    });
  },
});

export const docs: RuleDocs = {
  why: `A layer stores whole files. A changed owner is a changed file, so \`RUN chown -R\` stores everything that was copied once more, and the image is
bigger by the size of the tree. \`COPY --chown\` writes it once. Better still is to leave code with root, so that the program cannot change itself.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nCOPY . /app\nRUN «chown -R node:node /app»\nUSER 1000:1000\nCMD ["node", "/app/server.js"]\n',
      good: 'FROM node:22-bookworm-slim\nCOPY --chown=node:node . /app\nUSER 1000:1000\nCMD ["node", "/app/server.js"]\n',
    },
    {
      title: 'copied in JSON form',
      bad: 'FROM node:22-bookworm-slim\nCOPY ["src dir/", "/app"]\nRUN «chown -R node:node /app»\n',
      good: 'FROM node:22-bookworm-slim\nCOPY --chown=node:node ["src dir/", "/app"]\n',
    },
    {
      title: 'an install in between',
      bad: 'FROM node:22-bookworm-slim\nCOPY . /app\nRUN cd /app && npm ci\nRUN «chown -R node:node /app»\n',
      declined: 'more than was copied',
    },
    {
      title: 'WORKDIR made the directory',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN «chown -R node:node /app»\n',
      declined: 'made by WORKDIR',
    },
    {
      title: 'the account comes later',
      bad: 'FROM debian:12-slim\nCOPY app/ /app\nRUN useradd app && «chown -R app:app /app»\n',
      declined: 'may not exist yet',
    },
  ],
  silent: [
    {
      title: 'owned while copying',
      text: 'FROM node:22-bookworm-slim\nCOPY --chown=node:node . /app\nRUN chown -R node:node /app\n',
      is: 'held',
    },
    {
      title: 'one file',
      text: 'FROM node:22-bookworm-slim\nCOPY app.conf /etc/app/app.conf\nRUN chown -R node:node /etc/app\n',
      is: 'held',
    },
    {
      title: 'a directory of its own',
      text: 'FROM node:22-bookworm-slim\nCOPY . /app\nRUN mkdir /data && chown -R node:node /data\n',
      is: 'held',
    },
    {
      title: 'a builder',
      text: 'FROM node:22 AS build\nCOPY . /app\nRUN chown -R node:node /app\nFROM scratch\nCOPY --from=build /app/a /a\n',
      is: 'held',
    },
    {
      title: 'nothing copied',
      text: 'FROM node:22-bookworm-slim\nRUN chown -R node:node /data\n',
      is: 'not-applicable',
    },
  ],
};
