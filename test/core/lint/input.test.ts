import { expect, test } from 'vitest';
import { check, fix } from '../../../src/core/index.ts';
import type { CheckInput } from '../../../src/core/lint/index.ts';

const wrong: readonly (readonly [unknown, string])[] = [
  [undefined, "needs { file: 'Dockerfile', text: 'FROM …' }, and got undefined"],
  [null, "needs { file: 'Dockerfile', text: 'FROM …' }, and got null"],
  ['FROM a', "needs { file: 'Dockerfile', text: 'FROM …' }, and got a value of type string"],
  [{}, "needs { file: 'Dockerfile', text: 'FROM …' }: text is undefined"],
  [{ file: 'Dockerfile', text: ['FROM a'] }, "needs { file: 'Dockerfile', text: 'FROM …' }: text is an array"],
  [{ file: 'Dockerfile', text: new Uint8Array(3) }, 'needs text, and got bytes: pass decode(bytes).text'],
  [
    { text: 'FROM a' },
    "needs { file: 'Dockerfile', text: 'FROM …' }: file, the name that places in the report have, is undefined",
  ],
];

test.each(wrong)('%j is refused in a sentence', (input, says) => {
  expect(() => check(input as CheckInput)).toThrow(new TypeError(`check ${says}`));
  expect(() => fix(input as CheckInput)).toThrow(new TypeError(`fix ${says}`));
});
