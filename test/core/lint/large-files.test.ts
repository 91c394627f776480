import { describe, expect, test } from 'vitest';
import { check } from '../../../src/core/lint/index.ts';
import { cpuNow } from '../../cpu.ts';

const LINES = 20_000;
/** Far above what it takes, and far below what a rule needs that looks at all lines for each line. */
const MOST_SECONDS = 30;

const repeat = (lines: number, line: (i: number) => string) =>
  Array.from({ length: LINES / lines }, (_, i) => line(i)).join('');

describe('20,000 lines take no rule long', () => {
  test.each([
    ['variables', `FROM debian:12\n${repeat(1, (i) => `ENV K${i}=v\n`)}`],
    ['variables that are set twice', `FROM debian:12\n${repeat(2, (i) => `ENV K${i}=v\n`).repeat(2)}`],
    ['one ENV', `FROM debian:12\nENV A=1${repeat(1, (i) => ` \\\n K${i}=v`)}\nLABEL x=$A\n`],
    ['variables that are not set', `FROM debian:12\nENV A=1\n${repeat(1, (i) => `ENV K${i}=$V${i}\n`)}`],
    ['lines that cannot be read', `FROM debian:12\n${repeat(2, () => 'COPPY a\nRUNN b\n')}`],
    [
      'stages upon stages',
      `FROM debian:12 AS s0\n${repeat(2, (i) => `FROM s${i} AS s${i + 1}\nRUN apt-get update && apt-get install -y x\n`)}`,
    ],
  ])('%s', { timeout: 120_000 }, (_, text) => {
    const start = cpuNow();
    check({ file: 'Dockerfile', text });
    expect((cpuNow() - start) / 1000).toBeLessThan(MOST_SECONDS);
  });
});
