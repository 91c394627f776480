import { describe, expect, test } from 'vitest';
import { check } from '../../../src/core/lint/index.ts';
import { json, line, pretty } from '../../../src/core/reporters/index.ts';
import { cpuNow } from '../../cpu.ts';
import { report } from '../reporters/reports.ts';

const LINES = 20_000;
/** Far above what it takes, and far below what a rule needs that looks at all lines for each line. */
const MOST_SECONDS = 15;

const repeat = (lines: number, line: (i: number) => string) =>
  Array.from({ length: LINES / lines }, (_, i) => line(i)).join('');

const node = 'FROM node:22\nWORKDIR /app\n';

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
    [
      'triggers of many stages',
      `FROM debian:12 AS a\n${repeat(2, () => 'ONBUILD RUN make\n')}${repeat(2, () => 'FROM a\n')}`,
    ],
    [
      'installs in production',
      `${node}ENV NODE_ENV=production\n${repeat(1, () => 'RUN npm install\n')}RUN npm run build\n`,
    ],
    ['lockfiles and installs', `${node}${repeat(2, () => 'COPY package*.json ./\nRUN npm install\n')}`],
    ['installs of Yarn', `${node}COPY yarn.lock ./\n${repeat(1, () => 'RUN yarn install\n')}`],
    ['installs of pip', `FROM python:3.13\n${repeat(2, (i) => `COPY a${i} /b\nRUN pip install flask\n`)}`],
    ['downloads of Go', `FROM golang:1.26\n${repeat(2, () => 'COPY a /b\nRUN go mod download\n')}`],
    ['packages of dnf', `FROM fedora:42\n${repeat(1, () => 'RUN dnf install httpd\n')}`],
    ['owners', `FROM debian:12\n${repeat(2, (i) => `COPY a${i} /srv/a${i}\nRUN chown -R 1000 /srv/a${i}\n`)}`],
    ['accounts', `FROM debian:12\n${repeat(2, (i) => `RUN useradd u${i}\nUSER u${i + 1}\n`)}`],
    ['archives', `FROM debian:12\n${repeat(2, (i) => `COPY a${i}.tgz /tmp/\nRUN tar -xzf /tmp/a${i}.tgz\n`)}`],
    ['commits before installs', `${node}${repeat(2, (i) => `ARG GIT_SHA=${i}\nRUN apt-get install -y a${i}\n`)}`],
    ['secrets', `FROM debian:12\n${repeat(1, (i) => `ENV PASSWORD_${i}=hunter${i}aZ9\n`)}`],
  ])('%s', { timeout: 120_000 }, (_, text) => {
    const start = cpuNow();
    const { diagnostics } = check({ file: 'Dockerfile', text });
    for (const reporter of [json('0'), line, pretty()]) reporter.file(report(text, diagnostics));
    expect((cpuNow() - start) / 1000).toBeLessThan(MOST_SECONDS);
  });
});
