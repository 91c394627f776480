import { insertWord, refused, replace } from '../../language/edit/index.ts';
import {
  changesScript,
  DEPENDENCY_PROGRAMS,
  type DependencyInstall,
  type DependencyManager,
  dependencyInstalls,
  hereOrBefore,
  knowsNpmCi,
  type Lockfile,
  lockfileAt,
  type Step,
  switchedOn,
  type ToolView,
  yarnLine,
} from '../../model/index.ts';
import type { Edit } from '../../vocabulary/index.ts';
import {
  type Declined,
  defineRule,
  type Finding,
  found,
  type Proposal,
  type RuleDocs,
  type TargetSubject,
} from '../define.ts';

/** How an install is held to its lockfile: the options that do, the variables that do. */
interface Frozen {
  readonly options: RegExp;
  readonly variables: readonly string[];
  readonly advice: string;
}

const FROZEN: Partial<Readonly<Record<DependencyManager, Frozen>>> = {
  npm: {
    options: /^$/,
    variables: [],
    advice: 'npm ci installs what the lockfile says, and fails when it does not fit package.json',
  },
  yarn: {
    options: /^--(?:frozen-lockfile|immutable|pure-lockfile)$/,
    variables: ['YARN_ENABLE_IMMUTABLE_INSTALLS', 'CI'],
    advice: 'add --frozen-lockfile (Yarn 2 and later: --immutable)',
  },
  pnpm: {
    options: /^--(?:frozen-lockfile|offline)$/,
    variables: ['CI'],
    advice: 'add --frozen-lockfile',
  },
  bun: {
    options: /^--frozen-lockfile$/,
    variables: ['CI'],
    advice: 'add --frozen-lockfile',
  },
  uv: {
    options: /^--(?:locked|frozen)$/,
    variables: ['UV_LOCKED', 'UV_FROZEN'],
    advice: 'add --locked',
  },
  pipenv: {
    options: /^--(?:deploy|ignore-pipfile)$/,
    variables: ['PIPENV_IGNORE_PIPFILE'],
    advice: 'add --deploy',
  },
  bundle: {
    options: /^--(?:deployment|frozen)$/,
    variables: ['BUNDLE_DEPLOYMENT', 'BUNDLE_FROZEN'],
    advice: 'set BUNDLE_FROZEN=1',
  },
};

/** Options with which `npm ci` does something else than `npm install`, or refuses. */
const NOT_FOR_CI =
  /^--(?:package-lock|no-package-lock|package-lock-only|shrinkwrap|no-shrinkwrap|save.*|no-save|global|lockfile)$/;

/** Wrappers that start a program without the variables of the shell. */
const DROPS_VARIABLES = /^(?:sudo|doas|su|runuser|env)$/;

/** Whether the install is held to its lockfile already; `npm ci` is another subcommand. */
function isFrozen({ manager, invocation, command }: DependencyInstall, frozen: Frozen): boolean {
  const { subcommand = '', options } = invocation;
  if (manager === 'npm') return /^(?:ci|clean-install|install-clean|cit|install-ci-test)$/.test(subcommand);
  if (/^(?:ci|fetch|pip .*|workspaces focus)$/.test(subcommand) || (manager === 'pipenv' && subcommand === 'sync'))
    return true;
  return (
    options.some(({ name, value }) => frozen.options.test(name) && value?.unquoted !== 'false') ||
    frozen.variables.some((name) => switchedOn(command, name))
  );
}

/** Managers that a command tells to keep to the lockfile from then on: `bundle config`, `yarn config`. */
function configures({ commands }: Step, manager: string): boolean {
  return commands.some(
    ({ invocation, command: { args } }) =>
      invocation?.program === manager &&
      invocation.subcommand === 'config' &&
      args.some(({ text }) => /frozen|deployment|immutable/i.test(text)),
  );
}

const CONFIGURED: ReadonlyMap<string, (step: Step) => boolean> = new Map(
  Object.keys(FROZEN).map((manager) => [manager, hereOrBefore((step) => configures(step, manager))]),
);

/** What holds an install to its lockfile. */
function freezing({ manager, invocation, command }: DependencyInstall, view: ToolView): readonly Edit[] | Declined {
  const { subcommandWord, options } = invocation;
  const { programWord } = command.command;
  const word = subcommandWord ?? programWord;
  if (word === undefined || word.broken || command.command.nesting.includes('sh -c'))
    return { declined: 'the command is not written plainly' };
  if (options.some(({ name, value }) => FROZEN[manager]?.options.test(name) && value?.unquoted === 'false'))
    return { declined: 'the lockfile is left out of account on purpose' };
  const add = (text: string) => insertWord(word, text);
  switch (manager) {
    case 'npm': {
      if (options.some(({ name }) => NOT_FOR_CI.test(name))) return { declined: 'an option has no place on npm ci' };
      if (/^(?:install-test|it)$/.test(invocation.subcommand ?? '')) return { declined: 'it runs the tests too' };
      const knows = knowsNpmCi(view);
      if ('unknown' in knows) return { declined: knows.unknown };
      if (!knows.is) return { declined: 'the npm of this image does not know npm ci' };
      return replace(word.span, 'ci');
    }
    case 'yarn': {
      const line = yarnLine(view);
      if ('unknown' in line) return { declined: line.unknown };
      return add(line.is === 'modern' ? '--immutable' : '--frozen-lockfile');
    }
    case 'uv':
      return add('--locked');
    case 'pipenv':
      return add('--deploy');
    case 'bundle': {
      if (command.command.wrappers.some((wrapper) => DROPS_VARIABLES.test(wrapper)))
        return { declined: 'it runs in an environment of its own, which a variable does not reach' };
      const at = command.command.span[0];
      return [{ span: [at, at], text: 'BUNDLE_FROZEN=1 ' }];
    }
    default:
      return add('--frozen-lockfile');
  }
}

function freeze(
  { build, facts, context }: TargetSubject,
  install: DependencyInstall,
  lock: Exclude<Lockfile, string>,
): Proposal | Declined {
  const { step } = install.command;
  const edits = freezing(install, { step, facts, context, lock: lock.name });
  if (refused(edits)) return edits;
  return {
    title: 'install what the lockfile says',
    variant: install.manager,
    edits,
    claims: [changesScript(build, step), { kind: 'observed', probe: 'builds', expect: true }],
  };
}

export default defineRule({
  id: 'install-ignores-lockfile',
  practice: 'P4',
  catalogue: ['P4.2', 'P4.3', 'G026'],
  level: 'warning',
  fixClass: 'F+B',
  summary: 'an install may choose other versions than the lockfile',
  aliases: [],
  about: { programs: DEPENDENCY_PROGRAMS, otherwise: 'no lockfile reaches an install' },
  subject: 'target',
  check(subject) {
    const { build } = subject;
    const findings: Finding[] = [];
    let frozenOne: DependencyInstall | undefined;
    let unknown = false;
    for (const step of build.needed.flatMap(({ steps }) => steps)) {
      for (const install of dependencyInstalls(step)) {
        const frozen = FROZEN[install.manager];
        if (frozen === undefined) continue;
        if (isFrozen(install, frozen) || CONFIGURED.get(install.manager)?.(step)) {
          frozenOne ??= install;
          continue;
        }
        const lock = lockfileAt(subject, step, install.manager);
        if (lock === 'unknown') unknown = true;
        if (typeof lock === 'string') continue;
        findings.push({
          at: install.command.command.span,
          message: `${[install.invocation.program, install.invocation.subcommand].filter((word) => word !== undefined).join(' ')} may install other versions than ${lock.name} says`,
          help: frozen.advice,
          step,
          fix: freeze(subject, install, lock),
        });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    if (unknown)
      return {
        is: 'unknown',
        because: 'it is not known whether the build context holds a lockfile',
        wants: [{ kind: 'context-root', of: { context: subject.context } }],
      };
    if (frozenOne === undefined) return { is: 'not-applicable', because: 'no lockfile reaches an install' };
    return {
      is: 'held',
      evidence: [
        {
          at: { file: build.file, span: frozenOne.command.command.span },
          says: `${frozenOne.manager} keeps to its lockfile`,
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `A lockfile says which versions were tested. \`npm install\` and its like take it as a proposal: where it does not fit the manifest, they choose
again and write a new one into the image, where nobody sees it. The frozen forms stop instead.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN «npm install --no-audit»\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --no-audit\n',
      variant: 'npm',
    },
    {
      title: 'the context says what the pattern takes',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN «npm i» && npm cache clean --force\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci && npm cache clean --force\n',
      files: { 'package.json': '{}', 'package-lock.json': '{}' },
      variant: 'npm',
    },
    {
      title: 'Yarn 1, the program alone',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN «yarn»\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN yarn --frozen-lockfile\n',
      files: { 'package.json': '{}', 'yarn.lock': '# THIS IS AN AUTOGENERATED FILE.\n# yarn lockfile v1\n' },
      variant: 'yarn',
    },
    {
      title: 'a later Yarn, by its settings',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN «yarn install»\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN yarn install --immutable\n',
      files: { 'package.json': '{}', 'yarn.lock': '', '.yarnrc.yml': '' },
      variant: 'yarn',
    },
    {
      title: 'a later Yarn, by its lockfile',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN «yarn install»\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN yarn install --immutable\n',
      files: { 'package.json': '{}', 'yarn.lock': '# This file is generated.\n\n__metadata:\n  version: 8\n' },
      variant: 'yarn',
    },
    {
      title: 'a later Yarn, by package.json',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN corepack enable && «yarn install»\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN corepack enable && yarn install --immutable\n',
      files: { 'package.json': '{ "packageManager": "yarn@4.9.1+sha224.abc" }', 'yarn.lock': '' },
      variant: 'yarn',
    },
    {
      title: 'a later Yarn, by the Dockerfile',
      bad: 'FROM node:22-bookworm-slim\nRUN corepack enable && corepack prepare yarn@4.9.1 --activate\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN «yarn install»\n',
      good: 'FROM node:22-bookworm-slim\nRUN corepack enable && corepack prepare yarn@4.9.1 --activate\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN yarn install --immutable\n',
      variant: 'yarn',
    },
    {
      title: 'nothing says which Yarn it is',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN «yarn install»\n',
      declined: 'is known to say whether this is Yarn 1',
    },
    {
      title: 'two Yarns',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json yarn.lock /app/\nRUN «yarn install»\n',
      files: { 'package.json': '{ "packageManager": "yarn@4.9.1" }', 'yarn.lock': '# yarn lockfile v1\n' },
      declined: 'speak of Yarn 1 and of a later one',
    },
    {
      title: 'an image that does not say which npm it has, and a lockfile of npm 7 or later',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y npm\nWORKDIR /app\nCOPY package*.json ./\nRUN «npm install»\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y npm\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n',
      files: { 'package.json': '{}', 'package-lock.json': '{\n  "name": "app",\n  "lockfileVersion": 3\n}\n' },
      variant: 'npm',
    },
    {
      title: 'a heredoc that is run as a file',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN <<EOF\n#!/bin/sh\nset -e\n«npm install»\nEOF\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN <<EOF\n#!/bin/sh\nset -e\nnpm ci\nEOF\n',
      variant: 'npm',
    },
    {
      title: 'pnpm',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nRUN «pnpm install --prod»\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install --frozen-lockfile --prod\n',
      variant: 'pnpm',
    },
    {
      title: 'uv, with mounts',
      bad: 'FROM python:3.13-slim-trixie\nWORKDIR /app\nRUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=bind,source=pyproject.toml,target=pyproject.toml «uv sync --no-install-project»\n',
      good: 'FROM python:3.13-slim-trixie\nWORKDIR /app\nRUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync --locked --no-install-project\n',
      variant: 'uv',
    },
    {
      title: 'Bundler',
      bad: 'FROM ruby:3.4-slim-bookworm\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN «bundle install --jobs 4»\n',
      good: 'FROM ruby:3.4-slim-bookworm\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN BUNDLE_FROZEN=1 bundle install --jobs 4\n',
      variant: 'bundle',
    },
    {
      title: 'Bundler by sudo, which drops variables',
      bad: 'FROM ruby:3.4-slim-bookworm\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN «sudo -u app bundle install»\n',
      declined: 'which a variable does not reach',
    },
    {
      title: 'Pipenv',
      bad: 'FROM python:3.13-slim-trixie\nWORKDIR /app\nCOPY Pipfile Pipfile.lock ./\nRUN «pipenv install --system»\n',
      good: 'FROM python:3.13-slim-trixie\nWORKDIR /app\nCOPY Pipfile Pipfile.lock ./\nRUN pipenv install --deploy --system\n',
      variant: 'pipenv',
    },
    {
      title: 'without the lockfile on purpose',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN «npm install --no-package-lock»\n',
      declined: 'no place on npm ci',
    },
    {
      title: 'an npm that does not know it',
      bad: 'FROM node:6\nWORKDIR /app\nCOPY package.json npm-shrinkwrap.json ./\nRUN «npm install»\n',
      declined: 'does not know npm ci',
    },
    {
      title: 'nothing says which npm it is',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y npm\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN «npm install»\n',
      declined: 'whether the npm here is new enough',
    },
  ],
  silent: [
    {
      title: 'npm ci',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n',
      is: 'held',
    },
    {
      title: 'a setting of Bundler',
      text: 'FROM ruby:3.4-slim-bookworm\nWORKDIR /app\nENV BUNDLE_DEPLOYMENT=1\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n',
      is: 'held',
    },
    {
      title: 'bundle config',
      text: 'FROM ruby:3.4-slim-bookworm\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set --local frozen true && bundle install\n',
      is: 'held',
    },
    {
      title: 'there is no lockfile',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\n',
      is: 'not-applicable',
      files: { 'package.json': '{}' },
    },
    {
      title: 'a package by name, whose registry is no package (hadolint #975)',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install -g --registry https://registry.example.com pm2\n',
      is: 'not-applicable',
    },
    {
      title: 'nobody looked into the context',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\n',
      is: 'unknown',
    },
    {
      title: 'the lockfile lies elsewhere',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package-lock.json /tmp/\nRUN npm install\n',
      is: 'not-applicable',
    },
    {
      title: 'Poetry keeps to its lockfile by itself',
      text: 'FROM python:3.13-slim-trixie\nWORKDIR /app\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root\n',
      is: 'not-applicable',
    },
  ],
  links: ['https://docs.npmjs.com/cli/commands/npm-ci', 'https://pnpm.io/cli/install#--frozen-lockfile'],
};
