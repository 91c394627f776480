import {
  type BuildSign,
  buildSigns,
  contextNeeds,
  isKnown,
  type Stage,
  shipsToolchain,
  valueOf,
} from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type RuleDocs, type TargetSubject } from '../define.ts';

/** The image word of the FROM that the stage's chain ends with. */
function rootWord(stage: Stage): Span {
  const { instruction } = (stage.ancestors.at(-1) ?? stage).from;
  return (instruction.args.form === 'words' ? instruction.args.words[0]?.span : undefined) ?? instruction.span;
}

/** The same kind of sign once: ten installs say no more than one. */
function oneOfEach(signs: readonly BuildSign[]): readonly BuildSign[] {
  return signs.filter(({ kind }, i) => signs.findIndex((other) => other.kind === kind) === i);
}

/** Whether package.json, where the context has it, names development dependencies; without it the install tells. */
function developmentDependencies({ build, target, facts, context }: TargetSubject): {
  readonly is: boolean | undefined;
} {
  const paths = contextNeeds(build, [target]).flatMap(({ path, via }) => {
    const source = via === 'mount' ? undefined : valueOf(path);
    if (source === undefined) return [];
    const folder = /^(?:(.*)\/)?package(?:\*?\.json|\*|-?\*\.json)$/.exec(source);
    if (folder !== null) return [folder[1] === undefined ? 'package.json' : `${folder[1]}/package.json`];
    return source === '.' ? ['package.json'] : [];
  });
  if (!buildSigns(target).some(({ kind }) => kind === 'development')) return { is: undefined };
  const found = [...new Set(paths)].slice(0, 4).flatMap((path) => {
    const fact = facts.ask('context-text', { context, path });
    const text = isKnown(fact) ? fact.value.text : null;
    return text === null ? [] : [namesDevelopment(text)];
  });
  if (found.length === 0 || found.includes(undefined)) return { is: undefined };
  return { is: found.includes(true) };
}

function namesDevelopment(text: string): boolean | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    const own = (manifest as { readonly devDependencies?: unknown } | null)?.devDependencies;
    return typeof own === 'object' && own !== null && Object.keys(own).length > 0;
  } catch {
    return undefined;
  }
}

export default defineRule({
  id: 'single-stage-build',
  practice: 'P3',
  catalogue: ['P3.1', 'P3.14'],
  point: 1,
  level: 'warning',
  fixClass: 'F+B',
  summary: 'what ships holds the tools that built it',
  aliases: [],
  subject: 'target',
  check(subject) {
    const { build, target } = subject;
    if (build.purpose.is === 'base') return { is: 'not-applicable', because: 'it is an image to build on' };
    const { root } = target;
    if (root.kind === 'image' && !isKnown(root.image))
      return { is: 'unknown', because: 'the base image is a variable' };
    const at = { file: build.file, span: rootWord(target) };
    const toolchain = shipsToolchain(root);
    // What a stage below does is what final-stage-is-build-stage looks at.
    const development = developmentDependencies(subject);
    const signs = buildSigns(target).filter(({ kind }) => kind !== 'development' || development.is !== false);
    const full = isKnown(toolchain) && toolchain.value;
    const [first] = signs;
    if (full || first !== undefined) {
      const name = root.kind === 'image' && isKnown(root.image) ? root.image.value.text : 'the base image';
      const related = oneOfEach(full ? signs : signs.slice(1)).map((sign) => ({ at: sign.at, label: sign.says }));
      return {
        is: 'violated',
        findings: [
          {
            at: full || first === undefined ? at.span : first.at,
            message: full
              ? `${name} carries compilers and headers, and this image ships them`
              : `the image is built where it runs: ${first?.says ?? ''}`,
            help: 'build in one stage, and copy what runs into a second one from a slim base',
            related,
            fix: {
              declined:
                'which files the program needs to run stands in the project: `layerwise adopt` will split the stages',
            },
          },
        ],
      };
    }
    if (!isKnown(toolchain))
      return { is: 'unknown', because: 'it is not known whether the base image carries compilers' };
    if (build.stages.length < 2)
      return { is: 'not-applicable', because: 'nothing is built here, and the base carries no compilers' };
    return { is: 'held', evidence: [{ at, says: 'the final image carries no compilers and builds nothing' }] };
  },
});

export const docs: RuleDocs = {
  why: `What compiles, bundles and tests a program is bigger than the program, has security holes of its own, and is of no use to it. In one
stage all of it ships. A second stage starts from a small base and copies only what runs.

The rule looks at what ships: a full-size language image, an installed compiler, a build command, or an install that takes development
dependencies along. A RUN that removes its tools again leaves none in its layer, and an image to build on may have them.`,
  examples: [
    {
      title: 'a full-size language image',
      bad: 'FROM «golang:1.25»\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\nENTRYPOINT ["/app"]\n',
      declined: 'adopt',
    },
    {
      title: 'a build in the stage that ships',
      bad: 'FROM node:22-bookworm-slim\nCOPY . .\nRUN npm ci --omit=dev\nRUN «npm run build»\nCMD ["node", "dist/server.js"]\n',
      declined: 'adopt',
    },
    {
      title: 'compilers that stay',
      bad: 'FROM python:3.13-slim-trixie\nRUN apt-get update && apt-get install -y «gcc» libpq-dev\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]\n',
      declined: 'adopt',
    },
    {
      title: 'development dependencies',
      bad: 'FROM node:22-bookworm-slim\nCOPY package.json package-lock.json ./\nRUN «npm ci»\nCMD ["node", "server.js"]\n',
      declined: 'adopt',
    },
    {
      title: 'a development kit where the runtime would do',
      bad: 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nRUN dotnet publish -o /out\nFROM «mcr.microsoft.com/dotnet/sdk:9.0»\nCOPY --from=build /out /app\nENTRYPOINT ["dotnet", "/app/app.dll"]\n',
      declined: 'adopt',
    },
    {
      title: 'two stages, and the second is the full image again',
      bad: 'FROM node:22-bookworm AS build\nRUN npm ci && npm run build\nFROM «node:22-bookworm»\nCOPY --from=build /dist /dist\nCMD ["node", "/dist/server.js"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'an image of Windows brings no compilers',
      text: 'FROM python:3.12-windowsservercore-ltsc2022\nCOPY . /app\nRUN pip install -r /app/requirements.txt\nCMD ["python", "/app/app.py"]\n',
      is: 'unknown',
    },
    {
      title: 'two stages',
      text: 'FROM golang:1.25 AS build\nRUN go build -o /app\nFROM gcr.io/distroless/static-debian13:nonroot\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n',
      is: 'held',
    },
    {
      title: 'from scratch',
      text: 'FROM golang:1.25 AS build\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n',
      is: 'held',
    },
    { title: 'nothing is built', text: 'FROM nginx:1.29\nCOPY html /usr/share/nginx/html\n', is: 'not-applicable' },
    {
      title: 'compilers go in the RUN that brought them',
      text: 'FROM alpine:3.22\nCOPY . .\nRUN apk add --no-cache --virtual .build gcc make && make install && apk del .build\nCMD ["/usr/local/bin/server"]\n',
      is: 'not-applicable',
    },
    {
      title: 'an image to build on',
      text: 'FROM debian:13\nRUN apt-get update && apt-get install -y gcc make\n',
      is: 'not-applicable',
    },
    {
      title: 'a project without development dependencies',
      text: 'FROM node:22-bookworm-slim\nCOPY package*.json ./\nRUN npm ci\nCMD ["node", "server.js"]\n',
      is: 'not-applicable',
      files: { 'package.json': '{"dependencies":{"a":"1"}}' },
    },
    {
      title: 'only what production needs',
      text: 'FROM node:22-bookworm-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      is: 'not-applicable',
    },
    {
      title: 'NODE_ENV leaves them out',
      text: 'FROM node:22-bookworm-slim\nENV NODE_ENV=production\nRUN npm ci\nCMD ["node", "server.js"]\n',
      is: 'not-applicable',
    },
    {
      title: 'an unknown base',
      text: 'FROM registry.example.com/team/runtime:4\nCOPY app /app\nCMD ["/app", "serve"]\n',
      is: 'unknown',
    },
  ],
  links: ['https://docs.docker.com/build/building/multi-stage/'],
};
