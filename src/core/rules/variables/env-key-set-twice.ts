import { type Edits, refused, removeInstruction } from '../../language/edit/index.ts';
import type { Dockerfile, Pair } from '../../language/syntax/index.ts';
import type { Step } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** A variable as ENV left it, and whether anything can have looked at it since. */
interface Standing {
  readonly step: Step;
  readonly pair: Pair;
  /** How many were set before it and with it. Were others set after it, taking it out would change their order in the image's config. */
  readonly count: number;
}

/** Names of variables that stand in a text. */
function mentioned(text: string): readonly string[] {
  return [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
}

/** Takes one pair out of ENV, or the whole ENV when it is its only one. */
function remove(dockerfile: Dockerfile, { instruction }: Step, pair: Pair): Edits {
  if (instruction.args.form !== 'pairs') return { declined: 'it is no list of pairs' };
  const { pairs } = instruction.args;
  if (pairs.length === 1) return removeInstruction(dockerfile, instruction);
  const at = pairs.indexOf(pair);
  const [before, after] = [pairs[at - 1], pairs[at + 1]];
  const [start, end] = before === undefined ? [pair.span[0], after?.span[0] ?? 0] : [before.span[1], pair.span[1]];
  const gap =
    before === undefined ? dockerfile.text.slice(pair.span[1], end) : dockerfile.text.slice(start, pair.span[0]);
  if ([...gap].some((char) => !` \t\r\n${dockerfile.escape}`.includes(char)))
    return { declined: 'a comment stands beside it' };
  return [{ span: [start, end], text: '' }];
}

function fixOf(dockerfile: Dockerfile, { step, pair, count }: Standing, now: number): Finding['fix'] {
  if (count < now) return { declined: 'the order of the variables in the image would change' };
  const edits = remove(dockerfile, step, pair);
  if (refused(edits)) return edits;
  return { title: `remove the first ${pair.key.value}`, variant: 'default', edits, claims: [{ kind: 'same-build' }] };
}

export default defineRule({
  id: 'env-key-set-twice',
  practice: 'P25',
  catalogue: ['P25.4'],
  level: 'info',
  fixClass: 'S',
  summary: 'ENV sets a variable again before anything has used it',
  aliases: [],
  about: { instructions: ['ENV'], otherwise: 'the file has no ENV' },
  subject: 'dockerfile',
  check({ build }) {
    const { dockerfile } = build;
    const findings: Finding[] = [];
    let seen: Pair | undefined;
    for (const { steps } of build.stages) {
      const standing = new Map<string, Standing>();
      let count = 0;
      for (const step of steps) {
        const { name, args, span } = step.instruction;
        if (name === 'ENV' && args.form === 'pairs' && !args.pairs.every(({ value }) => value === undefined)) {
          for (const key of mentioned(dockerfile.text.slice(...span))) standing.delete(key);
          for (const pair of args.pairs) {
            seen ??= pair;
            const earlier = standing.get(pair.key.value);
            if (earlier !== undefined) {
              findings.push({
                at: earlier.pair.span,
                step: earlier.step,
                message: `the variable ${pair.key.value} is set again before anything uses it`,
                help: 'remove this one: only the later value counts',
                related: [{ at: pair.span, label: 'set again here' }],
                fix: fixOf(dockerfile, earlier, count),
              });
            }
            count += 1;
            if (pair.key.value !== '' && !pair.key.value.includes('$'))
              standing.set(pair.key.value, { step, pair, count });
          }
        } else if (name === 'RUN' || name === 'ARG' || name === 'ONBUILD') {
          standing.clear();
        } else {
          for (const key of mentioned(dockerfile.text.slice(...span))) standing.delete(key);
        }
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'the file has no ENV' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'no variable is set twice in vain' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: 'The first value has no effect. Mostly it is a copied line in which another name was meant, or a change made in one place only.',
  examples: [
    { bad: 'FROM debian:12\nENV «A=1» B=2\nENV A=3\n', declined: 'the order of the variables' },
    {
      title: 'nothing between',
      bad: 'FROM debian:12\nENV B=2 «A=1»\nENV A=3\n',
      good: 'FROM debian:12\nENV B=2\nENV A=3\n',
    },
    {
      title: 'an ENV of its own',
      bad: 'FROM debian:12\nENV «A=1»\nUSER 1000\nENV A=3\n',
      good: 'FROM debian:12\nUSER 1000\nENV A=3\n',
    },
    {
      title: 'in one ENV',
      bad: 'FROM debian:12\nENV «A=1» \\\n    A=3 \\\n    B=2\n',
      good: 'FROM debian:12\nENV A=3 \\\n    B=2\n',
    },
  ],
  silent: [
    { title: 'a RUN between sees the first value', text: 'FROM debian:12\nENV A=1\nRUN make\nENV A=2\n', is: 'held' },
    {
      title: 'the second is made of the first',
      text: 'FROM debian:12\nENV PATH=/a:$PATH\nENV PATH=/b:${PATH}\n',
      is: 'held',
    },
    { title: 'two stages', text: 'FROM debian:12 AS a\nENV A=1\nFROM a\nENV A=2\n', is: 'held' },
    { title: 'no ENV', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
};
