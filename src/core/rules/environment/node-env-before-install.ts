import { insertWord } from '../../language/edit/index.ts';
import {
  changesScript,
  type DependencyInstall,
  dependencyInstalls,
  firstAfter,
  isKnown,
  runsBuild,
  type Step,
  type StepCommand,
  ships,
  takesDevelopment,
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

/** The option that takes development dependencies in whatever NODE_ENV says. */
const INCLUDE: Readonly<Record<string, string>> = {
  npm: '--include=dev',
  yarn: '--production=false',
  pnpm: '--prod=false',
};

function include({ build }: TargetSubject, { manager, invocation, command }: DependencyInstall): Proposal | Declined {
  const { step } = command;
  const word = invocation.subcommandWord;
  const option = INCLUDE[manager];
  if (option === undefined || word === undefined || word.broken)
    return { declined: 'the command is not written plainly' };
  if (step.stage === undefined || ships(build, step.stage))
    return {
      declined: 'the development dependencies would ship: build in a stage of its own first, as `layerwise adopt` will',
    };
  const edits = insertWord(word, option);
  if ('declined' in edits) return edits;
  return {
    title: 'install the development dependencies for the build',
    variant: manager,
    edits,
    claims: [changesScript(build, step), { kind: 'observed', probe: 'builds', expect: true }],
  };
}

function builds(command: StepCommand): boolean {
  return /^(?:npm|yarn|pnpm)$/.test(command.invocation?.program ?? '') && runsBuild(command);
}

const buildAfter = firstAfter(({ commands }) => commands.find(builds));

/** The command after an install that builds with what it installed. */
function builderAfter({ command: { step, command } }: DependencyInstall): StepCommand | undefined {
  return step.commands.find((each) => each.command.index > command.index && builds(each)) ?? buildAfter(step);
}

export default defineRule({
  id: 'node-env-before-install',
  practice: 'P25',
  catalogue: ['G107'],
  level: 'info',
  fixClass: 'B',
  summary: 'NODE_ENV=production leaves out what the build step needs',
  aliases: [],
  about: { programs: ['npm', 'yarn', 'pnpm'], otherwise: 'no build follows an install of Node packages' },
  subject: 'target',
  check(subject) {
    const { build } = subject;
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const stage of build.needed) {
      for (const step of stage.steps) {
        for (const install of dependencyInstalls(step)) {
          if (!/^(?:npm|yarn|pnpm)$/.test(install.manager)) continue;
          const builder = builderAfter(install);
          if (builder === undefined) continue;
          seen ??= step;
          const mode = step.before.variable('NODE_ENV');
          const setter = step.before.variableStep('NODE_ENV');
          const explicit = install.invocation.options.some(({ name }) =>
            /^--(?:production|prod|only|omit)$/.test(name),
          );
          if (
            setter === undefined ||
            explicit ||
            !isKnown(mode) ||
            mode.value !== 'production' ||
            takesDevelopment(install) !== false
          )
            continue;
          findings.push({
            at: install.command.command.span,
            message:
              'NODE_ENV=production leaves the development dependencies out, and a build follows that mostly needs them',
            help: 'set NODE_ENV in the stage that runs, or install with the development dependencies here',
            step,
            related: [
              { at: setter.instruction.span, label: 'set here' },
              { at: builder.command.span, label: 'the build' },
            ],
            fix: include(subject, install),
          });
        }
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no build follows an install of Node packages' }
        : {
            is: 'held',
            evidence: [
              {
                at: { file: build.file, span: seen.instruction.keyword.span },
                says: 'the build has its development dependencies, or leaves them out by an option',
              },
            ],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `With \`NODE_ENV=production\` in force, npm, Yarn and pnpm install no development dependencies: TypeScript, bundlers and the like are missing
where the build needs them. The variable belongs to the stage that runs.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim AS build\nENV NODE_ENV=production\nCOPY . .\nRUN «npm ci»\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=build /dist /usr/share/nginx/html\n',
      good: 'FROM node:22-bookworm-slim AS build\nENV NODE_ENV=production\nCOPY . .\nRUN npm ci --include=dev\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=build /dist /usr/share/nginx/html\n',
      variant: 'npm',
    },
    {
      title: 'Yarn, in one RUN',
      bad: 'FROM node:22-bookworm-slim AS build\nARG NODE_ENV=production\nRUN «yarn install --frozen-lockfile» && yarn build\nFROM nginx:1.29\nCOPY --from=build /dist /usr/share/nginx/html\n',
      good: 'FROM node:22-bookworm-slim AS build\nARG NODE_ENV=production\nRUN yarn install --production=false --frozen-lockfile && yarn build\nFROM nginx:1.29\nCOPY --from=build /dist /usr/share/nginx/html\n',
      variant: 'yarn',
    },
    {
      title: 'in a heredoc that is run as a file',
      bad: 'FROM node:22-bookworm-slim AS build\nENV NODE_ENV=production\nRUN <<EOF\n#!/bin/sh\nset -e\n«npm ci»\nnpm run build\nEOF\nFROM nginx:1.29\nCOPY --from=build /dist /usr/share/nginx/html\n',
      good: 'FROM node:22-bookworm-slim AS build\nENV NODE_ENV=production\nRUN <<EOF\n#!/bin/sh\nset -e\nnpm ci --include=dev\nnpm run build\nEOF\nFROM nginx:1.29\nCOPY --from=build /dist /usr/share/nginx/html\n',
      variant: 'npm',
    },
    {
      title: 'a stage that ships',
      bad: 'FROM node:22-bookworm-slim\nENV NODE_ENV=production\nRUN «npm ci» && npm run build\nCMD ["node", "dist"]\n',
      declined: 'would ship',
    },
  ],
  silent: [
    {
      title: 'taken in by the old option',
      text: 'FROM node:10\nENV NODE_ENV=production\nRUN npm ci --dev && npm run build\n',
      is: 'held',
    },
    {
      title: 'set after the install',
      text: 'FROM node:22-bookworm-slim\nRUN npm ci && npm run build\nENV NODE_ENV=production\n',
      is: 'held',
    },
    {
      title: 'taken in by an option',
      text: 'FROM node:22-bookworm-slim\nENV NODE_ENV=production\nRUN npm ci --include=dev && npm run build\n',
      is: 'held',
    },
    {
      title: 'left out on purpose',
      text: 'FROM node:22-bookworm-slim\nENV NODE_ENV=production\nRUN npm ci --omit=dev && npm run build\n',
      is: 'held',
    },
    {
      title: 'nothing is built',
      text: 'FROM node:22-bookworm-slim\nENV NODE_ENV=production\nRUN npm ci\n',
      is: 'not-applicable',
    },
  ],
};
