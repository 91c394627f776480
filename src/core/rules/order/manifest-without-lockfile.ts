import {
  claimName,
  contextCopy,
  DEPENDENCY_PROGRAMS,
  dependencyInstalls,
  isKnown,
  isWholeContext,
  namesFile,
  type Step,
  stepsBefore,
  valueOf,
} from '../../model/index.ts';
import {
  type Declined,
  defineRule,
  type Finding,
  found,
  type Proposal,
  type RuleDocs,
  type TargetSubject,
} from '../define.ts';

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

const READ_BY: Readonly<Record<string, RegExp>> = {
  'package-lock.json': /^npm$/,
  'npm-shrinkwrap.json': /^npm$/,
  'yarn.lock': /^yarn$/,
  'pnpm-lock.yaml': /^pnpm$/,
  'bun.lock': /^bun$/,
  'bun.lockb': /^bun$/,
  'go.sum': /^go$/,
  'uv.lock': /^uv$/,
  'poetry.lock': /^poetry$/,
  'Pipfile.lock': /^pipenv$/,
  'Gemfile.lock': /^bundle$/,
  'composer.lock': /^composer$/,
  'Cargo.lock': /^cargo$/,
};

function plainName(text: string): string {
  return text.replace(/^(?:\.?\/)+/, '');
}

function addLock({ context }: TargetSubject, copy: Step, manifest: string, lock: string): Proposal | Declined {
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
    needs: [{ kind: 'context-root', of: { context } }],
    claims: [{ kind: 'same-build-but', differs: [claimName(copy, 'sources')] }],
  };
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
    for (const step of build.needed.flatMap(({ steps }) => steps)) {
      for (const { manager, invocation } of dependencyInstalls(step)) {
        const copies = stepsBefore(step).flatMap((earlier) => {
          const copy = contextCopy(earlier);
          return copy === undefined ? [] : [{ step: earlier, ...copy }];
        });
        if (copies.some(({ sources }) => sources.some(({ text }) => isWholeContext(text) || text.includes('$'))))
          continue;
        for (const copy of copies) {
          const source = copy.sources.find(({ text }) => LOCKS[plainName(text)] !== undefined);
          const manifest = source === undefined ? undefined : plainName(source.text);
          const locks = (LOCKS[manifest ?? ''] ?? []).filter((lock) => READ_BY[lock]?.test(manager));
          if (source === undefined || manifest === undefined || locks.length === 0) continue;
          if (valueOf(copy.path)?.replace(/(.)\/$/, '$1') !== valueOf(step.before.workdir)) continue;
          seen ??= copy.step;
          const covered = copies.some(({ sources }) =>
            sources.some(({ text }) =>
              locks.some((lock) => namesFile(text, lock) || plainName(text).endsWith(`/${lock}`)),
            ),
          );
          const mounted = step.mounts.some(({ source: from }) => locks.includes(plainName(from ?? '')));
          if (covered || mounted || reported.has(copy.step)) continue;
          const root = facts.ask('context-root', { context });
          if (!isKnown(root)) {
            unknown = true;
            continue;
          }
          const lock = locks.find((name) => root.value.files.includes(name));
          if (lock === undefined || !root.value.files.includes(manifest)) continue;
          reported.add(copy.step);
          findings.push({
            at: source.span,
            message: `the install sees ${manifest} without ${lock}, and ${invocation.program} chooses the versions anew`,
            help: `copy ${lock} with it`,
            step: copy.step,
            fix: addLock(subject, copy.step, manifest, lock),
          });
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
