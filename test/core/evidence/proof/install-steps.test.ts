import { expect, test } from 'vitest';
import { installSteps } from '../../../../src/core/evidence/proof/index.ts';

const stages = `FROM node:24 AS Deps
RUN echo first
RUN --mount=type=cache,target=/root/.npm \\
    npm ci --omit=dev
FROM node:24
RUN true
RUN npm ci
COPY --from=deps /node_modules /node_modules
`;

test('finds installs in every stage that is needed', () => {
  const steps = installSteps(stages);
  expect(steps.map(({ name }) => name)).toEqual(['deps/RUN 2', 'final/RUN 2']);
  const told = [
    { stage: 'deps', number: 3, text: 'RUN --mount=type=cache,target=/root/.npm     npm ci --omit=dev' },
    { stage: 'deps', number: 2, text: 'RUN echo first' },
    { stage: 'stage-1', number: 2, text: 'RUN true' },
    { stage: 'stage-1', number: 4, text: 'COPY --from=deps /node_modules /node_modules' },
    { stage: 'stage-1', number: 3, text: 'RUN npm ci' },
    { stage: 'internal', number: 0, text: 'load build context' },
  ];
  expect(steps.map((step) => step.find(told)?.text)).toEqual([told[0]?.text, told[4]?.text]);
});

test('the only stage has no name', () => {
  const [step] = installSteps('FROM python:3\nCOPY . .\nRUN pip install -r requirements.txt\n');
  expect(step?.name).toBe('final/RUN 1');
  expect(step?.find([{ stage: undefined, number: 3, text: 'RUN pip install -r requirements.txt' }])).toBeDefined();
});

test('steps that do not fit are not guessed', () => {
  const [step] = installSteps(stages);
  expect(step?.find([{ stage: 'deps', number: 2, text: 'RUN echo first' }])).toBeUndefined();
});

test('what the target does not need, or is no install, is left out', () => {
  expect(installSteps('FROM node AS a\nRUN npm ci\nFROM node\nRUN npm run build\n')).toEqual([]);
  expect(installSteps('FROM node AS a\nRUN npm ci\nFROM node\nRUN npm run build\n', 'a')).toHaveLength(1);
});
