import { type ContextNeed, contextNeeds, isKnown, isWholeContext, type Step } from '../../model/index.ts';
import type { FactKey, Level } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, ignoreFileFix, type RuleDocs, type TargetSubject } from '../define.ts';

/** Takes files by their ending or a part of their name: `*.sh`, `*py`, `package*.json`, `environment.yml*`. */
const FILES_BY_PATTERN = /[*?][^/]*\w$|[^/]\.\w+[*?]+$/;

type Reach = 'everything' | 'directory' | 'file' | FactKey;

/** How much of the context is taken: BuildKit sends what is named, and no more. */
function reach({ facts, context }: TargetSubject, { path: source }: ContextNeed): Reach {
  if (!isKnown(source)) return 'directory';
  const path = source.value;
  if (isWholeContext(path)) return 'everything';
  if (/[*?[]/.test(path)) return FILES_BY_PATTERN.test(path) ? 'file' : 'directory';
  const of = { context, path };
  const fact = facts.ask('context-file', of);
  if (!isKnown(fact)) return { kind: 'context-file', of };
  return fact.value.is === 'directory' ? 'directory' : 'file';
}

export default defineRule({
  id: 'ignore-file-missing',
  practice: 'P19',
  catalogue: ['P19.1'],
  point: 7,
  level: 'warning',
  fixClass: 'F',
  summary: 'no .dockerignore keeps the build context small and clean',
  aliases: [],
  subject: 'target',
  check(subject) {
    const { build, facts, context } = subject;
    const needs = contextNeeds(build);
    if (needs.length === 0) return { is: 'not-applicable', because: 'nothing is copied from the build context' };
    const of = { context, dockerfile: build.file };
    const fact = facts.ask('ignore-file', of);
    if (!isKnown(fact))
      return {
        is: 'unknown',
        because: 'it is not known whether there is a .dockerignore',
        wants: [{ kind: 'ignore-file', of }],
      };
    const { file, patterns } = fact.value;
    if (file !== null && patterns.length > 0) {
      return {
        is: 'held',
        evidence: [
          {
            at: { file },
            says: `${file.split('/').at(-1)}: ${patterns.length} pattern${patterns.length === 1 ? '' : 's'}`,
          },
        ],
      };
    }
    const missing = file === null ? 'there is no .dockerignore' : `${file} has no patterns`;
    const wants: FactKey[] = [];
    let narrow: Finding | undefined;
    for (const need of needs) {
      const { step, path } = need;
      const reaches = reach(subject, need);
      if (typeof reaches === 'object') wants.push(reaches);
      else if (reaches === 'everything') {
        const says = `${missing}: the whole directory is sent and can be copied`;
        return { is: 'violated', findings: [lacking(subject, step, says, 'warning')] };
      } else if (reaches === 'directory') {
        const what = isKnown(path) ? path.value : 'what is copied here';
        narrow ??= lacking(subject, step, `${missing}: all of ${what} is sent`, 'info');
      }
    }
    if (wants.length > 0)
      return { is: 'unknown', because: 'it is not known whether what is copied is a directory', wants };
    const because = 'only files that are copied by name are sent';
    return found(narrow === undefined ? [] : [narrow], { is: 'not-applicable', because });
  },
});

function lacking(subject: TargetSubject, step: Step, message: string, level: Level): Finding {
  return {
    at: step.instruction.keyword.span,
    message,
    level,
    help: 'leave out .git, dependencies, build output, .env and keys',
    step,
    fix: ignoreFileFix(subject, 'default'),
  };
}

export const docs: RuleDocs = {
  why: `Without a .dockerignore a build that copies its directory sends .git, node_modules, local secrets and old builds to the engine: slow at the start of each build, and \`COPY . .\` puts
them into the image. A changed file that the image does not need reruns every step after the COPY.`,
  examples: [
    {
      bad: 'FROM debian:12-slim\n«COPY» . /app\n',
      good: 'FROM debian:12-slim\nCOPY . /app\n',
      files: { 'main.c': '', '.git/HEAD': '', '.env': '' },
      others: {
        '.dockerignore':
          '# the history of the project\n**/.git\n\n# settings that are usually secrets\n**/.env\n**/.env.*\n\n# a change in it changes no image\n.dockerignore\n',
      },
    },
    {
      title: 'one without patterns: they are put behind what it says',
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\n«COPY» . .\nRUN npm ci\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
      files: { '.dockerignore': '# nothing\n', 'package.json': '{}', 'node_modules/a/index.js': '' },
      others: {
        '.dockerignore':
          '# nothing\n\n# packages installed on this machine\n**/node_modules\n\n# a change in it changes no image\n.dockerignore\n',
      },
    },
    {
      title: 'nobody looked what lies in the directory',
      bad: 'FROM debian:12-slim\n«COPY» . /app\n',
      declined: 'context --write',
      files: { 'main.c': '' },
      plan: 'not-asked',
    },
    {
      title: 'a directory, as info: the rest is not sent',
      bad: 'FROM debian:12-slim\nCOPY start.sh /\n«COPY» src /app\n',
      good: 'FROM debian:12-slim\nCOPY start.sh /\nCOPY src /app\n',
      files: { 'start.sh': '', 'src/main.c': '' },
      others: {
        '.dockerignore':
          '# the history of the project\n**/.git\n\n# settings that are usually secrets\n**/.env\n**/.env.*\n',
      },
    },
    {
      title: 'all of it, mounted',
      bad: 'FROM golang:1.26\n«RUN» --mount=type=bind,target=. go build -o /app .\n',
      good: 'FROM golang:1.26\nRUN --mount=type=bind,target=. go build -o /app .\n',
      files: { 'main.go': '' },
      others: { '.dockerignore': '# settings that are usually secrets\n**/.env\n**/.env.*\n' },
    },
  ],
  silent: [
    {
      title: 'one file by its name: BuildKit sends nothing else (docker-node)',
      text: 'FROM debian:12-slim\nCOPY docker-entrypoint.sh /usr/local/bin/\n',
      is: 'not-applicable',
      files: { 'docker-entrypoint.sh': '' },
    },
    {
      title: 'files by their ending, and one that is mounted',
      text: 'FROM debian:12-slim\nCOPY conf/*.conf /etc/app/\nRUN --mount=type=bind,source=setup.sh,target=/setup.sh sh /setup.sh\n',
      is: 'not-applicable',
      files: { 'conf/a.conf': '', 'setup.sh': '' },
    },
    {
      title: 'there is one',
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'held',
      files: { '.dockerignore': '.git\nnode_modules\n' },
    },
    {
      title: "the Dockerfile's own",
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'held',
      files: { 'Dockerfile.dockerignore': '.git\n' },
    },
    { title: 'nothing is copied', text: 'FROM debian:12-slim\nRUN true\n', is: 'not-applicable', files: {} },
    {
      title: 'only from another stage',
      text: 'FROM debian:12-slim AS a\nRUN true\nFROM scratch\nCOPY --from=a /x /x\n',
      is: 'not-applicable',
      files: {},
    },
    { title: 'files were not looked at', text: 'FROM debian:12-slim\nCOPY . /app\n', is: 'unknown' },
  ],
};
