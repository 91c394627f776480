import { buildSigns } from '../../model/index.ts';
import { defineRule, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'final-stage-is-build-stage',
  practice: 'P3',
  catalogue: ['G016'],
  point: 1,
  onlyAgainst: true,
  level: 'warning',
  fixClass: 'F+B',
  summary: 'the final stage continues the one that builds',
  aliases: [],
  subject: 'target',
  check({ build, target }) {
    if (build.purpose.is === 'base') return { is: 'not-applicable', because: 'it is an image to build on' };
    if (target.ancestors.length === 0)
      return { is: 'not-applicable', because: 'the final stage is from an image, not from a stage' };
    const { args, span } = target.from.instruction;
    const at = (args.form === 'words' ? args.words[0]?.span : undefined) ?? span;
    for (const stage of target.ancestors) {
      const [sign] = buildSigns(stage);
      if (sign === undefined) continue;
      return {
        is: 'violated',
        findings: [
          {
            at,
            message: `the image is built on the stage ${stage.label}, and ships what that needed to build`,
            help: 'start the final stage from a slim base, and copy what runs with COPY --from',
            related: [{ at: sign.at, label: sign.says }],
            fix: {
              declined: 'which files the program needs to run stands in the project: `layerwise adopt` will find them',
            },
          },
        ],
      };
    }
    return {
      is: 'held',
      evidence: [{ at: { file: build.file, span: at }, says: 'the stages below it build nothing' }],
    };
  },
});

export const docs: RuleDocs = {
  why: `\`FROM build\` takes over every layer of that stage: compilers, caches, sources and development dependencies. Stages save nothing
then. A stage that only sets up what others share (a directory, an account, packages that run) is a good base for the last one.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim AS build\nCOPY . .\nRUN npm ci && npm run build\nFROM «build»\nCMD ["node", "dist/server.js"]\n',
      declined: 'adopt',
    },
    {
      title: 'with a stage between',
      bad: 'FROM debian:13-slim AS tools\nRUN apt-get update && apt-get install -y build-essential\nFROM tools AS base\nWORKDIR /app\nFROM «base»\nCOPY app /app\nCMD ["/app/run", "all"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'a shared base that builds nothing',
      text: 'FROM node:22-bookworm-slim AS base\nWORKDIR /app\nFROM base AS build\nRUN npm ci && npm run build\nFROM base\nCOPY --from=build /app/dist ./dist\nCMD ["node", "dist/server.js"]\n',
      is: 'held',
    },
    {
      title: 'from an image',
      text: 'FROM golang:1.25 AS build\nRUN go build -o /app\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]\n',
      is: 'not-applicable',
    },
  ],
  links: ['https://docs.docker.com/build/building/multi-stage/'],
};
