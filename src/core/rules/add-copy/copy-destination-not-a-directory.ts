import { changesOnly, copyWords, type Step, valueOf } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** The destination of a copy from several sources: its value expanded, and where a slash belongs. Undefined when there is one source. */
function destination(
  step: Step,
): { readonly value: string | undefined; readonly span: Span; readonly slash: number } | undefined {
  const copy = copyWords(step);
  const { args, heredocs } = step.instruction;
  if (copy === undefined || copy.sources.length < 2 || heredocs.length > 0) return undefined;
  const { value, span } = copy.target;
  const quoted = args.form === 'json' || /["']$/.test(value);
  return { value: valueOf(step.expand(copy.target)), span, slash: span[1] - (quoted ? 1 : 0) };
}

function withSlash(step: Step, slash: number, value: string): Proposal | Declined {
  if (step.onbuild) return { declined: 'the instruction runs in another build' };
  return {
    title: 'end the destination with a slash',
    variant: 'default',
    edits: [{ span: [slash, slash], text: '/' }],
    // the files now get their own names, where one may have replaced the other before
    claims: [changesOnly(step, 'dest'), { kind: 'observed', probe: 'paths-only-after', expect: [`${value}/**`] }],
  };
}

export default defineRule({
  id: 'copy-destination-not-a-directory',
  practice: 'P10',
  catalogue: ['P10.5'],
  level: 'warning',
  fixClass: 'S',
  summary: 'several files are copied to a destination that is not written as a directory',
  aliases: ['hadolint/DL3021'],
  about: { instructions: ['COPY', 'ADD'], otherwise: 'nothing is copied from several sources' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let several = 0;
    for (const step of build.steps) {
      const { name } = step.instruction;
      if (name !== 'COPY' && name !== 'ADD') continue;
      const to = destination(step);
      if (to === undefined) continue;
      if (step.instruction.flags.some(({ value }) => value?.includes('{{'))) continue;
      several += 1;
      // BuildKit takes `.` and `..` for directories; braces are a template's
      if (to.value === undefined || to.value === '' || /(?:^|[/\\])\.{0,2}$|\}\}/.test(to.value)) continue;
      findings.push({
        at: to.span,
        message: `several sources go to ${to.value}: without a slash at its end it may be taken for a file`,
        help: 'end the destination with a slash',
        step,
        fix: withSlash(step, to.slash, to.value),
      });
    }
    if (several === 0) return { is: 'not-applicable', because: 'nothing is copied from several sources' };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file }, says: 'destinations of several sources end with a slash' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `With several sources the destination must be a directory. Docker's older builder refuses one without a slash at its end; with BuildKit it
depends on what is there already.`,
  examples: [
    {
      bad: 'FROM debian:12-slim\nCOPY a.conf b.conf «/etc/app»\n',
      good: 'FROM debian:12-slim\nCOPY a.conf b.conf /etc/app/\n',
      files: { 'a.conf': 'a', 'b.conf': 'b' },
    },
    {
      title: 'in JSON',
      bad: 'FROM debian:12-slim\nCOPY ["a.conf", "b.conf", «"/etc/app"»]\n',
      good: 'FROM debian:12-slim\nCOPY ["a.conf", "b.conf", "/etc/app/"]\n',
      files: { 'a.conf': 'a', 'b.conf': 'b' },
    },
  ],
  silent: [
    { title: 'with a slash', text: 'FROM debian:12-slim\nCOPY a b /etc/app/\n', is: 'held' },
    { title: 'the working directory', text: 'FROM debian:12-slim\nCOPY a b .\n', is: 'held' },
    { title: 'a variable without a value', text: 'FROM debian:12-slim\nARG TO\nCOPY a b $TO\n', is: 'held' },
    { title: 'one source', text: 'FROM debian:12-slim\nCOPY a /etc/app\n', is: 'not-applicable' },
  ],
};
