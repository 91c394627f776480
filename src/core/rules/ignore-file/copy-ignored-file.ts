import type { Word } from '../../language/syntax/index.ts';
import { copyWords, isKnown, type Step } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { cleanPath, decide, ignorePatterns, leavesOutEverything } from '../../world/context/index.ts';
import { secretFile } from '../../world/secrets/index.ts';
import { type DockerfileSubject, defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const REMOTE = /^(?:[a-z]+:\/\/|git@|github\.com\/)/;

/** Sources that COPY and ADD take from the build context; heredocs are none. */
function sourcesOf(step: Step): readonly Word[] {
  const { flags, heredocs } = step.instruction;
  if (flags.some((flag) => flag.name === 'from')) return [];
  const markers = new Set(heredocs.map(({ markerSpan }) => markerSpan[0]));
  return (copyWords(step)?.sources ?? []).filter(({ span }) => !markers.has(span[0]));
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
      return {
        is: 'unknown',
        because: 'it is not known what .dockerignore leaves out',
        wants: [{ kind: 'ignore-file', of }],
      };
    }
    const { file, patterns } = fact.value;
    if (file === null) return { is: 'not-applicable', because: 'there is no .dockerignore' };
    const ignored = ignorePatterns(patterns);
    if ('refused' in ignored)
      return { is: 'unknown', because: `BuildKit refuses a pattern of ${file}: ${ignored.refused}` };
    // A directory that is left out may be let in again in part: BuildKit gives no opinion then either.
    if (ignored.exceptions) return { is: 'not-applicable', because: `${file} has patterns that begin with "!"` };
    const hidden: { readonly step: Step; readonly at: Span; readonly path: string; readonly by: string }[] = [];
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
        hidden.push({ step, at: word.span, path, by: decision.by.text });
      }
    }
    const paths = [...new Set(hidden.map(({ path }) => path))];
    const fix = paths.length === 0 ? { declined: '' } : letIn({ build, facts, context }, file, paths);
    const findings = hidden.map(
      ({ step, at, path, by }): Finding => ({
        at,
        step,
        message: `the file ${path} is not in the build context: ${file} leaves it out by ${by}`,
        help: `take the pattern out of ${file}, or add !${path} to it`,
        fix,
      }),
    );
    const evidence = [{ at: { file }, says: `${file} leaves out nothing that is copied by name` }];
    return found(findings, { is: 'held', evidence });
  },
});

/**
 * Lets in what is copied by name and lies there: one change for all of it, as the rule has no more to say of a file with
 * exceptions.
 */
function letIn({ facts, context }: DockerfileSubject, file: string, paths: readonly string[]): Finding['fix'] {
  if (paths.some((path) => path === '.' || path === '/'))
    return { declined: `${file} leaves out everything: what is meant to be sent its author knows` };
  for (const path of paths) {
    if (/[*?[\\]/.test(path)) return { declined: `${path} is a pattern: what of it is meant the text does not say` };
    if (secretFile(path) !== undefined)
      return { declined: `${path} may hold secrets: that ${file} leaves it out may well be right` };
    const there = facts.ask('context-file', { context, path });
    if (!isKnown(there)) return { declined: `whether ${path} is there was not looked up` };
    if (there.value.is === 'missing') return { declined: `${path} is not there either: the COPY may be what is wrong` };
  }
  const inside =
    context === '' || context === '.'
      ? file
      : file.startsWith(`${context}/`)
        ? file.slice(context.length + 1)
        : undefined;
  const text = inside === undefined ? undefined : facts.ask('context-text', { context, path: inside });
  if (text === undefined || !isKnown(text) || text.value.text === null)
    return { declined: `${file} lies outside of what is read here` };
  const before = text.value.text;
  const eol = before.includes('\r\n') ? '\r\n' : '\n';
  const start = before === '' || before.endsWith('\n') ? before : `${before}${eol}`;
  const exceptions = paths.map((path) => `!${path.replace(/^\/+/, '').replace(/[*?[\]\\]/g, '\\$&')}${eol}`).join('');
  return {
    title: `let ${paths.join(', ')} in again in ${file}`,
    variant: 'default',
    edits: [],
    others: [{ file, before, after: `${start}${eol}# copied by name${eol}${exceptions}` }],
    claims: [{ kind: 'observed', probe: 'builds', expect: true }],
  };
}

export const docs: RuleDocs = {
  why: `What \`.dockerignore\` leaves out does not reach the builder: COPY fails with "not found", or copies a directory without
what was meant. The two files are seldom read together.`,
  examples: [
    {
      bad: 'FROM debian:12\nCOPY «app.conf» /app/\n',
      good: 'FROM debian:12\nCOPY app.conf /app/\n',
      files: { '.dockerignore': '*.conf\n', 'app.conf': '' },
      others: { '.dockerignore': '*.conf\n\n# copied by name\n!app.conf\n' },
    },
    {
      title: 'in a directory that is left out',
      bad: 'FROM debian:12\nCOPY [«"dist/server.js"», "/app/"]\nCOPY «dist/a.css» /app/\n',
      good: 'FROM debian:12\nCOPY ["dist/server.js", "/app/"]\nCOPY dist/a.css /app/\n',
      files: { '.dockerignore': 'dist', 'dist/server.js': '', 'dist/a.css': '' },
      others: { '.dockerignore': 'dist\n\n# copied by name\n!dist/server.js\n!dist/a.css\n' },
    },
    {
      title: 'it is not there either',
      bad: 'FROM debian:12\nCOPY «dist/server.js» /app/\n',
      declined: 'is not there either',
      files: { '.dockerignore': 'dist\n' },
    },
    {
      title: 'what is left out for a good reason',
      bad: 'FROM debian:12\nCOPY «.env» /app/\n',
      declined: 'may hold secrets',
      files: { '.dockerignore': '.env\n', '.env': '' },
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
