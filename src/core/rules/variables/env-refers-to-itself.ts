import { newlineOf } from '../../language/edit/index.ts';
import { expand, type Pair } from '../../language/syntax/index.ts';
import type { Build, Step } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Splits the ENV before `pair`, so that the pairs before it hold for it. */
function split({ instruction }: Step, pair: Pair, before: Pair, { dockerfile }: Build): Proposal[] {
  const gap: Span = [before.span[1], pair.span[0]];
  const { text, escape } = dockerfile;
  if ([...text.slice(...gap)].some((char) => !` \t\r\n${escape}`.includes(char))) return [];
  const edits = [{ span: gap, text: `${newlineOf(text)}${text.slice(...instruction.keyword.span)} ` }];
  return [{ title: `set ${pair.key.value} in an ENV of its own`, variant: 'split', edits, claims: [] }];
}

export default defineRule({
  id: 'env-refers-to-itself',
  practice: 'X2',
  catalogue: ['X2.3'],
  level: 'warning',
  fixClass: 'S',
  summary: 'ENV uses a variable that the same ENV sets',
  aliases: ['hadolint/DL3044'],
  about: { instructions: ['ENV'], otherwise: 'no ENV sets several variables' },
  subject: 'dockerfile',
  check({ build }) {
    const { dockerfile } = build;
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of build.steps) {
      const { name, args } = step.instruction;
      if (name !== 'ENV' || args.form !== 'pairs' || args.pairs.length < 2) continue;
      seen ??= step;
      for (const [i, pair] of args.pairs.entries()) {
        const { value } = pair;
        if (value === undefined || !value.value.includes('$')) continue;
        const earlier = args.pairs.slice(0, i);
        const exact = dockerfile.text.slice(...value.span) === value.value;
        const { references } = expand(value.value, () => '', { escape: dockerfile.escape });
        const use = references.find(
          (one) => one.name !== pair.key.value && earlier.some(({ key }) => key.value === one.name),
        );
        if (use === undefined) continue;
        const set = earlier.find(({ key }) => key.value === use.name);
        const old = step.before.variable(use.name);
        const unset = 'value' in old && old.value === undefined;
        // `ENV A=1 B=$A` where A was 1 before: it comes to the same.
        if ('value' in old && old.value === set?.value?.value) continue;
        // `ENV A=$A B=$A` keeps an argument under its name.
        if (!unset && new RegExp(`^"?\\$(?:${use.name}|\\{${use.name}\\})"?$`).test(set?.value?.value ?? '')) continue;
        findings.push({
          at: exact ? [value.span[0] + use.span[0], value.span[0] + use.span[1]] : value.span,
          message: unset
            ? `the variable ${use.name} is not set yet: this very ENV sets it`
            : `the variable ${use.name} has its old value here, not the one that this ENV sets`,
          help: `set ${use.name} in an ENV before this one`,
          ...(!unset && { level: 'info' as const }),
          ...(set !== undefined && {
            related: [{ at: set.span, label: 'set here for the instructions after this one' }],
          }),
          fix: { declined: 'to split the ENV gives the variable another value than the image has had so far' },
          suggestions: split(step, pair, args.pairs[i - 1] as Pair, build),
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no ENV sets several variables' }
        : {
            is: 'held',
            evidence: [
              { at: { file: build.file, span: seen.instruction.span }, says: 'no ENV uses what it sets itself' },
            ],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `All values of one ENV are computed before any of them is set. In \`ENV HOME=/app BIN=$HOME/bin\` the second sees the HOME
from before, or nothing.`,
  examples: [
    { bad: 'FROM debian:12\nENV APP=/app BIN=«$APP»/bin\n', declined: 'another value' },
    {
      title: 'an old value',
      bad: 'FROM debian:12\nENV APP=/old\nENV APP=/app BIN=«${APP}»/bin\n',
      declined: 'another value',
    },
  ],
  silent: [
    {
      title: 'an argument that is kept under its own name',
      text: 'FROM debian:12\nARG SBT_HOME\nENV SBT_HOME=${SBT_HOME} PATH="$SBT_HOME/bin:$PATH"\n',
      is: 'held',
    },
    {
      title: 'in an ENV of its own',
      text: 'FROM debian:12\nENV APP=/app\nENV BIN=$APP/bin LIB=$APP/lib\n',
      is: 'held',
    },
    { title: 'a variable may extend itself', text: 'FROM debian:12\nENV A=1 PATH=/app/bin:$PATH\n', is: 'held' },
    { title: 'the same value as before', text: 'FROM debian:12\nENV A=1\nENV A=1 B=$A\n', is: 'held' },
    { title: 'one variable', text: 'FROM debian:12\nENV PATH=/app:$PATH\n', is: 'not-applicable' },
  ],
};
