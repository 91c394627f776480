import { expect, test } from 'vitest';
import { contextNeeds, takes, wantedPaths } from '../../../src/core/model/index.ts';
import { model } from './model.ts';

const needs = (text: string) => contextNeeds(model(text));
const told = (text: string) =>
  needs(text).map(({ via, step, path }) => `${step.label} ${via} ${'value' in path ? path.value : '?'}`);

test('COPY, ADD and bind mounts of the stages that are built, in order', () => {
  const text = `ARG DIR=web
FROM a AS unused
COPY nothing /x
FROM a AS build
ARG DIR
WORKDIR /src
COPY package*.json ./lib/../yarn.lock ./
COPY ["/$DIR/a b", "./"]
RUN --mount=type=bind,source=go.mod,target=go.mod --mount=type=cache,target=/c --mount=type=bind,from=unused2,target=/y true
ADD https://example.com/x.tgz vendor.tgz /tmp/
COPY <<EOF app.conf /etc/
x
EOF
FROM b
COPY --from=build /src /app
COPY $UNSET /x
`;
  expect(told(text)).toEqual([
    'COPY 1 COPY package*.json',
    'COPY 1 COPY yarn.lock',
    'COPY 2 COPY web/a b',
    'RUN 1 mount go.mod',
    'ADD 1 ADD vendor.tgz',
    'COPY 3 COPY app.conf',
    'COPY 2 COPY ?',
  ]);
});

test('a mount without a source, and a COPY from above, mean the whole context', () => {
  expect(told('FROM a\nRUN --mount=target=/src make\nCOPY .. /x\n')).toEqual(['RUN 1 mount .', 'COPY 1 COPY .']);
});

test('a stage that is named by a variable may be any', () => {
  const text = (name: string) => `ARG OS\nFROM a AS build-linux\nCOPY x /x\nFROM b AS other\nCOPY y /y\nFROM ${name}\n`;
  expect(told(text('build-$OS'))).toEqual(['COPY 1 COPY x', 'COPY 1 COPY y']);
  expect(told(text('build-linux'))).toEqual(['COPY 1 COPY x']);
  expect(told(`${text('scratch')}COPY --from=build-$OS /x /\n`)).toEqual(told(text('build-$OS')));
});

test('ONBUILD takes where it runs', () => {
  const text = 'FROM a AS base\nONBUILD COPY x /x\nFROM base\nCOPY y /y\n';
  expect(told(text).map((one) => one.split(' ').at(-1))).toEqual(['x', 'y']);
});

test.each([
  ['.', 'a/b', true],
  ['a', 'a', true],
  ['a', 'a/b', true],
  ['a/b', 'a', false],
  ['a', 'ab', false],
  ['*.md', 'x.md', true],
  ['*.md', 'x/y.md', false],
  ['*', 'x/y.md', true],
  ['a/*/c', 'a/b/c/d', true],
  ['[ab]?', 'b1', true],
  ['a**', 'a/b', true],
])('%j takes %j: %j', (source, path, expected) => {
  expect(takes(source, path)).toBe(expected);
});

test('what is asked of the client', () => {
  expect(wantedPaths(needs('FROM a\nCOPY b a /x/\nCOPY a /y\n'))).toEqual(['a', 'b']);
  expect(wantedPaths(needs('FROM a\nCOPY b /x/\nCOPY . /y\n'))).toBeUndefined();
  expect(wantedPaths(needs('FROM a\nRUN true\n'))).toEqual([]);
});
