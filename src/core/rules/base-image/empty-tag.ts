import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'empty-tag',
  practice: 'P2',
  catalogue: ['P2.3'],
  level: 'error',
  fixClass: 'S',
  summary: 'a base image ends in a colon or an at sign',
  aliases: [],
  reveals: true,
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Finding['at'] | undefined;
    for (const { from } of build.stages) {
      const { args } = from.instruction;
      const image = args.form === 'words' ? args.words[0] : undefined;
      if (image === undefined) continue;
      seen ??= image.span;
      if (!/[:@]$/.test(image.value)) continue;
      const [start, end] = image.span;
      const sign = image.value.endsWith(':') ? 'tag' : 'digest';
      const broken = build.dockerfile.text[end - 1] !== image.value.at(-1);
      findings.push({
        at: [end - 1, end],
        message: `the ${sign} is empty, which no engine accepts`,
        help: `name a ${sign}, or leave the ${sign === 'tag' ? 'colon' : 'at sign'} out`,
        step: from,
        fix:
          broken || image.value.includes('$') || end - start < 2
            ? { declined: `which ${sign} is meant does not stand here` }
            : {
                title: `leave the empty ${sign} out`,
                variant: 'default',
                edits: [{ span: [end - 1, end], text: '' }],
                claims: [{ kind: 'repairs', code: 'invalid-reference' }],
              },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'the file has no stage' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen }, says: 'no base image has an empty tag' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`FROM node:\` is no valid reference, and the build stops. Mostly a variable was taken out, or a template left it empty.`,
  examples: [
    { bad: 'FROM node«:»\nCMD ["node", "server.js"]\n', good: 'FROM node\nCMD ["node", "server.js"]\n' },
    { title: 'a digest', bad: 'FROM node:22«@» AS build\n', good: 'FROM node:22 AS build\n' },
    { title: 'after a variable', bad: 'ARG IMAGE=node\nFROM $IMAGE«:»\n', declined: 'does not stand here' },
  ],
  silent: [
    { title: 'a tag', text: 'FROM node:22\n', is: 'held' },
    { title: 'a port', text: 'FROM localhost:5000/node\n', is: 'held' },
    { title: 'no stage', text: 'ARG A=1\n', is: 'not-applicable' },
  ],
};
