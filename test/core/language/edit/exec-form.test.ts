import { expect, test } from 'vitest';
import { looseArray } from '../../../../src/core/language/edit/index.ts';

test.each([
  [`['node', 'a.js']`, ['node', 'a.js']],
  ['["node", "a.js",]', ['node', 'a.js']],
  ['[“node”, ”a.js”]', ['node', 'a.js']],
  ['["node" "a.js"]', ['node', 'a.js']],
  ['["node", "a.js"]];', ['node', 'a.js']],
  ['["node", "a.js"', ['node', 'a.js']],
  [`[ 'node', "it's" ]`, ['node', `it's`]],
])('%s is read', (text, words) => {
  expect(looseArray(text)).toEqual(words);
});

test.each(['["node", "a.js"] && b', '["C:\\a.exe",]', '[node, a.js]', '["node, a.js]', `['sh', '-c', 'echo "a"']`])(
  '%s is declined',
  (text) => {
    expect(looseArray(text)).toHaveProperty('declined');
  },
);

test.each(['[ -f x ] && server', '[ "$X" = y ] && server', '[[ -f x ]] && y', 'server ["a"]', ''])(
  '%s is a command',
  (text) => {
    expect(looseArray(text)).toBeUndefined();
  },
);
