import { expand, type Flag, suggest } from '../../language/syntax/index.ts';
import { type Build, convertedSteps, isTriggered, mountFields, type Stage, type Step } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { parseReference } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** A stage or image that an instruction takes files from, as it is written. */
interface Source {
  readonly via: 'COPY' | 'mount';
  readonly name: string;
  readonly span: Span;
}

function sourcesOf({ instruction }: Step, text: string): readonly Source[] {
  const { name, flags, errors } = instruction;
  if (errors.length > 0) return [];
  if (name === 'COPY') {
    const flag: Flag | undefined = flags.find((one) => one.name === 'from');
    if (flag?.value === undefined || flag.value === '') return [];
    return [{ via: 'COPY', name: flag.value, span: flag.valueSpan ?? flag.span }];
  }
  if (name !== 'RUN') return [];
  return flags
    .filter((flag) => flag.name === 'mount')
    .map((flag) => {
      const from = mountFields(flag, text).findLast(({ key, value }) => key === 'from' && value !== undefined);
      return { via: 'mount', name: from?.value ?? '', span: from?.span ?? flag.span };
    });
}

type Refusal = Pick<Finding, 'message' | 'help'>;

/** Why a stage cannot be taken from here. */
function ofStage(source: Stage, step: Step, stage: Stage): Refusal | undefined {
  const called = source.name ?? `stage ${source.index}`;
  if (source === stage) {
    // Triggers are added when the stage is being built already: BuildKit takes what there is of it by then.
    if (isTriggered(step)) return undefined;
    const help =
      'leave --from out for files of the build context, or name an earlier stage; files of this stage RUN copies';
    return { message: `the stage copies from itself: ${called}`, help };
  }
  if (source.index < stage.index) return undefined;
  return {
    message: `${called} comes later in the file, and is not built when this needs it`,
    help: 'move that stage above this one',
  };
}

/** Why a name that is no stage's is no image's either. */
function ofImage(name: string, stages: readonly Stage[]): Refusal | undefined {
  if (name === 'scratch' || parseReference(name) !== undefined) return undefined;
  const names = stages.flatMap((stage) => stage.name ?? []);
  const meant = suggest(name.toLowerCase(), names);
  const message = `there is no stage ${name}, and it is no valid image name`;
  if (meant === undefined) return { message, help: 'name an earlier stage, or an image in small letters' };
  return { message, help: `did you mean ${meant}?` };
}

/** `most`: stages and sources that BuildKit has counted by then; a number beyond them is none's. */
function refusal({ via, name }: Source, step: Step, build: Build, most: number): Refusal | undefined {
  const { stage } = step;
  if (stage === undefined || name === '') return undefined;
  if (via === 'COPY') {
    const { value } = expand(name, () => undefined, { escape: build.dockerfile.escape });
    if (value !== name) {
      const help =
        'name a stage: FROM $NAME AS base, with the ARG before the first FROM, can stand for an image that varies';
      return { message: '--from is taken as it stands: it can hold no variable, quote or backslash', help };
    }
    if (/^[+-]?\d+$/.test(name)) {
      const index = Number(name);
      const source = build.stages[index];
      if (source !== undefined) return ofStage(source, step, stage);
      if (index >= 0 && index < most) return undefined;
      const count = build.stages.length === 1 ? 'one stage, 0' : `stages 0 to ${build.stages.length - 1}`;
      return { message: `there is no stage ${name}`, help: `the file has ${count}: name it rather than count` };
    }
  }
  const named = build.stages.findLast((one) => one.name === name.toLowerCase());
  return named === undefined ? ofImage(name, build.stages) : ofStage(named, step, stage);
}

export default defineRule({
  id: 'source-not-available',
  practice: 'P3',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'COPY --from or a mount names a stage that is not built before it, or nothing at all',
  aliases: ['hadolint/DL3022', 'hadolint/DL3023'],
  subject: 'dockerfile',
  check({ build }) {
    const { text } = build.dockerfile;
    const findings: Finding[] = [];
    let seen: Span | undefined;
    let most = build.stages.length;
    for (const step of convertedSteps(build)) {
      for (const source of sourcesOf(step, text)) {
        if (source.name !== '') seen ??= source.span;
        const refused = refusal(source, step, build, most);
        // Images, and the empty source of a mount, are counted as stages after those of the file.
        if (source.via === 'mount' || !/^[+-]?\d+$/.test(source.name)) {
          if (!build.stages.some(({ name }) => name === source.name.toLowerCase())) most += 1;
        }
        if (refused === undefined) continue;
        const fix = { declined: 'which stage or image is meant only its author knows' };
        findings.push({ fix, at: source.span, step, ...refused });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'nothing comes from another stage or image' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen }, says: 'each source is an earlier stage or an image' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `A stage can take files from stages above it only, by name or by number, or from an image. What else stands there BuildKit
refuses before it builds anything: a stage further below, the stage itself, a number that no stage has, a variable, or a name that cannot
be an image's.`,
  examples: [
    {
      title: 'a stage further below',
      bad: 'FROM debian:12\nCOPY --from=«build» /app /app\nFROM golang:1.25 AS build\n',
      declined: 'only its author',
    },
    { title: 'itself', bad: 'FROM debian:12 AS app\nCOPY --from=«app» /a /b\n', declined: 'only its author' },
    {
      title: 'a number that no stage has',
      bad: 'FROM golang:1.25\nFROM debian:12\nCOPY --from=«2» /app /app\n',
      declined: 'only its author',
    },
    {
      title: 'a variable',
      bad: 'ARG V=1.25\nFROM debian:12\nCOPY --from=«golang:$V» /usr/local/go /usr/local/go\n',
      declined: 'only its author',
    },
    {
      title: 'a slip in the name of a stage',
      bad: 'FROM golang:1.25 AS build\nFROM debian:12\nCOPY --from=«Biuld» /app /app\n',
      declined: 'only its author',
    },
    {
      title: 'a mount',
      bad: 'FROM debian:12\nRUN --mount=from=«build»,target=/b cp /b/app /app\nFROM golang:1.25 AS build\n',
      declined: 'only its author',
    },
  ],
  silent: [
    {
      title: 'earlier stages, by name in any case and by number',
      text: 'FROM golang:1.25 AS build\nFROM debian:12\nCOPY --from=Build /a /a\nCOPY --from=0 /b /b\n',
      is: 'held',
    },
    { title: 'an image', text: 'FROM debian:12\nCOPY --from=busybox:1.37 /bin/sh /bin/sh\n', is: 'held' },
    {
      title: 'a name that a named context may stand for',
      text: 'FROM debian:12\nCOPY --from=assets /a /a\n',
      is: 'held',
    },
    { title: 'the build context', text: 'FROM debian:12\nCOPY app /app\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/build/building/multi-stage/'],
};
