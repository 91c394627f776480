import { describe, expect, test } from 'vitest';
import { type ProgressReader, plainText, rawJson, stepByStep } from '../../../src/adapters/engine/progress.ts';

function read(reader: ProgressReader, text: string): ProgressReader {
  for (const line of text.split('\n')) reader.line(line);
  return reader;
}

const log = (vertex: string, text: string) => ({ vertex, data: Buffer.from(text).toString('base64') });

describe('rawjson', () => {
  const statuses = [
    { vertexes: [{ digest: 'i', name: '[internal] load build definition from Dockerfile' }] },
    { vertexes: [{ digest: 'a', name: '[build 2/5] COPY package.json ./', started: '2026-01-01T00:00:00Z' }] },
    {
      vertexes: [
        { digest: 'a', name: '[build 2/5] COPY package.json ./', cached: true, completed: '2026-01-01T00:00:00Z' },
      ],
    },
    { vertexes: [{ digest: 'b', name: '[linux/amd64 build 3/5] RUN npm ci', started: '2026-01-01T00:00:01.500Z' }] },
    { logs: [log('b', 'one\ntw'), log('b', 'o\r\nthr')] },
    { logs: [log('b', 'ee\n')] },
    {
      vertexes: [
        {
          digest: 'b',
          name: '[linux/amd64 build 3/5] RUN npm ci',
          completed: '2026-01-01T00:00:04Z',
          error: 'exit code: 3',
        },
        { digest: 'c', name: '[stage-1 1/2] FROM x', error: 'context canceled' },
      ],
    },
  ];

  test('joins what is said of a step', () => {
    const reader = read(
      rawJson(),
      [...statuses.map((status) => JSON.stringify(status)), 'ERROR: failed', '{broken'].join('\n'),
    );
    expect(reader.steps()).toEqual([
      {
        stage: undefined,
        number: 0,
        text: '[internal] load build definition from Dockerfile',
        cached: false,
        seconds: 0,
      },
      { stage: 'build', number: 2, text: 'COPY package.json ./', cached: true, seconds: 0 },
      { stage: 'build', number: 3, text: 'RUN npm ci', cached: false, seconds: 2.5, began: 1.5, error: 'exit code: 3' },
      { stage: 'stage-1', number: 1, text: 'FROM x', cached: false, seconds: 0, error: 'context canceled' },
    ]);
    const { step, lines } = reader.failed();
    expect(step?.text).toBe('RUN npm ci');
    expect(lines).toEqual(['one', 'two', 'three', 'exit code: 3']);
  });

  test('what is no step is kept for a build that fails before any', () => {
    expect(read(rawJson(), 'ERROR: unknown instruction: FORM\n').failed()).toEqual({
      lines: ['ERROR: unknown instruction: FORM'],
    });
  });

  test('keeps only the last lines', () => {
    const lines = Array.from({ length: 50 }, (_, n) => JSON.stringify({ logs: [log('b', `${n}\n`)] }));
    const failed = { vertexes: [{ digest: 'b', name: '[2/2] RUN x', error: 'exit code: 1' }] };
    const reader = read(rawJson(), [JSON.stringify(failed), ...lines].join('\n'));
    expect(reader.failed().lines.slice(-3)).toEqual(['48', '49', 'exit code: 1']);
    expect(reader.failed().lines).toHaveLength(16);
  });
});

test('plain progress', () => {
  const reader = read(
    plainText(),
    `#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s

#4 [a 1/3] FROM docker.io/library/debian:trixie-slim
#4 CACHED

#7 [stage-1 1/2] RUN echo "$HOME x" && sleep 1   && true
#7 0.628 /root x
#7 DONE 1.7s

#8 [stage-1 2/2] RUN <<EOF (echo a...)
#8 0.189 a
#8 ERROR: process "/bin/sh" did not complete successfully: exit code: 3
------
ERROR: failed to build`,
  );
  expect(reader.steps().map(({ stage, number, cached, seconds }) => [stage, number, cached, seconds])).toEqual([
    [undefined, 0, false, 0],
    ['a', 1, true, 0],
    ['stage-1', 1, false, 1.7],
    ['stage-1', 2, false, 0],
  ]);
  expect(reader.failed().lines).toEqual(['a', 'process "/bin/sh" did not complete successfully: exit code: 3']);
});

test('a builder that goes step by step', () => {
  let now = 0;
  const reader = read(
    stepByStep(() => {
      now += 1000;
      return now;
    }),
    `Sending build context to Docker daemon  2.048kB
Step 1/5 : FROM debian AS a
 ---> 7d18e67c9df3
Step 2/5 : RUN echo hi
 ---> Using cache
Step 3/5 : FROM a
Step 4/5 : RUN false
 ---> Running in 1
no`,
  );
  expect(reader.steps().map(({ stage, text, cached, seconds }) => [stage, text, cached, seconds > 0])).toEqual([
    ['a', 'FROM debian AS a', false, true],
    ['a', 'RUN echo hi', true, false],
    ['stage-1', 'FROM a', false, true],
    ['stage-1', 'RUN false', false, true],
  ]);
  expect(reader.failed().step?.text).toBe('RUN false');
  expect(reader.failed().lines.at(-1)).toBe('no');
  // What went to standard error is there before the steps are read.
  const failed = read(
    stepByStep(),
    'Error: building at STEP "RUN false": exit status 1\nSTEP 1/2: FROM debian\nSTEP 2/2: RUN false',
  );
  expect(failed.failed()).toMatchObject({
    step: { text: 'RUN false' },
    lines: ['Error: building at STEP "RUN false": exit status 1'],
  });
  const podman = read(stepByStep(), '[1/2] STEP 1/2: FROM debian\n[1/2] STEP 2/2: RUN true\n--> Using cache 0123\n');
  expect(podman.steps().map(({ stage, cached }) => [stage, cached])).toEqual([
    ['stage-0', false],
    ['stage-0', true],
  ]);
});
