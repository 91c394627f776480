import { type Edits, refused, removeInstruction } from '../../language/edit/index.ts';
import type { Pair } from '../../language/syntax/index.ts';
import { type Build, type Step, stepsNamed } from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

interface Labelled {
  readonly step: Step;
  readonly pair: Pair;
  readonly pairs: readonly Pair[];
}

function pairsOf(step: Step): readonly Labelled[] {
  const { args } = step.instruction;
  return args.form === 'pairs' ? args.pairs.map((pair) => ({ step, pair, pairs: args.pairs })) : [];
}

/** The key without quotes; undefined when it holds a variable. */
function keyOf({ key }: Pair): string | undefined {
  return /[$\\`]/.test(key.value) ? undefined : key.value.replace(/^(["'])(.*)\1$/, '$2');
}

/** Takes one pair out with the blanks and continuations between it and its neighbour. */
function removePair(build: Build, { step, pair, pairs }: Labelled): Edits {
  const { instruction } = step;
  if (pairs.length === 1) return removeInstruction(build.dockerfile, instruction);
  if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
  const at = pairs.indexOf(pair);
  const before = pairs[at - 1];
  const after = pairs[at + 1];
  if (before !== undefined) return [{ span: [before.span[1], pair.span[1]], text: '' }];
  return after === undefined
    ? { declined: 'the label stands alone' }
    : [{ span: [pair.span[0], after.span[0]], text: '' }];
}

function dropEarlier(build: Build, labelled: Labelled): Proposal | Declined {
  const edits = removePair(build, labelled);
  if (refused(edits)) return edits;
  return { title: 'remove the value that is never seen', variant: 'default', edits, claims: [{ kind: 'same-build' }] };
}

export default defineRule({
  id: 'label-key-twice',
  practice: 'P17',
  catalogue: ['P17.6'],
  level: 'warning',
  fixClass: 'S',
  summary: 'a label is set twice, and the first value is never seen',
  aliases: [],
  about: { instructions: ['LABEL'], otherwise: 'no label is set' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let labels = 0;
    for (const stage of build.stages) {
      const earlier = new Map<string, Labelled>();
      for (const labelled of stepsNamed(stage, 'LABEL').flatMap(pairsOf)) {
        labels += 1;
        const key = keyOf(labelled.pair);
        if (key === undefined) continue;
        const first = earlier.get(key);
        earlier.set(key, labelled);
        if (first === undefined) continue;
        findings.push({
          at: first.pair.key.span,
          message: `the label ${key} is set again below, so that this value is never seen`,
          help: 'keep one of the two',
          related: [{ at: labelled.pair.key.span, label: 'this value holds' }],
          step: first.step,
          fix: dropEarlier(build, first),
        });
      }
    }
    if (labels === 0) return { is: 'not-applicable', because: 'no label is set' };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file }, says: 'each label is set once in its stage' }],
    });
  },
});

export const docs: RuleDocs = {
  why: 'The last value holds. Whoever changes the first one sees no effect, and whoever reads the file may believe the wrong one.',
  examples: [
    {
      bad: 'FROM debian:12-slim\nLABEL «version»=1\nLABEL version=2\n',
      good: 'FROM debian:12-slim\nLABEL version=2\n',
    },
    {
      title: 'among others',
      bad: 'FROM debian:12-slim\nLABEL a=1 \\\n      «version»=1 \\\n      b=2\nLABEL "version"="2"\n',
      good: 'FROM debian:12-slim\nLABEL a=1 \\\n      b=2\nLABEL "version"="2"\n',
    },
    {
      title: 'the first of its instruction',
      bad: 'FROM debian:12-slim\nLABEL «a»=1 b=2 a=3\n',
      good: 'FROM debian:12-slim\nLABEL b=2 a=3\n',
    },
    {
      title: 'with a comment of its own',
      bad: 'FROM debian:12-slim\n# the public version\nLABEL «version»=1\nLABEL version=2\n',
      declined: 'comment',
    },
  ],
  silent: [
    { title: 'different keys', text: 'FROM debian:12-slim\nLABEL a=1 A=2\n', is: 'held' },
    {
      title: 'a stage that changes what it inherits',
      text: 'FROM debian:12-slim AS base\nLABEL a=1\nFROM base\nLABEL a=2\n',
      is: 'held',
    },
    { title: 'a key with a variable', text: 'FROM debian:12-slim\nARG K=a\nLABEL $K=1\nLABEL $K=2\n', is: 'held' },
    { title: 'no labels', text: 'FROM debian:12-slim\n', is: 'not-applicable' },
  ],
};
