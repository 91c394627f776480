import {
  contextCopy,
  DEPENDENCY_PROGRAMS,
  type DependencyInstall,
  dependencyInstalls,
  isWholeContext,
  type Stage,
  type Step,
  stepsBefore,
  valueOf,
} from '../../model/index.ts';
import type { Evidence, Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** The source that brings the project's whole tree: the context, or a directory that becomes the one the install runs in. */
function wholeTree(step: Step, install: Step): Span | undefined {
  const copy = contextCopy(step);
  if (copy === undefined) return undefined;
  const whole = copy.sources.find(({ text }) => isWholeContext(text));
  if (whole !== undefined) return whole.span;
  const [only, more] = copy.sources;
  if (only === undefined || more !== undefined) return undefined;
  const path = valueOf(copy.path);
  const workdir = valueOf(install.before.workdir);
  // a name with a dot may be a file; a target with a slash takes files too
  const directory =
    only.text.endsWith('/') ||
    (!/[.*?$]/.test(only.text.slice(only.text.lastIndexOf('/') + 1)) && path?.endsWith('/') === false);
  return directory && path !== undefined && workdir !== undefined && path.replace(/(.)\/$/, '$1') === workdir
    ? only.span
    : undefined;
}

/** A bind mount of the whole context: the step reruns whenever any file changes. */
function mountedTree(step: Step): Span | undefined {
  return step.mounts.find(
    ({ type, from, source }) => type === 'bind' && from === undefined && isWholeContext(source ?? '.'),
  )?.span;
}

export default defineRule({
  id: 'source-copied-before-install',
  practice: 'P4',
  catalogue: ['P4.1'],
  point: 2,
  level: 'warning',
  fixClass: 'F+B',
  summary: 'the sources are copied before the dependencies are installed',
  aliases: [],
  about: { programs: DEPENDENCY_PROGRAMS, otherwise: 'no dependencies are installed from a manifest' },
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    const evidence: Evidence[] = [];
    const reported = new Set<string>();
    const inherited = new Map<Stage, ReadonlySet<string>>();
    const report = (at: Span, install: DependencyInstall, message: string) => {
      if (reported.has(at.join())) return;
      reported.add(at.join());
      findings.push({
        at,
        message,
        help: 'copy the manifest and the lockfile, install, and copy the sources after that',
        related: [
          { at: install.command.command.span, label: `${install.manager} runs again whenever any file changes` },
        ],
        fix: { declined: 'which files the install needs stands in the project: `layerwise adopt` will find them' },
      });
    };
    for (const stage of build.needed) {
      const below = stage.base.kind === 'stage' ? inherited.get(stage.base.stage) : undefined;
      const installed = new Set(below);
      inherited.set(stage, installed);
      for (const step of stage.steps) {
        for (const install of dependencyInstalls(step)) {
          // the second install of a tool comes after the sources on purpose: it adds the project itself
          const first = !installed.has(install.manager);
          installed.add(install.manager);
          if (!first) continue;
          const earlier = stepsBefore(step);
          const mounted = mountedTree(step);
          const copied = earlier.map((each) => wholeTree(each, step)).find((span) => span !== undefined);
          if (copied !== undefined)
            report(copied, install, 'the whole source tree is copied before the dependencies are installed');
          else if (mounted !== undefined)
            report(mounted, install, 'the whole source tree is mounted where the dependencies are installed');
          else
            evidence.push({
              at: { file: build.file, span: install.command.command.span },
              says: `${install.manager} installs before the sources are copied`,
            });
        }
      }
    }
    return found(
      findings,
      evidence.length > 0
        ? { is: 'held', evidence }
        : { is: 'not-applicable', because: 'no dependencies are installed from a manifest' },
    );
  },
});

export const docs: RuleDocs = {
  why: `BuildKit reruns a step when a file changes that was copied before it. With the whole tree copied first, one changed line of code
reinstalls every dependency. Copy what the install reads, install, and then copy the rest: the install is rerun when the manifest or the lockfile changes,
and only then.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY «.» .\nRUN npm ci\nCMD ["node", "server.js"]\n',
      declined: 'adopt',
    },
    {
      title: 'ADD, and Go',
      bad: 'FROM golang:1.25\nWORKDIR /src\nADD «.» /src\nRUN go mod download\nRUN go build -o /app\n',
      declined: 'adopt',
    },
    {
      title: 'a directory that becomes the working directory',
      bad: 'FROM python:3.13-slim-trixie\nCOPY «./app» /app\nWORKDIR /app\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]\n',
      declined: 'adopt',
    },
    {
      title: 'a mount of everything',
      bad: 'FROM golang:1.25\nWORKDIR /src\nRUN «--mount=type=bind,target=.» go mod download\n',
      declined: 'adopt',
    },
    {
      title: 'copied in the stage below',
      bad: 'FROM node:22-bookworm-slim AS source\nWORKDIR /app\nCOPY «.» .\nFROM source\nRUN yarn install --frozen-lockfile\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'manifests first',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n',
      is: 'held',
    },
    {
      title: 'manifests mounted',
      text: 'FROM golang:1.25\nWORKDIR /src\nRUN --mount=type=bind,source=go.mod,target=go.mod --mount=type=bind,source=go.sum,target=go.sum go mod download\nCOPY . .\nRUN go build -o /app\n',
      is: 'held',
    },
    {
      title: 'a second install adds the project itself',
      text: 'FROM python:3.13-slim-trixie\nWORKDIR /app\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root\nCOPY . .\nRUN poetry install\n',
      is: 'held',
    },
    {
      title: 'the project itself is what is installed',
      text: 'FROM python:3.13-slim-trixie\nCOPY . /src\nRUN pip install /src\n',
      is: 'not-applicable',
    },
    {
      title: 'from another stage',
      text: 'FROM golang:1.25 AS src\nCOPY . .\nFROM node:22-bookworm-slim\nCOPY --from=src . .\nRUN npm ci\n',
      is: 'held',
    },
    {
      title: 'a file is no tree',
      text: 'FROM node:22-bookworm-slim\nWORKDIR /app\nCOPY package.json /app\nRUN npm install\n',
      is: 'held',
    },
    { title: 'no dependencies', text: 'FROM nginx:1.29\nCOPY . /usr/share/nginx/html\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/build/cache/optimize/#order-your-layers'],
};
