import { parseBool } from '../../language/syntax/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const OPTIONS = 'its options are skip=…, experimental=… and error=true, with a semicolon between them';

/** Why BuildKit refuses one option (`ParseLintOptions` of frontend/dockerfile/linter). */
function problemOf(option: string): string | undefined {
  const equals = option.indexOf('=');
  if (equals < 0)
    return option.trim() === '' ? 'an option of the check directive is empty' : `${option.trim()} has no value`;
  const name = option.slice(0, equals).trim();
  const value = option.slice(equals + 1).trim();
  if (name === 'skip' || name === 'experimental') return undefined;
  if (name !== 'error') return `the check directive has no option ${name === '' ? '""' : name}`;
  return parseBool(value) === undefined ? `error is true or false, not ${value}` : undefined;
}

/** At most three options are told apart; what follows belongs to the third. */
function optionsOf(value: string): { readonly text: string; readonly at: number }[] {
  const found: { text: string; at: number }[] = [];
  let at = 0;
  for (const text of value.split(';')) {
    const last = found[2];
    if (last !== undefined) last.text += `;${text}`;
    else found.push({ text, at });
    at += text.length + 1;
  }
  return found;
}

export default defineRule({
  id: 'check-directive-not-valid',
  practice: 'X1',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'BuildKit refuses an option of the check directive',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const { directives } = build.dockerfile;
    const directive = directives.find(({ name, undetected }) => name === 'check' && undetected !== true);
    if (directive === undefined) return { is: 'not-applicable', because: 'the file has no check directive' };
    const [start] = directive.valueSpan;
    const value = directive.value.split(' ')[0] ?? '';
    const findings = (value === '' ? [] : optionsOf(value)).flatMap(({ text, at }): Finding[] => {
      const message = problemOf(text);
      if (message === undefined) return [];
      // an empty option lies between semicolons
      const span: Span = text === '' && at > 0 ? [start + at - 1, start + at] : [start + at, start + at + text.length];
      return [{ at: span, message, help: OPTIONS, fix: { declined: 'a directive is changed by hand' } }];
    });
    const evidence = [{ at: { file: build.file, span: directive.span }, says: 'BuildKit accepts the check directive' }];
    return found(findings, { is: 'held', evidence });
  },
});

export const docs: RuleDocs = {
  why: `BuildKit reads the options of \`# check=\` before anything else, and refuses the whole file for one that it does not know.`,
  examples: [
    {
      title: 'an option that there is not',
      bad: '# check=«ignore=StageNameCasing»\nFROM debian:12\n',
      declined: 'by hand',
    },
    {
      title: 'neither true nor false',
      bad: '# check=skip=all;«error=yes»\nFROM debian:12\n',
      declined: 'by hand',
    },
    {
      title: 'a semicolon at the end',
      bad: '# check=error=true«;»\nFROM debian:12\n',
      declined: 'by hand',
    },
  ],
  silent: [
    {
      title: 'all options',
      text: '# check=skip=JSONArgsRecommended;error=true;experimental=all\nFROM debian:12\n',
      is: 'held',
    },
    { title: 'no directive', text: '# a comment\nFROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#check'],
};
