import { expect, test } from 'vitest';
import { align, stepsOf } from '../../../../src/core/evidence/replay/align.ts';
import { planOf } from '../../../../src/core/evidence/replay/plan.ts';
import { cpuNow } from '../../../cpu.ts';
import { buildOf } from '../../context.ts';

/** Each step of the later file, and which one of the earlier it is. */
function aligned(before: string, after: string): readonly (readonly [string, string | undefined])[] {
  const [was, is] = [before, after].map((text) => stepsOf(planOf(buildOf(text))));
  if (was === undefined || is === undefined) throw new Error('there are two files');
  return align(was, is).map((index, i) => [is[i]?.text ?? '', index === undefined ? undefined : was[index]?.text]);
}

test('what is the same, moved, changed, new', () => {
  expect(
    aligned(
      'FROM node:22\nCOPY . .\nRUN npm ci\nRUN npm run build\nRUN echo done\n',
      'FROM node:24\nCOPY package.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN npm run build --all\nRUN apk add curl\n',
    ),
  ).toEqual([
    ['FROM node:24', 'FROM node:22'],
    ['COPY package.json ./', undefined],
    ['RUN --mount=type=cache,target=/root/.npm npm ci', 'RUN npm ci'],
    ['COPY . .', 'COPY . .'],
    ['RUN npm run build --all', 'RUN npm run build'],
    ['RUN apk add curl', undefined],
  ]);
});

test('a step that goes to another stage', () => {
  expect(
    aligned(
      'FROM a\nRUN npm install --omit=dev\nRUN x\n',
      'FROM a AS deps\nRUN npm install --omit=dev --quiet\nFROM b\nCOPY --from=deps /x /x\nRUN x\n',
    ),
  ).toEqual([
    ['FROM a AS deps', undefined],
    ['RUN npm install --omit=dev --quiet', 'RUN npm install --omit=dev'],
    ['FROM b', 'FROM a'],
    ['COPY --from=deps /x /x', undefined],
    ['RUN x', 'RUN x'],
  ]);
});

test('many steps take no time', () => {
  const lines = (word: string) => `FROM a\n${Array.from({ length: 3000 }, (_, i) => `RUN ${word} ${i}\n`).join('')}`;
  const began = cpuNow();
  expect(aligned(lines('one'), lines('two')).filter(([, earlier]) => earlier !== undefined)).toHaveLength(1);
  expect(cpuNow() - began).toBeLessThan(10_000);
});
