import { expect, test } from 'vitest';
import { fixFile } from '../../../src/core/lint/index.ts';

test('a line that is put into a heredoc ends as the others do', () => {
  const text = 'FROM debian:12-slim\r\nRUN <<EOF\r\ncp /a /b\r\ntrue\r\nEOF\r\n';
  const { text: fixed } = fixFile({ file: 'Dockerfile', text }, { unsafe: true, only: ['heredoc-without-errexit'] });
  expect(fixed).toBe('FROM debian:12-slim\r\nRUN <<EOF\r\nset -e\r\ncp /a /b\r\ntrue\r\nEOF\r\n');
});
