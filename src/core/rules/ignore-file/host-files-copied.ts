import {
  type Build,
  type ContextNeed,
  type DependencyManager,
  dependencyInstalls,
  executedSteps,
  historyReader,
  isKnown,
  ships,
  wholeContextCopy,
} from '../../model/index.ts';
import type { FactKey } from '../../vocabulary/index.ts';
import { decide, ignorePatterns } from '../../world/context/index.ts';
import { defineRule, type Finding, found, ignoreFileFix, type RuleDocs, type TargetSubject } from '../define.ts';

/** What lies at the top of many projects and belongs to the machine, not to the image. */
interface Own {
  readonly path: string;
  readonly is: string;
  /** What comes of it, besides size. */
  readonly harm: string;
}

const HISTORY: Own = { path: '.git', is: 'the history of the project', harm: 'every commit reruns the COPY' };
const installed = (path: string): Own => ({
  path,
  is: 'packages installed on this machine',
  harm: 'they may stand in the place of those that the image installs',
});

const NODE: readonly DependencyManager[] = ['npm', 'yarn', 'pnpm', 'bun'];
const PYTHON: readonly DependencyManager[] = ['pip', 'uv', 'poetry', 'pipenv'];

function ownOf(build: Build): readonly Own[] {
  const installs = build.needed.flatMap(executedSteps).flatMap((step) => dependencyInstalls(step));
  const node = installs.some(({ manager }) => NODE.includes(manager));
  const python = installs.some(({ manager }) => PYTHON.includes(manager));
  return [
    ...(historyReader([build]) === undefined ? [HISTORY] : []),
    ...(node ? [installed('node_modules')] : []),
    ...(python ? [installed('.venv'), installed('venv')] : []),
  ];
}

export default defineRule({
  id: 'host-files-copied',
  practice: 'P19',
  catalogue: ['P19.5'],
  point: 7,
  level: 'warning',
  fixClass: 'F',
  summary: 'COPY takes files of this machine that .dockerignore should leave out',
  aliases: [],
  about: { instructions: ['COPY', 'ADD', 'ONBUILD'], otherwise: 'nothing is copied' },
  subject: 'target',
  check(subject: TargetSubject) {
    const { build, facts, context } = subject;
    const need = wholeContextCopy(build);
    if (need === undefined) return { is: 'not-applicable', because: 'no COPY takes the whole context' };
    const of = { context, dockerfile: build.file };
    const fact = facts.ask('ignore-file', of);
    if (!isKnown(fact))
      return {
        is: 'unknown',
        because: 'it is not known what .dockerignore leaves out',
        wants: [{ kind: 'ignore-file', of }],
      };
    const { file, patterns } = fact.value;
    if (file === null || patterns.length === 0)
      return { is: 'not-applicable', because: 'there is no .dockerignore: that is told by itself' };
    const ignored = ignorePatterns(patterns);
    if ('refused' in ignored)
      return { is: 'unknown', because: `BuildKit refuses a pattern of ${file}: ${ignored.refused}` };
    const wants: FactKey[] = [];
    const taken: Own[] = [];
    for (const own of ownOf(build)) {
      const decision = decide(ignored, own.path);
      // Something of what a pattern leaves out may be let in again: who wrote that has thought of it.
      if ('broken' in decision || decision.by !== undefined) continue;
      const key = { context, path: own.path };
      const there = facts.ask('context-file', key);
      if (!isKnown(there)) wants.push({ kind: 'context-file', of: key });
      else if (there.value.is !== 'missing') taken.push(own);
    }
    const [first] = taken;
    if (first === undefined) {
      return wants.length > 0
        ? { is: 'unknown', because: 'it is not known what lies in the build context', wants }
        : { is: 'held', evidence: [{ at: { file }, says: `${file} leaves out what belongs to this machine` }] };
    }
    return found([findingOf(subject, need, taken, file)], { is: 'held', evidence: [] });
  },
});

function findingOf(subject: TargetSubject, need: ContextNeed, taken: readonly Own[], file: string): Finding {
  const names = taken.map(({ path, is }) => `${path} (${is})`).join(', ');
  const { stage } = need.step;
  const shipped = stage !== undefined && ships(subject.build, stage);
  return {
    at: need.span,
    step: need.step,
    message: `${need.text} takes ${names}${shipped ? ' into the image' : ''}: ${taken[0]?.harm}`,
    help: `leave ${taken.length === 1 ? 'it' : 'them'} out in ${file}`,
    fix: ignoreFileFix(subject, 'default'),
  };
}

export const docs: RuleDocs = {
  why: `A .dockerignore that was written once seldom keeps up with the project. What it forgets goes with \`COPY . .\`: the whole history
(with whatever was ever committed), settings with passwords, and packages that were built for the machine of a developer and overwrite those
that the image has just installed.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY «.» .\nCMD ["node", "a.js"]\n',
      good: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "a.js"]\n',
      files: {
        '.dockerignore': '*.log\n',
        '.git/HEAD': '',
        '.env': 'A=b\n',
        'node_modules/a/index.js': '',
        'package.json': '{}',
      },
      others: {
        '.dockerignore':
          '*.log\n\n# the history of the project\n**/.git\n\n# packages installed on this machine\n**/node_modules\n\n# settings that are usually secrets\n**/.env\n\n# a change in it changes no image\n.dockerignore\n',
      },
    },
    {
      title: 'nobody looked what else lies there',
      bad: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY «.» .\nRUN pip install -r requirements.txt\nCMD ["python", "a.py"]\n',
      declined: 'context --write',
      plan: 'not-asked',
      files: { '.dockerignore': '.git\n', '.venv/pyvenv.cfg': '', 'requirements.txt': '' },
    },
  ],
  silent: [
    {
      title: 'all of it is left out',
      text: 'FROM node:22-bookworm-slim\nCOPY . .\nRUN npm ci\n',
      is: 'held',
      files: {
        '.dockerignore': '**/.git\n.env*\nnode_modules\n',
        '.git/HEAD': '',
        '.env': '',
        'node_modules/a/index.js': '',
      },
    },
    {
      title: 'a fresh checkout in which none of it lies',
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'held',
      files: { '.dockerignore': '*.log\n', 'main.c': '' },
    },
    {
      title: 'only what is named is let in',
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'held',
      files: { '.dockerignore': '*\n!src\n', '.git/HEAD': '', '.env': '' },
    },
    {
      title: 'the build reads the history',
      text: 'FROM golang:1.26\nCOPY . .\nRUN go build -o /app .\n',
      is: 'held',
      files: { '.dockerignore': '*.md\n', '.git/HEAD': '' },
    },
    {
      title: 'no node_modules of the image that they could overwrite',
      text: 'FROM nginx:1.29\nCOPY . /usr/share/nginx/html\n',
      is: 'held',
      files: { '.dockerignore': '.git\n', 'node_modules/a/index.js': '' },
    },
    {
      title: 'no .dockerignore at all',
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'not-applicable',
      files: { '.git/HEAD': '' },
    },
    {
      title: 'one directory',
      text: 'FROM debian:12-slim\nCOPY src /app\n',
      is: 'not-applicable',
      files: { '.dockerignore': '*.md\n', '.git/HEAD': '', 'src/main.c': '' },
    },
    { title: 'files were not looked at', text: 'FROM debian:12-slim\nCOPY . /app\n', is: 'unknown' },
  ],
};
