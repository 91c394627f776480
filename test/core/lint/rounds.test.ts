import { describe, expect, test } from 'vitest';
import { checkerOf, subjectOf } from '../../../src/core/lint/index.ts';
import { defineRule, type Rule } from '../../../src/core/rules/define.ts';
import { keyText } from '../../../src/core/world/facts/index.ts';

const context = { context: '' };

/** A rule that counts how often it is asked, and reads a fact if it is told to. */
function counting(id: string, reads: boolean): { readonly rule: Rule; readonly asked: () => number } {
  let asked = 0;
  const rule = defineRule({
    id,
    practice: 'X1',
    catalogue: [],
    level: 'warning',
    fixClass: 'N',
    summary: 'counts',
    aliases: [],
    subject: 'dockerfile',
    check({ facts, build }) {
      asked += 1;
      const fact = reads ? facts.ask('context-root', context) : undefined;
      if (fact !== undefined && 'unknown' in fact) return { is: 'unknown', because: fact.unknown };
      return { is: 'not-applicable', because: `${build.stages.length} stages` };
    },
  });
  return { rule, asked: () => asked };
}

const answers = new Map([
  [keyText({ kind: 'context-root', of: context }), { value: { files: [] }, from: 'files', evidence: [] } as const],
]);

describe('rounds of facts about one file', () => {
  test('only rules that asked for a fact are asked again', () => {
    const [plain, reader] = [counting('plain', false), counting('reader', true)];
    const check = checkerOf([plain.rule, reader.rule]);
    const input = { file: 'Dockerfile', text: 'FROM scratch\n' };
    const first = check(input);
    expect(first.skipped).toEqual(['reader']);
    expect(first.wanted).toHaveLength(1);
    const second = check(input, { facts: answers });
    expect(second.skipped).toEqual([]);
    expect(second.wanted).toEqual([]);
    expect([plain.asked(), reader.asked()]).toEqual([1, 2]);
  });

  test('an input whose text was changed in place is another subject', () => {
    const input = { file: 'Dockerfile', text: 'FROM scratch\n' };
    const before = subjectOf(input);
    expect(subjectOf(input)).toBe(before);
    input.text = 'FROM scratch AS a\nFROM scratch\n';
    expect(subjectOf(input).build.stages).toHaveLength(2);
    expect(before.input.text).toBe('FROM scratch\n');
  });

  test('facts of images make a subject of their own', () => {
    const input = { file: 'Dockerfile', text: 'ARG a\nFROM $a\n' };
    expect(subjectOf(input, { buildArgs: { a: 'scratch' } }).build.target?.base.kind).toBe('scratch');
    expect(subjectOf(input).build.target?.base.kind).toBe('image');
  });
});
