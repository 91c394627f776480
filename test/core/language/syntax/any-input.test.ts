import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, print } from '../../../../src/core/language/syntax/index.ts';
import { decode, encode } from '../../../../src/core/language/text/index.ts';
import { mutations } from '../../../corpus/mutations.ts';
import { cpuNow } from '../../../cpu.ts';
import { inconsistency } from '../../../oracle/agreement.ts';

const holds = (text: string) => {
  const dockerfile = parse(text);
  expect(inconsistency(dockerfile)).toBeUndefined();
  expect(print(dockerfile)).toBe(text);
};

test('any bytes come back from the tokens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(encode(print(parse(decode(bytes).text)))).toEqual(bytes);
    }),
  );
});

test('any mix of the syntax’s pieces comes back, with every span in place', () => {
  const piece = fc.constantFrom(
    ...['FROM a', 'RUN ', 'COPY ', 'ENV ', 'ONBUILD ', 'HEALTHCHECK CMD ', 'LABEL ', 'ARG ', '["a", "b"]', '--from=x '],
    ...['<<EOF', 'EOF', '<<-"E"', '#', '# escape=`\n', '\\\n', '`\n', '\n', '\r\n', ' ', '\t', '"', "'", '=', '\u00a0'],
    ...['\ufeff', 'é', '\udca0', '$' + '{a:-b}', '--', '\\', '[', ']', ',', 'x'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => holds(pieces.join(''))),
    { numRuns: 2000 },
  );
});

test('generated Dockerfiles come back, with every span in place', () => {
  for (const { text } of mutations(20, 2000)) holds(decode(text).text);
});

test('the judge of spans can fail', () => {
  const dockerfile = parse('FROM a\nRUN b\n');
  expect(inconsistency({ ...dockerfile, items: dockerfile.items.slice(1) })).toContain('expected');
  expect(inconsistency({ ...dockerfile, text: 'FROM a\nRUN c\n' })).toContain('differs');
  const [from, run] = dockerfile.instructions;
  const moved = { ...run, keyword: { value: 'RUN', span: [0, 3] as const } } as (typeof dockerfile.instructions)[0];
  expect(inconsistency({ ...dockerfile, instructions: [from as typeof moved, moved] })).toContain('line 2');
});

describe('the time is linear on what was made to be slow', () => {
  const substitution = '$' + '{a:-';
  test.each([
    ['continuations', 'FROM a\nRUN x \\\n', '\\\n'],
    ['comments in a continuation', 'FROM a\nRUN x \\\n', '#\n'],
    ['empty lines in a continuation', 'FROM a\nRUN x \\\n', '\n'],
    ['heredocs', 'FROM a\n', 'RUN <<E\nE\n'],
    ['heredocs of one line', 'FROM a\nRUN \\\n', '<<E \\\n'],
    ['heredocs without end', 'FROM a\n', 'RUN <<EOF\n'],
    ['ONBUILD of ONBUILD', 'FROM a\n', 'ONBUILD \\\n'],
    ['flags', 'FROM a\nRUN \\\n', '--a=b \\\n'],
    ['flags by bytes', 'FROM a\nRUN \\\n', '--à=b \\\n'],
    ['pairs', 'FROM a\nENV \\\n', '=b \\\n'],
    ['JSON', 'FROM a\nRUN [\\\n', '"a",\\\n'],
    ['nested JSON', 'FROM a\nRUN \\\n', '[\\\n'],
    ['quotes before a heredoc', 'FROM a\nRUN <<A \\\n', '"\\\n'],
    ['nested substitutions before a heredoc', 'FROM a\nRUN <<A \\\n', `${substitution}\\\n`],
    ['spaces', 'FROM a', ' '],
    ['escapes', 'FROM a\nRUN ', '\\'],
  ])('%s', (_, head, unit) => {
    const text = head + unit.repeat(Math.ceil(200_000 / unit.length));
    const started = cpuNow();
    expect(print(parse(text))).toBe(text);
    // Quadratic time would be minutes.
    expect(cpuNow() - started).toBeLessThan(6000);
  });
});
