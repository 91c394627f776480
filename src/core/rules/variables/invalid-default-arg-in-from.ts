import type { Word } from '../../language/syntax/index.ts';
import { defaultOfFrom } from '../../model/index.ts';
import { parseReference } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

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
    for (const { from, base } of build.stages) {
      const { args } = from.instruction;
      const image = args.form === 'words' ? args.words[0] : undefined;
      if (image === undefined) continue;
      const name = defaultOfFrom(build, image);
      seen ??= image;
      if (name === undefined) unknown ??= image;
      if (name === undefined || parseReference(name) !== undefined) continue;
      const variable = image.value.includes('$');
      findings.push({
        at: image.span,
        message: variable
          ? `without --build-arg ${image.value} stands for no valid image name`
          : `the image name ${image.value} is not valid`,
        help: variable
          ? 'give each ARG in it a default'
          : 'image names are in small letters and end in a letter or digit',
        // It works as it stands; only as the name of an image it would not.
        ...(base.kind === 'stage' && { level: 'info' as const }),
        fix: { declined: 'which image is meant only its author knows' },
      });
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
