import type { Word } from '../../language/syntax/index.ts';
import { type Build, defaultOfFrom } from '../../model/index.ts';
import { parseReference } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

function findingOf(image: Word, name: string, { stages }: Build): Finding {
  const decline = { declined: 'which image is meant only its author knows' };
  if (image.value.includes('$')) {
    return {
      at: image.span,
      message: `without --build-arg ${image.value} stands for no valid image name`,
      help: 'give each ARG in it a default',
      fix: decline,
    };
  }
  const message = `the image name ${name} is not valid`;
  const small = name.toLowerCase();
  if (name !== small && stages.some((stage) => stage.name === small)) {
    const suggestion = {
      title: `write ${small}`,
      variant: 'stage',
      edits: [{ span: image.span, text: small }],
      claims: [],
    };
    const help = `FROM finds the stage under the name ${small} only`;
    return { at: image.span, message, help, fix: decline, suggestions: [suggestion] };
  }
  return {
    at: image.span,
    message,
    help: 'image names are in small letters and end in a letter or digit',
    // As the name of a stage it does, and only the check that BuildKit makes does not know.
    ...(stages.some((stage) => stage.name === name) && { level: 'info' as const }),
    fix: decline,
  };
}

export default defineRule({
  id: 'invalid-default-arg-in-from',
  practice: 'X2',
  catalogue: ['X2.1'],
  level: 'warning',
  fixClass: 'F',
  summary: 'without build arguments FROM names no valid image',
  aliases: ['buildkit/InvalidDefaultArgInFrom'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let unknown: Word | undefined;
    let seen: Word | undefined;
    for (const { from } of build.stages) {
      const { args, errors } = from.instruction;
      const image = args.form === 'words' && errors.length === 0 ? args.words[0] : undefined;
      if (image === undefined) continue;
      const name = defaultOfFrom(build, image);
      seen ??= image;
      if (name === undefined) unknown ??= image;
      if (name === undefined || parseReference(name) !== undefined) continue;
      findings.push(findingOf(image, name, build));
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
at all, and the build fails before it begins.`,
  examples: [
    { bad: 'ARG TAG\nFROM «busybox:${TAG}»\n', declined: 'only its author' },
    { title: 'nothing left', bad: 'ARG BASE\nFROM «$BASE»\n', declined: 'only its author' },
    {
      title: 'a stage in capitals',
      bad: 'FROM debian:12 AS Base\nFROM «Base»\n',
      declined: 'only its author',
    },
    { title: 'capitals', bad: 'FROM «Busybox»\n', declined: 'only its author' },
  ],
  silent: [
    { title: 'a default', text: 'ARG TAG=latest\nFROM busybox:${TAG}\n', is: 'held' },
    { title: 'a default in place', text: 'ARG TAG\nFROM alpine:${TAG:-3.22}\n', is: 'held' },
    { title: 'an empty part', text: 'ARG VARIANT\nFROM busybox:stable${VARIANT}\n', is: 'held' },
    { title: 'no stage', text: 'ARG TAG\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/'],
};
