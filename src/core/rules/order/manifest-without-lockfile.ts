import {
  claimName,
  contextCopy,
  DEPENDENCY_PROGRAMS,
  type DependencyManager,
  dependencyInstalls,
  hereOrBefore,
  isKnown,
  isWholeContext,
  lockfilesOf,
  namesFile,
  type Stage,
  type Step,
  stepsBefore,
  valueOf,
} from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** A manifest, and the lockfiles that belong to it. */
const LOCKS: Readonly<Record<string, readonly string[]>> = {
  'package.json': ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'],
  'go.mod': ['go.sum'],
  'pyproject.toml': ['uv.lock', 'poetry.lock'],
  Pipfile: ['Pipfile.lock'],
  Gemfile: ['Gemfile.lock'],
  'composer.json': ['composer.lock'],
  'Cargo.toml': ['Cargo.lock'],
};

function plainName(text: string): string {
  return text.replace(/^(?:\.?\/)+/, '');
}

function addLock(copy: Step, manifest: string, lock: string): Proposal | Declined {
  const taken = contextCopy(copy);
  const word = taken?.sources.find(({ text }) => plainName(text) === manifest);
  if (taken === undefined || word === undefined || copy.instruction.args.form !== 'words')
    return { declined: 'the COPY is written as JSON: add the name by hand' };
  if (!/(?:^|\/)\.?$/.test(taken.target)) return { declined: 'a target for two files has to end in a slash' };
  const prefix = word.text.slice(0, word.text.length - manifest.length);
  return {
    title: `copy ${lock} too`,
    variant: 'default',
    edits: [{ span: [word.span[1], word.span[1]], text: ` ${prefix}${lock}` }],
    claims: [{ kind: 'same-build-but', differs: [claimName(copy, 'sources')] }],
  };
}

/** A copy of a manifest by its name. */
interface ManifestCopy {
  readonly step: Step;
  readonly manifest: string;
  readonly span: Span;
}

/** What a manager has not been told of yet, by directory. */
interface Waiting {
  next: number;
  covered: boolean;
  readonly byPath: Map<string, ManifestCopy[]>;
}

/** What the copies before a step of a stage bring. Steps are asked about in order, and each copy is looked at once for a manager. */
class Copied {
  readonly #steps: readonly Step[];
  readonly #waiting = new Map<DependencyManager, Waiting>();
  readonly #all = hereOrBefore(
    (step) => contextCopy(step)?.sources.some(({ text }) => isWholeContext(text) || text.includes('$')) === true,
  );
  readonly #below: number;

  constructor(stage: Stage) {
    const [first] = stage.steps;
    const below = first === undefined ? [] : stepsBefore(first);
    this.#below = below.length;
    this.#steps = [...below, ...stage.steps];
  }

  /** A copy before the step takes the whole context, or what nobody knows. */
  takesAll(step: Step): boolean {
    return this.#all(step);
  }

  /**
   * Copies of a manager's manifest into the directory where the step runs, each told once; `covered`: a lockfile of it comes too.
   * @param again they are told again at the next step
   */
  manifestsFor(
    manager: DependencyManager,
    step: Step,
    again: boolean,
  ): (ManifestCopy & { readonly covered: boolean })[] {
    const waiting: Waiting = this.#waiting.get(manager) ?? { next: 0, covered: false, byPath: new Map() };
    this.#waiting.set(manager, waiting);
    const end = this.#below + step.index - 1;
    for (; waiting.next < end; waiting.next++) this.#take(manager, waiting, this.#steps[waiting.next] as Step);
    const workdir = valueOf(step.before.workdir);
    const here = workdir === undefined ? undefined : waiting.byPath.get(workdir);
    if (here === undefined) return [];
    if (!again) waiting.byPath.delete(workdir as string);
    return here.map((copy) => ({ ...copy, covered: waiting.covered }));
  }

  #take(manager: DependencyManager, waiting: Waiting, step: Step): void {
    const copy = contextCopy(step);
    if (copy === undefined) return;
    const locks = lockfilesOf(manager);
    waiting.covered ||= copy.sources.some(({ text }) =>
      locks.some((lock) => namesFile(text, lock) || plainName(text).endsWith(`/${lock}`)),
    );
    const source = copy.sources.find(({ text }) => LOCKS[plainName(text)] !== undefined);
    const manifest = plainName(source?.text ?? '');
    const path = valueOf(copy.path)?.replace(/(.)\/$/, '$1');
    if (source === undefined || path === undefined || !LOCKS[manifest]?.some((lock) => locks.includes(lock))) return;
    const there = waiting.byPath.get(path);
    const found = { step, manifest, span: source.span };
    if (there === undefined) waiting.byPath.set(path, [found]);
    else there.push(found);
  }
}

export default defineRule({
  id: 'manifest-without-lockfile',
  practice: 'P4',
  catalogue: ['G022'],
  level: 'warning',
  fixClass: 'F',
  summary: 'the manifest is copied for an install, and its lockfile is not',
  aliases: [],
  reveals: true,
  about: { programs: DEPENDENCY_PROGRAMS, otherwise: 'no manifest is copied by its name for an install' },
  subject: 'target',
  check(subject) {
    const { build, facts, context } = subject;
    const findings: Finding[] = [];
    let seen: Step | undefined;
    let unknown = false;
    const reported = new Set<Step>();
    for (const stage of build.needed) {
      const copied = new Copied(stage);
      for (const step of stage.steps) {
        for (const { manager, invocation } of dependencyInstalls(step)) {
          const locks = lockfilesOf(manager);
          if (locks.length === 0 || copied.takesAll(step)) continue;
          const mounted = step.mounts.some(({ source }) => locks.includes(plainName(source ?? '')));
          for (const copy of copied.manifestsFor(manager, step, mounted)) {
            seen ??= copy.step;
            if (copy.covered || mounted || reported.has(copy.step)) continue;
            const root = facts.ask('context-root', { context });
            if (!isKnown(root)) {
              unknown = true;
              continue;
            }
            const { manifest } = copy;
            const lock = locks.find((name) => root.value.files.includes(name));
            if (lock === undefined || !root.value.files.includes(manifest)) continue;
            reported.add(copy.step);
            findings.push({
              at: copy.span,
              message: `the install sees ${manifest} without ${lock}, and ${invocation.program} chooses the versions anew`,
              help: `copy ${lock} with it`,
              step: copy.step,
              fix: addLock(copy.step, manifest, lock),
            });
          }
        }
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    if (unknown)
      return {
        is: 'unknown',
        because: 'it is not known whether the build context holds a lockfile',
        wants: [{ kind: 'context-root', of: { context } }],
      };
    if (seen === undefined)
      return { is: 'not-applicable', because: 'no manifest is copied by its name for an install' };
    return {
      is: 'held',
      evidence: [
        {
          at: { file: build.file, span: seen.instruction.span },
          says: 'the manifest comes with its lockfile, or there is none',
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `Where only the manifest is copied, the install sees no lockfile and takes the newest versions that fit. The image then holds what nobody tested,
and the same commit gives another image next week.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY «package.json» ./\nRUN npm ci\nCOPY src ./src\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\n',
      files: { 'package.json': '{}', 'package-lock.json': '{}' },
    },
    {
      title: 'Go',
      bad: 'FROM golang:1.25\nWORKDIR /src\nCOPY «./go.mod» .\nRUN go mod download\n',
      good: 'FROM golang:1.25\nWORKDIR /src\nCOPY ./go.mod ./go.sum .\nRUN go mod download\n',
      files: { 'go.mod': '', 'go.sum': '' },
    },
    {
      title: 'a target that takes one file',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY «package.json» /app\nRUN yarn install\n',
      declined: 'end in a slash',
      files: { 'package.json': '{}', 'yarn.lock': '' },
    },
  ],
  silent: [
    {
      title: 'both',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n',
      is: 'held',
    },
    {
      title: 'a pattern takes both',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n',
      is: 'not-applicable',
    },
    {
      title: 'the project has none',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n',
      is: 'held',
      files: { 'package.json': '{}' },
    },
    {
      title: 'the lockfile is another tool’s',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n',
      is: 'held',
      files: { 'package.json': '{}', 'yarn.lock': '' },
    },
    {
      title: 'nobody looked into the context',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n',
      is: 'unknown',
    },
    {
      title: 'everything is copied',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\n',
      is: 'not-applicable',
    },
  ],
};
