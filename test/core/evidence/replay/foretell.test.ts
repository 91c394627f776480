import { expect, test } from 'vitest';
import { foretell } from '../../../../src/core/evidence/replay/index.ts';

const two = `FROM node:24 AS build
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
RUN npm run build
FROM node:24-slim
COPY --from=build /app/dist /app
RUN node --version
CMD ["node", "/app"]
`;

test('what an edit of a source file, and one of the manifest, reruns', () => {
  const told = (path: string, target?: string) => foretell(two, path, target).map(({ text, is }) => [text, is]);
  expect(told('src/a.js')).toEqual([
    ['WORKDIR /app', 'cached'],
    ['COPY package.json ./', 'cached'],
    ['RUN npm ci', 'cached'],
    ['COPY . .', 'reruns'],
    ['RUN npm run build', 'reruns'],
    ['COPY --from=build /app/dist /app', 'open'],
    ['RUN node --version', 'open'],
  ]);
  expect(told('package.json', 'build').map(([, is]) => is)).toEqual(['cached', 'reruns', 'reruns', 'reruns', 'reruns']);
  expect(foretell(two, 'x').map(({ stage, number }) => [stage.index, stage.name, number])).toEqual([
    ...[2, 3, 4, 5, 6].map((number) => [0, 'build', number]),
    ...[2, 3].map((number) => [1, undefined, number]),
  ]);
  expect(foretell('FROM scratch AS a\nCOPY x /\nFROM a\nCOPY y /\n', 'x').map(({ number }) => number)).toEqual([1, 1]);
});
