import { describe, expect, test } from 'vitest';
import { commentLines, lostComments } from './comments.ts';

describe('comment lines', () => {
  test('stand anywhere: first, indented, in a continuation, in a heredoc, with CRLF or a byte order mark', () => {
    const text = '\ufeff# syntax=x\r\nRUN a \\\n  # why\n  b # no line of its own\nRUN <<E\n# c\nE\n#';
    expect(commentLines(text)).toEqual(['# syntax=x', '# why', '# c', '#']);
  });
});

describe('lost comments', () => {
  test('none when they move or change their indentation', () => {
    expect(lostComments('# a\n# b\nRUN x', '  # b\nRUN x\n# a')).toEqual([]);
  });
  test('each as often as it is missing', () => {
    expect(lostComments('# a\n# a\n# a\n', '# a\n')).toEqual(['# a', '# a']);
  });
  test('a changed text is a lost one', () => {
    expect(lostComments('# keep me', '# keep us')).toEqual(['# keep me']);
  });
  test('what a fix says it drops may go, once', () => {
    const ignore = '# layerwise ignore=x';
    expect(lostComments(`${ignore}\n${ignore}\nRUN x`, 'RUN x', [ignore])).toEqual([ignore]);
  });
});
