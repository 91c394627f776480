import type { Word } from '../../language/syntax/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** How `as` should be written after this FROM; undefined when FROM is itself in mixed case. */
function wanted(from: string, as: string): string | undefined {
  if (from === from.toLowerCase()) return as.toLowerCase();
  if (from === from.toUpperCase()) return as.toUpperCase();
  return undefined;
}

export default defineRule({
  id: 'from-as-casing',
  practice: 'X7',
  catalogue: ['X7.2'],
  level: 'info',
  fixClass: 'S',
  summary: 'AS is written in another case than its FROM',
  aliases: ['buildkit/FromAsCasing'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Word | undefined;
    for (const { name, keyword, args, errors } of build.dockerfile.instructions) {
      if (name !== 'FROM' || args.form !== 'words' || args.words.length < 3 || errors.length > 0) continue;
      const as = args.words[1] as Word;
      seen ??= as;
      const text = wanted(keyword.value, as.value);
      if (text === undefined || text === as.value) continue;
      findings.push({
        at: as.span,
        message: `the keyword ${as.value} is written in another case than ${keyword.value}`,
        help: `write ${text}`,
        fix: {
          title: `write ${text}`,
          variant: 'default',
          edits: [{ span: as.span, text }],
          claims: [{ kind: 'same-build' }],
        },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no stage has a name' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'AS is written like its FROM' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: '`FROM … AS …` is one instruction: two ways of writing its keywords in one line read as a slip.',
  examples: [
    { bad: 'FROM debian:12 «as» build\n', good: 'FROM debian:12 AS build\n' },
    { title: 'small letters', bad: 'from debian:12 «AS» build\n', good: 'from debian:12 as build\n' },
    { title: 'neither', bad: 'FROM debian:12 «As» build\n', good: 'FROM debian:12 AS build\n' },
  ],
  silent: [
    { title: 'both large', text: 'FROM debian:12 AS build\n', is: 'held' },
    { title: 'a FROM in mixed case is another rule’s business', text: 'From debian:12 as build\n', is: 'held' },
    { title: 'no name', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/from-as-casing/'],
};
