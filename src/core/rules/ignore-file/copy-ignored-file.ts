import type { JsonElement, Word } from '../../language/syntax/index.ts';
import { isKnown, type Step } from '../../model/index.ts';
import { cleanPath, decide, ignorePatterns, leavesOutEverything } from '../../world/context/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const REMOTE = /^(?:[a-z]+:\/\/|git@|github\.com\/)/;

/** Sources that COPY and ADD take from the build context; heredocs are none. */
function sourcesOf({ instruction }: Step): readonly (Word | JsonElement)[] {
  const { name, args, flags, heredocs } = instruction;
  if ((name !== 'COPY' && name !== 'ADD') || flags.some((flag) => flag.name === 'from')) return [];
  const words = args.form === 'json' ? args.elements : args.form === 'words' ? args.words : [];
  const markers = new Set(heredocs.map(({ markerSpan }) => markerSpan[0]));
  return words.slice(0, -1).filter(({ span }) => !markers.has(span[0]));
}

export default defineRule({
  id: 'copy-ignored-file',
  practice: 'P19',
  catalogue: ['P19.3'],
  level: 'warning',
  fixClass: 'F',
  summary: 'COPY or ADD names a file that .dockerignore leaves out',
  aliases: ['buildkit/CopyIgnoredFile'],
  subject: 'dockerfile',
  check({ build, facts, context }) {
    const steps = build.stages
      .flatMap((stage) => stage.steps)
      .filter((step) => sourcesOf(step).some(({ value }) => !REMOTE.test(value)));
    const [first] = steps;
    if (first === undefined) return { is: 'not-applicable', because: 'nothing is copied from the build context' };
    const of = { context, dockerfile: build.file };
    const fact = facts.ask('ignore-file', of);
    if (!isKnown(fact)) {
      return { is: 'unknown', because: 'what .dockerignore leaves out', wants: [{ kind: 'ignore-file', of }] };
    }
    const { file, patterns } = fact.value;
    if (file === null) return { is: 'not-applicable', because: 'there is no .dockerignore' };
    const ignored = ignorePatterns(patterns);
    if ('refused' in ignored)
      return { is: 'unknown', because: `BuildKit refuses a pattern of ${file}: ${ignored.refused}` };
    // A directory that is left out may be let in again in part: BuildKit gives no opinion then either.
    if (ignored.exceptions) return { is: 'not-applicable', because: `${file} has patterns that begin with "!"` };
    const findings: Finding[] = [];
    for (const step of steps) {
      for (const word of sourcesOf(step)) {
        const source = step.expand(word);
        if (!isKnown(source) || REMOTE.test(source.value)) continue;
        const path = cleanPath(source.value);
        if ((path === '.' || path === '/') && !leavesOutEverything(ignored)) continue;
        const decision = decide(ignored, path);
        if ('broken' in decision) {
          return {
            is: 'unknown',
            because: `BuildKit cannot try ${decision.broken.text} of ${file}: ${decision.because}`,
          };
        }
        if (decision.by === undefined) continue;
        findings.push({
          at: word.span,
          step,
          message: `the file ${path} is not in the build context: ${file} leaves it out by ${decision.by.text}`,
          help: `take the pattern out of ${file}, or add !${path} to it`,
          fix: { declined: `whether the file or the pattern is right the text does not say: it is changed in ${file}` },
        });
      }
    }
    const evidence = [{ at: { file }, says: `${file} leaves out nothing that is copied by name` }];
    return found(findings, { is: 'held', evidence });
  },
});

export const docs: RuleDocs = {
  why: `What \`.dockerignore\` leaves out does not reach the builder: COPY fails with "not found", or copies a directory without
what was meant. The two files are seldom read together.`,
  examples: [
    {
      bad: 'FROM debian:12\nCOPY «app.env» /app/\n',
      declined: 'the text does not say',
      files: { '.dockerignore': '*.env\n', 'app.env': '' },
    },
    {
      title: 'in a directory that is left out',
      bad: 'FROM debian:12\nCOPY [«"dist/server.js"», "/app/"]\n',
      declined: 'the text does not say',
      files: { '.dockerignore': 'dist\n' },
    },
  ],
  silent: [
    {
      title: 'sent',
      text: 'FROM debian:12\nCOPY app.js . /app/\nADD https://example.com/a.env /\n',
      is: 'held',
      files: { '.dockerignore': '*.env\n' },
    },
    {
      title: 'from another stage',
      text: 'FROM debian:12 AS a\nFROM a\nCOPY --from=a app.env /\n',
      is: 'not-applicable',
      files: {},
    },
    {
      title: 'let in again',
      text: 'FROM debian:12\nCOPY app.env /\n',
      is: 'not-applicable',
      files: { '.dockerignore': '*\n!app.env\n' },
    },
    {
      title: 'no .dockerignore',
      text: 'FROM debian:12\nCOPY app.env /\n',
      is: 'not-applicable',
      files: { 'app.env': '' },
    },
  ],
  links: ['https://docs.docker.com/reference/build-checks/copy-ignored-file/'],
};
