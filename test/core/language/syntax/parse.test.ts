import { describe, expect, test } from 'vitest';
import type { Instruction } from '../../../../src/core/language/syntax/index.ts';
import { parse } from '../../../../src/core/language/syntax/index.ts';
import { expectSpans } from './marked.ts';

const last = (text: string): Instruction => {
  const { instructions } = parse(text);
  return instructions[instructions.length - 1] as Instruction;
};
const words = ({ args }: Instruction) => (args.form === 'words' ? args.words : []);
const elements = ({ args }: Instruction) => (args.form === 'json' ? args.elements : []);
const pairs = ({ args }: Instruction) => (args.form === 'pairs' ? args.pairs : []);
const script = ({ args }: Instruction) => (args.form === 'shell' ? args.script.text : undefined);
const pairTexts = (text: string) => pairs(last(text)).map(({ key, value }) => [key.value, value?.value]);

describe('spans', () => {
  test('of keywords', () => {
    expectSpans('«FROM» a\n\n# c\n  «run» b\n«ONBUILD» RUN c', ({ instructions }) =>
      instructions.map(({ keyword }) => keyword.span),
    );
  });

  test('of instructions end with their last character that is no newline', () => {
    expectSpans('«FROM a»\n  «RUN b \\\n  # c\n  d»\r\n«RUN <<E\nx\nE»\n', ({ instructions }) =>
      instructions.map(({ span }) => span),
    );
  });

  test('of flags, their names and values', () => {
    const text = 'COPY «--«from»=«build»» «--«link»» a b';
    expectSpans(text.replace('«--«from»=«build»»', '«--from=build»').replace('«--«link»»', '«--link»'), (file) =>
      file.instructions.flatMap(({ flags }) => flags.map(({ span }) => span)),
    );
    expectSpans('COPY --«from»=build --«link» a b', ({ instructions }) =>
      instructions.flatMap(({ flags }) => flags.map(({ nameSpan }) => nameSpan)),
    );
    expectSpans('COPY --from=«"my build"» a b', ({ instructions }) =>
      instructions.flatMap(({ flags }) => flags.map(({ valueSpan }) => valueSpan)),
    );
  });

  test('of words may hold a continuation', () => {
    expectSpans('COPY «a\\\n# c\nb» «c»', ({ instructions }) => instructions.flatMap(words).map(({ span }) => span));
    expect(words(last('COPY a\\\n# c\nb c')).map(({ value }) => value)).toEqual(['ab', 'c']);
  });

  test('of keys and values', () => {
    expectSpans('ENV «a»=«"b c"» «d»=«»', ({ instructions }) =>
      instructions.flatMap(pairs).flatMap(({ key, value }) => [key.span, value?.span]),
    );
  });

  test('of JSON elements, with their quotes', () => {
    expectSpans('CMD [«"a"», \\\n  «"b\\"c"» ]', ({ instructions }) =>
      instructions.flatMap(elements).map(({ span }) => span),
    );
  });

  test('of heredoc markers, names, bodies and ends', () => {
    const heredocs = (text: string) =>
      expectSpans(text, (file) => {
        const [heredoc] = file.instructions.flatMap((instruction) => instruction.heredocs);
        return [heredoc?.markerSpan, heredoc?.bodySpan, heredoc?.endSpan];
      });
    heredocs('RUN cat «3<<-"E"» > x\n«a\n\tb\n»\t«E»\n');
    expectSpans('RUN << «EOF»\nEOF', ({ instructions }) => [instructions[0]?.heredocs[0]?.nameSpan]);
  });

  test('of a script lead back through continuations and comments', () => {
    const text = 'RUN a && \\\n  # why\n  b';
    const { args } = last(text);
    if (args.form !== 'shell') throw new Error(args.form);
    expect(args.script.text).toBe('a &&   b');
    expect(args.script.segments.map(({ from, length }) => text.slice(from, from + length)).join('')).toBe('a &&   b');
  });
});

describe('lines', () => {
  test('a backslash joins unless another stands before it', () => {
    expect(script(last('RUN a \\ \t\n b'))).toBe('a  b');
    expect(parse('RUN a\\\\\nRUN b').instructions).toHaveLength(2);
    expect(parse('RUN a\\\\\\\nRUN b').instructions).toHaveLength(2);
  });

  test('comments and empty lines within a continuation vanish, even inside a quote', () => {
    const { innerComments } = last('RUN echo "a\\\n#b\n\n  # c\n d"');
    expect(script(last('RUN echo "a\\\n#b\n\n d"'))).toBe('echo "a d"');
    expect(innerComments).toHaveLength(2);
  });

  test('empty lines within a continuation are told of, comments and lone backslashes are not', () => {
    expectSpans('RUN a \\\n«»\n# c\n\\\n«  »\n b', ({ emptyContinuations }) =>
      emptyContinuations.flatMap(({ spans }) => spans),
    );
  });

  test('line numbers are BuildKit’s', () => {
    const { startLine, endLine } = last('# c\n\nRUN <<E \\\n  x\ny\nE\n');
    expect([startLine, endLine]).toEqual([3, 6]);
  });

  test('escape=` makes the backslash an ordinary character', () => {
    const { instructions, escape } = parse('# escape=`\nRUN dir C:\\\nRUN a `\n b');
    expect(escape).toBe('`');
    expect(instructions.map(script)).toEqual(['dir C:\\', 'a  b']);
  });
});

describe('comments', () => {
  const attached = (text: string) => last(text).comments.map(({ span }) => text.slice(...span));

  test('belong to the next instruction across blank lines', () => {
    expect(attached('FROM a\n# one\n\n  # two\nRUN b')).toEqual(['# one', '# two']);
  });

  test('an empty one forgets those before it', () => {
    expect(attached('# one\n#\n# two\nRUN b')).toEqual(['# two']);
  });
});

describe('directives', () => {
  const names = (text: string) => parse(text).directives.map(({ name, value }) => `${name}=${value}`);

  test('stand before anything else', () => {
    expect(names('# syntax = docker/dockerfile:1 \n#CHECK=skip=all\nFROM a')).toEqual([
      'syntax=docker/dockerfile:1',
      'check=skip=all',
    ]);
    expect(names('\n# escape=`\nFROM a')).toEqual([]);
    expect(names('# a comment\n# escape=`\nFROM a')).toEqual([]);
    expect(names('# unknown=x\n# escape=`\nFROM a')).toEqual([]);
  });

  test('behind a shebang syntax and check are found, escape is not', () => {
    const { directives, escape } = parse('#!/bin/x\n# escape=`\n# check=skip=all\nFROM a');
    expect(directives.map(({ name }) => name)).toEqual(['check']);
    expect(escape).toBe('\\');
  });

  test('an indented check is stepped over', () => {
    expect(parse(' # check=skip=all\nFROM a').directives).toMatchObject([{ name: 'check', undetected: true }]);
    expect(parse(' # escape=`\nFROM a').escape).toBe('`');
  });
});

describe('flags', () => {
  const flags = (text: string) => last(text).flags.map(({ name, value }) => [name, value]);

  test('lose their quotes and escapes', () => {
    expect(flags('COPY --from="a b" --chmod=7\\55 x y')).toEqual([
      ['from', 'a b'],
      ['chmod', '755'],
    ]);
  });

  test('end at the first other word and at a bare --', () => {
    expect(flags('COPY --link a --from=b c')).toEqual([['link', undefined]]);
    expect(flags('COPY --link -- --from=b c')).toEqual([['link', undefined]]);
  });

  test('are read by bytes: é is mangled, à ends the flag', () => {
    expect(flags('COPY --from=é a b')).toEqual([['from', 'Ã©']]);
    expect(words(last('COPY --from=àx a b')).map(({ value }) => value)).toEqual(['x', 'a', 'b']);
    expectSpans('COPY «--from=漢à» a b', ({ instructions }) => [instructions[0]?.flags[0]?.span]);
  });
});

describe('forms', () => {
  test.each(['["a", "b",]', "['a']", '["a"] b', '["a\tb"]', '["a" "b"]', '[ -f a ]', '["a", 1e999]'])(
    '%s is no JSON, so shell form',
    (text) => {
      expect(script(last(`RUN ${text}`))).toBe(text);
    },
  );

  test('JSON strings are decoded; half a surrogate pair is U+FFFD', () => {
    expect(elements(last('CMD ["a\\n", "\\ud83d\\ude00", "\\ud83d"]')).map(({ value }) => value)).toEqual([
      'a\n',
      '😀',
      '\ufffd',
    ]);
  });

  test('an empty array is JSON without arguments', () => {
    expect(last('CMD []').args).toMatchObject({ form: 'json', elements: [] });
  });

  test('COPY splits on blanks and minds no quotes', () => {
    expect(words(last('COPY "a b" c')).map(({ value }) => value)).toEqual(['"a', 'b"', 'c']);
  });

  test('a no-break space splits no word and is trimmed', () => {
    expect(words(last('EXPOSE 80\u00a081 82\u00a0')).map(({ value }) => value)).toEqual(['80\u00a081', '82']);
  });

  test('ENV and LABEL keep quotes and escapes in their values', () => {
    expect(pairTexts('ENV a="b c" d=e\\ f')).toEqual([
      ['a', '"b c"'],
      ['d', 'e\\ f'],
    ]);
    expect(last('ENV a b=c').args).toMatchObject({ legacy: true });
    expect(pairTexts('ENV a b=c  d')).toEqual([['a', 'b=c  d']]);
  });

  test('ARG takes several', () => {
    expect(pairTexts('ARG a b=c "d e"=f')).toEqual([
      ['a', undefined],
      ['b', 'c'],
      ['"d e"', 'f'],
    ]);
  });

  test('HEALTHCHECK has a probe before its command', () => {
    const instruction = last('HEALTHCHECK --retries=1 CMD ["a"]');
    expect(instruction.probe?.value).toBe('CMD');
    expect(elements(instruction).map(({ value }) => value)).toEqual(['a']);
  });

  test('ONBUILD has a child', () => {
    const { child } = last('ONBUILD COPY --link a b');
    expect(child).toMatchObject({ name: 'COPY', flags: [{ name: 'link' }], tokens: [] });
  });
});

describe('heredocs', () => {
  const names = (text: string) => last(text).heredocs.map(({ name }) => name);

  test.each([
    ['RUN <<EOF\nEOF', ['EOF']],
    ['RUN 3<<EOF\nEOF', ['EOF']],
    ['RUN << EOF\nEOF', ['EOF']],
    ['RUN <<EOF>y\nEOF>y', ['EOF>y']],
    ['RUN a <<A <<B\nA\nB', ['A', 'B']],
    ['COPY <<a.txt /x\na.txt', ['a.txt']],
    ['ONBUILD RUN <<EOF\nEOF', ['EOF']],
    ['RUN cat<<EOF', []],
    ["RUN echo it's <<EOF", []],
    ['RUN ["<<EOF"]', []],
    ['CMD <<EOF', []],
  ])('%j', (text, expected) => {
    expect(names(text)).toEqual(expected);
    expect(parse(`FROM a\n${text}`).errors).toEqual([]);
  });

  test('any quote in the name keeps the content unexpanded', () => {
    expect(last('RUN <<E"O"F\nEOF').heredocs).toMatchObject([{ name: 'EOF', expand: false }]);
    expect(last('RUN <<EOF\nEOF').heredocs).toMatchObject([{ expand: true }]);
  });

  test('<<- lets tabs stand before the end; blanks behind it never', () => {
    expect(last('RUN <<-E\n\ta\n\t\tE').heredocs).toMatchObject([{ chomp: true, content: '\ta\n' }]);
    expect(last('RUN <<E\nE \nE').heredocs).toMatchObject([{ content: 'E \n' }]);
  });

  test('the content keeps its carriage returns', () => {
    expect(last('RUN <<E\r\na\r\nE\r\n').heredocs).toMatchObject([{ content: 'a\r\n' }]);
  });
});
