import { dependencyInstall, isCompiler, isKnown, type Stage, type StepCommand, valueOf } from '../../model/index.ts';
import type { Evidence, Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** Programs whose packages may hold native code that is built where they are installed. */
const LANGUAGE = new Set(['npm', 'yarn', 'pnpm', 'bun', 'pip', 'poetry', 'pipenv', 'uv', 'gem', 'bundle']);
/** What stands in for glibc: asked for by a binary that was not made for musl. */
const GLIBC = /^(?:gcompat|libc6-compat|glibc(?:-bin)?)$/;
const HEADERS = /^(?:musl-dev|libc-dev|linux-headers)$/;

/** Tools that are themselves written in the language: they bring no native code. */
const TOOLS = /^(?:pip|setuptools|wheel|virtualenv|pipenv|poetry|uv|npm|yarn|pnpm|corepack|bundler|rake)$/;

function installsLanguagePackages(command: StepCommand): boolean {
  const { invocation } = command;
  if (invocation === undefined || !LANGUAGE.has(invocation.program)) return false;
  if (dependencyInstall(command) !== undefined) return true;
  return invocation.packages.some(({ name, source }) => source !== 'registry' || !TOOLS.test(name));
}

interface Package {
  readonly span: Span;
  readonly name: string;
}

/** The first of each kind in a stage or below it. */
interface Signs {
  readonly compiler?: Package | undefined;
  /** What stands in for glibc. */
  readonly glibc?: Package | undefined;
  readonly python?: Package | undefined;
  readonly make?: Package | undefined;
  readonly install?: StepCommand | undefined;
}

function kindOf(name: string): 'glibc' | 'compiler' | 'python' | 'make' | undefined {
  if (GLIBC.test(name)) return 'glibc';
  if (isCompiler(name) || HEADERS.test(name)) return 'compiler';
  if (/^python[23]?$/.test(name)) return 'python';
  return name === 'make' ? 'make' : undefined;
}

/** What the steps of a stage install, added to what the stage below did. */
function signsOf(stage: Stage, below: Signs): Signs {
  let signs = below;
  for (const { commands, instruction } of stage.steps) {
    if (instruction.name !== 'RUN') continue;
    for (const each of commands) {
      const { invocation } = each;
      if (invocation?.action !== 'install') continue;
      if (installsLanguagePackages(each)) signs = { install: each, ...signs };
      if (invocation.program !== 'apk') continue;
      for (const { name, word } of invocation.packages) {
        const kind = kindOf(name);
        if (kind !== undefined) signs = { [kind]: { span: word.span, name }, ...signs };
      }
    }
  }
  return signs;
}

/** The package that shows native code. node-gyp asks for Python and make. */
function telling({ glibc, compiler, python, make, install }: Signs): Package | undefined {
  if (glibc !== undefined) return glibc;
  return install === undefined ? undefined : (compiler ?? (make === undefined ? undefined : python));
}

export default defineRule({
  id: 'alpine-with-native-dependencies',
  practice: 'P1',
  catalogue: ['G001'],
  point: 1,
  onlyAgainst: true,
  level: 'warning',
  fixClass: 'F+R+B',
  summary: 'packages with native code are built against musl',
  aliases: [],
  subject: 'target',
  check({ build }) {
    if (build.purpose.is === 'base') return { is: 'not-applicable', because: 'it is an image to build on' };
    const findings: Finding[] = [];
    const evidence: Evidence[] = [];
    const reported = new Set<Stage>();
    const all = new Map<Stage, Signs>();
    let unknown: Stage | undefined;
    for (const stage of build.needed) {
      const { root } = stage;
      if (root.kind === 'scratch') continue;
      const base = stage.ancestors.at(-1) ?? stage;
      const { args, span } = base.from.instruction;
      const at = (args.form === 'words' ? args.words[0]?.span : undefined) ?? span;
      const libc = root.facts.libc;
      const signs = signsOf(stage, stage.base.kind === 'stage' ? (all.get(stage.base.stage) ?? {}) : {});
      all.set(stage, signs);
      if (!isKnown(libc)) {
        if (signs.install !== undefined) unknown ??= stage;
        continue;
      }
      const sign = telling(signs);
      if (sign === undefined && signs.install === undefined) continue;
      if (libc.value !== 'musl')
        evidence.push({ at: { file: build.file, span: at }, says: 'the base image is not built on musl' });
      else if (sign === undefined)
        evidence.push({ at: { file: build.file, span: at }, says: 'nothing here shows native code on musl' });
      else if (!reported.has(base)) {
        reported.add(base);
        const name = valueOf(root.image)?.text ?? 'the base image';
        findings.push({
          at,
          message:
            signs.glibc !== undefined
              ? `${name} has musl, and ${sign.name} stands in for the glibc that something here was built for`
              : `${name} has musl, and packages with native code are compiled against it`,
          help: `use ${valueOf(root.image)?.familiar === 'alpine' ? 'debian in its slim variant' : 'the slim variant of the same version'}, for which ready-made binaries exist`,
          related: [
            { at: sign.span, label: `${sign.name} is installed` },
            ...(signs.install === undefined
              ? []
              : [{ at: signs.install.command.span, label: `${signs.install.invocation?.program} installs packages` }]),
          ],
          fix: {
            declined:
              'whether every package works on both stands in the lockfile: `layerwise adopt` will look there, and change all stages at once',
          },
        });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence });
    if (unknown !== undefined) return { is: 'unknown', because: 'it is not known which C library the base image has' };
    return evidence.length > 0
      ? { is: 'held', evidence }
      : { is: 'not-applicable', because: 'no packages with native code are built here' };
  },
});

export const docs: RuleDocs = {
  why: `Alpine's C library is musl. Many npm, Python and Ruby packages ship binaries for glibc only, so that on Alpine they are compiled at every install:
that needs compilers, takes minutes, and what comes out is sometimes slower or fails at run time in ways that nobody else sees. The slim Debian variant
of the same image is a few dozen megabytes more and takes the ready-made binaries.

What gives it away is a compiler installed next to the packages, or \`gcompat\` and \`libc6-compat\`, which pretend to be glibc.`,
  examples: [
    {
      bad: 'FROM «node:22-alpine3.22»\nRUN apk add --no-cache python3 make g++\nCOPY package.json package-lock.json ./\nRUN npm ci\nCMD ["node", "server.js"]\n',
      declined: 'adopt',
    },
    {
      title: 'Python',
      bad: 'FROM «python:3.13-alpine»\nRUN apk add gcc musl-dev libffi-dev && pip install cryptography\nCMD ["gunicorn", "app:app"]\n',
      declined: 'adopt',
    },
    {
      title: 'a stand-in for glibc',
      bad: 'FROM «node:22-alpine» AS deps\nRUN apk add --no-cache libc6-compat\nFROM deps\nRUN npm ci\nCMD ["node", "server.js"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'the packages need no compiler',
      text: 'FROM node:22-alpine\nCOPY package*.json ./\nRUN npm ci\nCMD ["node", "server.js"]\n',
      is: 'held',
    },
    {
      title: 'glibc',
      text: 'FROM python:3.13-slim-trixie\nRUN apt-get update && apt-get install -y gcc && pip install cryptography\nCMD ["gunicorn", "app:app"]\n',
      is: 'held',
    },
    {
      title: 'a compiler without packages of a language',
      text: 'FROM alpine:3.22\nRUN apk add --no-cache gcc musl-dev && gcc -o /app app.c\nCMD ["/app", "serve"]\n',
      is: 'not-applicable',
    },
    {
      title: 'Go compiles for musl by itself',
      text: 'FROM golang:1.25-alpine\nRUN apk add --no-cache gcc musl-dev\nRUN go build -o /app\nCMD ["/app", "serve"]\n',
      is: 'not-applicable',
    },
    { title: 'an unknown base', text: 'FROM registry.example.com/team/node:4\nRUN npm ci\n', is: 'unknown' },
    {
      title: 'an image to build on',
      text: 'FROM alpine:3.22\nRUN apk add --no-cache g++ && npm install node-sass\n',
      is: 'not-applicable',
    },
    {
      title: 'the tools are no native code',
      text: 'FROM python:3.13-alpine\nRUN apk add --no-cache gcc && pip install --upgrade pip\nCMD ["gunicorn", "app:app"]\n',
      is: 'not-applicable',
    },
    { title: 'from scratch', text: 'FROM scratch\nCOPY app /app\n', is: 'not-applicable' },
  ],
};
