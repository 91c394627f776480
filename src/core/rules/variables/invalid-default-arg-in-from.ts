import type { Word } from '../../language/syntax/index.ts';
import { type Build, defaultOfFrom, isKnown, type Stage } from '../../model/index.ts';
import { parseReference } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

function findingOf(stage: Stage, image: Word, name: string, { stages }: Build): Finding {
  const decline = { declined: 'which image is meant only its author knows' };
  const sure = isKnown(stage.from.expand(image));
  const earlier = stages.slice(0, stage.index);
  if (!sure) {
    return {
      at: image.span,
      message: `without --build-arg ${image.value} stands for no valid image name`,
      help: 'give each ARG in it a default',
      level: 'warning',
      fix: decline,
    };
  }
  if (name === '') {
    const help = 'declare its ARG with a default before the first FROM: one in a stage does not count here';
    return { at: image.span, message: `${image.value} is empty`, help, fix: decline };
  }
  const message = `the image name ${name} is not valid`;
  const small = name.toLowerCase();
  if (name !== small && image.value === name && earlier.some((one) => one.name === small)) {
    return {
      at: image.span,
      message,
      help: `FROM finds the stage under the name ${small} only`,
      fix: {
        title: `write ${small}`,
        variant: 'stage',
        edits: [{ span: image.span, text: small }],
        claims: [{ kind: 'repairs', code: 'invalid-reference' }],
      },
    };
  }
  return {
    at: image.span,
    message,
    help: 'image names are in small letters, with at most one tag, and end in a letter or digit',
    // As the name of a stage it does, and only the check that BuildKit makes does not know.
    ...(earlier.some((one) => one.name === name) && { level: 'info' as const }),
    fix: decline,
  };
}

export default defineRule({
  id: 'invalid-default-arg-in-from',
  practice: 'X2',
  catalogue: ['X2.1'],
  level: 'error',
  fixClass: 'F',
  summary: 'FROM names no valid image, at least without build arguments',
  aliases: ['buildkit/InvalidDefaultArgInFrom'],
  reveals: true,
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let unknown: Word | undefined;
    let seen: Word | undefined;
    for (const stage of build.stages) {
      const { args, errors } = stage.from.instruction;
      const image = args.form === 'words' && errors.length === 0 ? args.words[0] : undefined;
      if (image === undefined) continue;
      const name = defaultOfFrom(build, image);
      seen ??= image;
      // `empty-tag` tells it, and where.
      if (/[:@]$/.test(image.value)) continue;
      if (name === undefined) unknown ??= image;
      if (name === undefined || parseReference(name) !== undefined) continue;
      findings.push(findingOf(stage, image, name, build));
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    if (unknown !== undefined) return { is: 'unknown', because: 'FROM depends on what only the builder knows' };
    return seen === undefined
      ? { is: 'not-applicable', because: 'the file has no stage' }
      : {
          is: 'held',
          evidence: [{ at: { file: build.file, span: seen.span }, says: 'every FROM names a valid image by default' }],
        };
  },
});

export const docs: RuleDocs = {
  why: `A plain \`docker build\` passes no build arguments. An ARG without a default leaves \`image:\` with an empty tag, or nothing
at all, and the build fails before it begins. Where no build argument can help, because the name is written out or its variable is no ARG
from before the first FROM, it is an error.`,
  examples: [
    { bad: 'ARG TAG\nFROM «busybox:${TAG}»\n', declined: 'only its author' },
    { title: 'nothing left', bad: 'ARG BASE\nFROM «$BASE»\n', declined: 'only its author' },
    {
      title: 'a stage in capitals',
      bad: 'FROM debian:12 AS Base\nFROM «Base»\n',
      good: 'FROM debian:12 AS Base\nFROM base\n',
      variant: 'stage',
    },
    { title: 'a variable of a stage', bad: 'FROM debian:12\nARG V=1\nFROM «app:$V»\n', declined: 'only its author' },
    { title: 'a placeholder', bad: 'FROM «{{base}}»\n', declined: 'only its author' },
    { title: 'capitals', bad: 'FROM «Busybox»\n', declined: 'only its author' },
  ],
  silent: [
    { title: 'a default', text: 'ARG TAG=latest\nFROM busybox:${TAG}\n', is: 'held' },
    { title: 'a default in place', text: 'ARG TAG\nFROM alpine:${TAG:-3.22}\n', is: 'held' },
    { title: 'an empty part', text: 'ARG VARIANT\nFROM busybox:stable${VARIANT}\n', is: 'held' },
    { title: 'an empty tag is told once, by `empty-tag`', text: 'FROM node:\n', is: 'held' },
    { title: 'no stage', text: 'ARG TAG\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/'],
};
