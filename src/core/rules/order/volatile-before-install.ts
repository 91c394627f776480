import { insertAfter, refused, removeInstruction } from '../../language/edit/index.ts';
import {
  type Build,
  claimName,
  countWhere,
  dependencyInstalls,
  expandedTexts,
  oncePer,
  oncePerName,
  type Stage,
  type Step,
  SYSTEM_MANAGERS,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Names of values that every commit or every build changes. */
const VOLATILE =
  /^(?:(?:APP_|IMAGE_|DOCKER_|SOURCE_|CI_|DRONE_|TRAVIS_|GITHUB_)?(?:GIT_?)?(?:SHA1?|COMMIT(?:_(?:SHA|HASH|ID|REF|SHORT_SHA))?|REVISION|GIT_(?:HASH|REV|REF|DESCRIBE|SHA|COMMIT))|VCS_(?:REF|REVISION)|BUILD_(?:DATE|TIME|TIMESTAMP|NUMBER|NUM|ID|SHA|REF|REVISION|COMMIT)|BUILDDATE|BUILD_VERSION|RELEASE_DATE|CACHE_?BUST(?:ER)?|CI_PIPELINE_I?ID|GITHUB_RUN_(?:ID|NUMBER))$/i;

/** A default that is a value of its own, not a place for what a build gives. */
const FIXED = /^["']?(?:v?\d+\.[\w.-]+|[0-9a-f]{7,40}|main|master)["']?$/;

/** Names of values on which the steps after them are meant to depend. */
const ON_PURPOSE = /^CACHE_?BUST/i;

function installs(step: Step): boolean {
  return (
    dependencyInstalls(step).length > 0 ||
    step.commands.some(({ invocation }) => invocation?.action === 'install' && SYSTEM_MANAGERS.has(invocation.program))
  );
}

/** Whether a step names the variable, in its words or in its script. A script that cannot be read may. */
function uses(build: Build, step: Step, name: string): boolean {
  const reference = new RegExp(`\\$(?:${name}(?![A-Za-z0-9_])|\\{${name}(?![A-Za-z0-9_]))`);
  if (expandedTexts(step, build.dockerfile.text).some(({ text }) => reference.test(text))) return true;
  if (step.instruction.name === 'RUN')
    return (
      step.scripts.some(({ map }) => reference.test(map.text)) ||
      step.instruction.heredocs.some(({ content }) => reference.test(content))
    );
  return false;
}

/** Names of one state of some project: of this one, or of one that is fetched. */
const OF_A_PROJECT = /SHA|COMMIT|REV|REF|TAG|BRANCH|HASH/i;
const FETCHES = /^(?:git|curl|wget|aria2c|svn|hg|(?:sha\d*|md5)sum|shasum)$/;

function fetches({ instruction, commands }: Step): boolean {
  return instruction.name === 'ADD' || commands.some(({ command }) => FETCHES.test(command.program ?? ''));
}

/** The steps of a file that use a variable, by stage, in order. */
const usersOf = oncePerName((build: Build, name: string) =>
  oncePer(({ steps }: Stage) => steps.filter((step) => uses(build, step, name))),
);

/** The steps of a stage that install, in order. */
const installersIn = oncePer(({ steps }: Stage) => steps.filter(installs));

/** It is the sum or the commit of something that is fetched here: it changes when somebody names another version. */
function isFetched(users: readonly Step[], step: Step, name: string): boolean {
  return OF_A_PROJECT.test(name) && (users.findLast(fetches)?.index ?? 0) > step.index;
}

/** The steps of a stage that set a variable, in order. */
const settersOf = oncePerName(({ steps }: Stage, name: string) =>
  steps.filter(
    ({ instruction: { args, name: keyword } }) =>
      (keyword === 'ARG' || keyword === 'ENV') &&
      args.form === 'pairs' &&
      args.pairs.some(({ key }) => key.value === name),
  ),
);

function moveDown(build: Build, step: Step, install: Step): Proposal | Declined {
  const { instruction, stage } = step;
  const { args } = instruction;
  if (stage === undefined || args.form !== 'pairs' || args.pairs.length !== 1)
    return { declined: 'the instruction sets more than this: split it first' };
  if (instruction.name === 'ENV') return { declined: 'a program may read it on the way: move it by hand' };
  const removed = removeInstruction(build.dockerfile, instruction);
  if (refused(removed)) return removed;
  const inserted = insertAfter(build.dockerfile, install.instruction, build.dockerfile.text.slice(...instruction.span));
  if (refused(inserted)) return inserted;
  const setters = settersOf(stage, args.pairs[0]?.key.value ?? '');
  const again = setters[countWhere(setters, ({ index }) => index <= step.index)];
  if (again !== undefined && again.index <= install.index)
    return { declined: 'it is set again in between: move it by hand' };
  const between = stage.steps.slice(step.index, install.index);
  if (between.some(({ instruction: each }) => each.name === 'ONBUILD'))
    return { declined: 'an ONBUILD stands in between: move it by hand' };
  const others = between.filter(({ instruction: each }) => each.name === 'ARG' || each.name === 'ENV');
  const valued = args.pairs[0]?.value !== undefined;
  // the variables of a RUN stand in the order in which they were set
  const runs = stage.steps.filter(
    ({ instruction: each, index }) =>
      each.name === 'RUN' && index > step.index && (others.length > 0 || index <= install.index),
  );
  return {
    title: 'move it below the install',
    variant: valued ? 'default-value' : 'no-value',
    edits: [...removed, ...inserted],
    claims: [
      valued ? { kind: 'same-build-but', differs: runs.map((run) => claimName(run, 'env')) } : { kind: 'same-build' },
      { kind: 'observed', probe: 'step-cached', expect: claimName(install, 'args') },
    ],
  };
}

export default defineRule({
  id: 'volatile-before-install',
  practice: 'P4',
  catalogue: ['G028'],
  level: 'warning',
  fixClass: 'S+B',
  summary: 'a value that every build changes is set before an install',
  aliases: [],
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const stage of build.needed) {
      const installers = installersIn(stage);
      const last = installers.at(-1);
      if (last === undefined) continue;
      seen ??= last;
      for (const step of stage.steps) {
        const { name, args } = step.instruction;
        if ((name !== 'ARG' && name !== 'ENV') || args.form !== 'pairs' || step.index > last.index) continue;
        for (const { key, value } of args.pairs) {
          if (!VOLATILE.test(key.value) || ON_PURPOSE.test(key.value)) continue;
          // a written value of an ENV changes with the file only
          if (name === 'ENV' && value?.value.includes('$') !== true) continue;
          if (name === 'ARG' && value !== undefined && FIXED.test(value.value)) continue;
          const users = usersOf(build, key.value)(stage);
          const user = users[countWhere(users, (other) => other.index <= step.index)];
          const before =
            installers[countWhere(installers, (other) => other.index < (user?.index ?? Number.POSITIVE_INFINITY)) - 1];
          const install = before !== undefined && before.index > step.index ? before : undefined;
          if (install === undefined || isFetched(users, step, key.value)) continue;
          findings.push({
            at: key.span,
            message: `${name} ${key.value} changes with every build, and every step below it runs again`,
            help: 'set it after the install, right before the step that uses it',
            step,
            related: [{ at: install.instruction.keyword.span, label: 'this install does not use it' }],
            fix: moveDown(build, step, install),
          });
        }
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'nothing is installed' }
        : {
            is: 'held',
            evidence: [
              {
                at: { file: build.file, span: seen.instruction.keyword.span },
                says: 'no changing value is set before it',
              },
            ],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `Every ARG and ENV in force is part of a RUN's environment, and so of its cache key. A commit's hash or a date above the install makes
that install run again with every build, although it never looks at the value. Below the install it costs nothing. A LABEL is no part of the cache key
in BuildKit, so that its place does not matter; the ARG that feeds it does.`,
  observed: ['default-value', 'no-value'],
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nARG «GIT_SHA»=unknown\nCOPY package*.json ./\nRUN npm ci\nLABEL org.opencontainers.image.revision=$GIT_SHA\n',
      good: 'FROM node:22-bookworm-slim\nCOPY package*.json ./\nRUN npm ci\nARG GIT_SHA=unknown\nLABEL org.opencontainers.image.revision=$GIT_SHA\n',
      variant: 'default-value',
    },
    {
      title: 'without a value',
      bad: 'FROM debian:12-slim\nARG «BUILD_DATE»\nRUN apt-get update && apt-get install -y curl\nLABEL created=$BUILD_DATE\n',
      good: 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl\nARG BUILD_DATE\nLABEL created=$BUILD_DATE\n',
      variant: 'no-value',
    },
    {
      title: 'past other arguments',
      bad: 'FROM debian:12-slim\nARG «VCS_REF»=none\nARG PORT=80\nRUN apt-get update && apt-get install -y curl\nRUN true\nLABEL ref=$VCS_REF\n',
      good: 'FROM debian:12-slim\nARG PORT=80\nRUN apt-get update && apt-get install -y curl\nARG VCS_REF=none\nRUN true\nLABEL ref=$VCS_REF\n',
      variant: 'default-value',
    },
    {
      title: 'an ENV made of it',
      bad: 'FROM node:22-bookworm-slim\nARG GIT_SHA\nENV «GIT_SHA»=$GIT_SHA\nRUN npm ci\n',
      declined: 'by hand',
    },
  ],
  silent: [
    {
      title: 'a version or a branch that is written here',
      text: 'FROM debian:12-slim\nARG GIT_BRANCH=v5.x\nARG GIT_COMMIT=v5.1.2\nRUN apt-get update && apt-get install -y git\nRUN build-of $GIT_BRANCH $GIT_COMMIT\n',
      is: 'held',
    },
    {
      title: 'the commit of another project',
      text: 'FROM debian:12-slim\nARG COMMIT=v3.1/dev\nRUN apt-get update && apt-get install -y git\nRUN git clone https://example.com/a && cd a && git checkout $COMMIT\n',
      is: 'held',
    },
    {
      title: 'the sum of a download changes with its version only',
      text: 'FROM debian:12-slim\nARG SHA\nRUN apt-get update && apt-get install -y curl\nRUN curl -fsSLO https://example.com/a.war && echo "$SHA a.war" | sha1sum -c -\n',
      is: 'held',
    },
    {
      title: 'after the install',
      text: 'FROM node:22-bookworm-slim\nRUN npm ci\nARG GIT_SHA\nLABEL revision=$GIT_SHA\n',
      is: 'held',
    },
    {
      title: 'the step that installs uses it',
      text: 'FROM debian:12-slim\nARG COMMIT\nRUN apt-get update && apt-get install -y git && git clone https://example.com/a && git -C a checkout $COMMIT\n',
      is: 'held',
    },
    {
      title: 'a version is a choice, not a change',
      text: 'FROM debian:12-slim\nARG VERSION=1.2.3\nRUN apt-get update && apt-get install -y curl\nRUN curl -O https://example.com/$VERSION\n',
      is: 'held',
    },
    {
      title: 'made to empty the cache',
      text: 'FROM debian:12-slim\nARG CACHEBUST=1\nRUN apt-get update && apt-get install -y curl\n',
      is: 'held',
    },
    {
      title: 'a label',
      text: 'FROM debian:12-slim\nLABEL git_sha=abc\nRUN apt-get update && apt-get install -y curl\n',
      is: 'held',
    },
    { title: 'nothing is installed', text: 'FROM scratch\nARG GIT_SHA\nCOPY a /a\n', is: 'not-applicable' },
  ],
};
