import { describe, expect, test } from 'vitest';
import {
  declaredSecrets,
  needlesOf,
  secretLabel,
  tellHits,
  withCacheArgument,
} from '../../../../src/core/evidence/proof/index.ts';

describe('secrets that a build is given', () => {
  const labels = (text: string, target?: string) => declaredSecrets(text, target).map(secretLabel);

  test.each<[string, readonly string[]]>([
    ['FROM a\nRUN --mount=type=secret,id=t true\n', ['secret t']],
    ['FROM a\nRUN --mount=type=secret,id=t,env=T --mount=type=secret,id=u,target=/x true\n', ['secret t', 'secret u']],
    ['FROM a\nRUN --mount=type=secret,target=/root/.npmrc true\n', ['secret .npmrc']],
    ['FROM a\nRUN --mount=type=secret,src=s,id=t true\n', ['secret s']],
    ['FROM a\nARG N=t\nRUN --mount=type=secret,id=$N true\n', ['secret t']],
    ['FROM a\nRUN --mount=type=secret,id=t true\nRUN --mount=type=secret,id=t true\n', ['secret t']],
    ['FROM a\nARG NPM_TOKEN\nARG VERSION\nARG TOKEN_FILE KEY_PATH\n', ['build argument NPM_TOKEN']],
    ['ARG NPM_TOKEN\nFROM a\n', []],
    ['FROM a\nRUN --mount=type=cache,id=t,target=/x true\n', []],
    ['FROM a AS b\nARG A_SECRET\nFROM c\nRUN true\n', []],
    ['FROM a AS b\nARG A_SECRET\nFROM c\nCOPY --from=b /x /x\n', ['build argument A_SECRET']],
  ])('%j', (text, expected) => expect(labels(text)).toEqual(expected));

  test('of a target', () => {
    const text = 'FROM a AS b\nARG A_SECRET\nFROM c\nARG C_SECRET\n';
    expect(labels(text, 'b')).toEqual(['build argument A_SECRET']);
  });
});

test('an argument stands before each step that mounts a secret', () => {
  expect(
    withCacheArgument(
      '# escape=`\nFROM a\nRUN true\n# why\nRUN --mount=type=secret,id=t `\n  x\nRUN --mount=type=secret,id=t <<E\ny\nE\n',
      'Z',
    ),
  ).toBe(
    '# escape=`\nFROM a\nRUN true\n# why\nARG Z\nRUN --mount=type=secret,id=t `\n  x\nARG Z\nRUN --mount=type=secret,id=t <<E\ny\nE\n',
  );
});

describe('a value is found', () => {
  const value = 'lw0a1b2c3d4e5f6071829304';
  const found = (text: string) =>
    new Set(needlesOf(value).flatMap(({ form, text: needle }) => (text.includes(needle) ? [form] : [])));
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const wrapped = (text: string, width: number) => text.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');

  test.each(['', 'a', 'ab', 'abc', 'user:'])('in base64 after %j', (before) => {
    for (const after of ['', '\n', 'x', 'xy']) {
      const text = `${before}${value}${after}`;
      expect(found(base64(text))).toEqual(new Set(['base64']));
      expect(found(Buffer.from(text).toString('base64url'))).toEqual(new Set(['base64']));
    }
  });

  test('in base64 and hex that are broken into lines, wherever the break is', () => {
    for (let at = 0; at < 90; at++) {
      const text = `${'x'.repeat(at)}${value} and more`;
      expect(found(wrapped(base64(text), 76)), String(at)).toEqual(new Set(['base64']));
      expect(found(wrapped(Buffer.from(text).toString('hex'), 60)), String(at)).toEqual(new Set(['hex']));
    }
  });

  test('as it is, in a URL, in JSON and in capital hex', () => {
    expect(found(`https://x:${encodeURIComponent(value)}@y`)).toEqual(new Set(['as it is']));
    expect(found(JSON.stringify({ value }))).toEqual(new Set(['as it is']));
    expect(found(Buffer.from(value).toString('hex').toUpperCase())).toEqual(new Set(['hex']));
  });

  test('and another is not', () => {
    const other = 'lw0a1b2c3d4e5f607182930x';
    expect(found(other)).toEqual(new Set());
    expect(() => needlesOf('short')).toThrow();
  });
});

test('where a value was seen, in words', () => {
  expect(tellHits([])).toBe('nowhere');
  expect(
    tellHits([
      { form: 'base64', in: 'a layer', path: '/x' },
      { form: 'as it is', in: 'the configuration' },
      { form: 'as it is', in: 'the history' },
      { form: 'base64', in: 'a layer', path: '/x' },
    ]),
  ).toBe('the history, the configuration, base64 in /x (a layer)');
  expect(tellHits([1, 2, 3, 4, 5].map((n) => ({ form: 'as it is', in: 'a layer', path: `/${n}` })))).toBe(
    '/1 (a layer), /2 (a layer), /3 (a layer) and 2 more',
  );
});
