import { describe, expect, test } from 'vitest';
import { startInstalls } from '../../../src/core/model/index.ts';
import type { Fact } from '../../../src/core/vocabulary/index.ts';
import { recordFacts } from '../../../src/core/world/facts/index.ts';
import { model } from './model.ts';

type Files = Readonly<Record<string, string>>;

/** Why the start may install; without files nobody answers. */
function doubt(text: string, files?: Files) {
  const facts = recordFacts({
    get(_, key): Fact | undefined {
      const { path } = key.of as { path: string };
      return files && { value: { text: files[path] ?? null }, from: 'files', evidence: [] };
    },
  });
  return startInstalls({ build: model(text), facts, context: '.' }).doubt;
}

const start = 'FROM debian:12\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\nCMD ["gunicorn", "app:app"]';

describe('what a container starts leaves the package lists alone', () => {
  test.each([
    ['a server', 'FROM debian:12\nCMD ["nginx", "-g", "daemon off;"]'],
    ['the shell of a system', 'FROM debian:12\nCOPY . /app'],
    ['the server of a known image', 'FROM php:8-apache\nCOPY . /var/www/html'],
    ['an unknown base that gets no file', 'FROM example.com/base\nRUN apt-get update'],
    ['a program that a package brings', 'FROM debian:12\nCMD ["/usr/sbin/exim4", "-bd"]'],
    [
      'a program that is built in another stage',
      'FROM golang AS b\nRUN go build -o /o/app\nFROM debian\nCOPY --from=b /o/app /app\nCMD ["/app"]',
    ],
    ['a module of Python', 'FROM debian:12\nCOPY . .\nCMD ["python3", "-m", "app"]'],
    ['a script in shell form', 'FROM debian:12\nCMD cd /srv && exec java -jar app.jar'],
  ])('%s', (_, text) => {
    expect(doubt(text)).toBeUndefined();
  });

  test.each([
    [
      'a script of the project',
      start,
      { 'start.sh': '#!/bin/sh\n# apt-get install is done in the image\nset -e\nexec "$@"\n' },
    ],
    [
      'a script that starts another one',
      start,
      { 'start.sh': '#!/bin/bash\n. /lib.sh\nexec gosu app "$@"\n', 'lib.sh': '' },
    ],
    [
      'all that an unknown base may start',
      'FROM example.com/base\nCOPY build.sh a.c /src/',
      { 'build.sh': 'make -j4\n', 'a.c': 'int main;' },
    ],
    [
      'code of the project',
      'FROM debian:12\nWORKDIR /app\nCOPY . .\nCMD ["python3", "app.py"]',
      { 'app.py': 'import flask\n' },
    ],
  ])('%s that was read', (_, text, files) => {
    const copied = text.replace('COPY start.sh', 'COPY lib.sh start.sh');
    expect(doubt(copied, files as Files)).toBeUndefined();
  });
});

describe('what a container starts may read the package lists', () => {
  test.each([
    ['a script that nobody read', start, undefined, 'start.sh may install packages, and its text is not known'],
    ['a script that is not there', start, {}, 'start.sh may install packages, and its text cannot be seen'],
    [
      'a script that installs',
      start,
      { 'start.sh': 'apt install -y less\nexec "$@"\n' },
      'start.sh may install packages',
    ],
    [
      'a script that starts a script',
      start,
      { 'start.sh': 'sh /more.sh\n' },
      'more.sh may install packages, and its text cannot be seen',
    ],
    [
      'a script that runs what a variable says',
      start,
      { 'start.sh': 'exec $APP\n' },
      'a variable says what is started',
    ],
    [
      'what the script is given',
      start.replace('gunicorn', 'apt-get'),
      { 'start.sh': 'exec "$@"\n' },
      'start.sh may install packages',
    ],
    [
      'an unknown base and a file',
      'FROM example.com/base\nCOPY build.sh /src/',
      {},
      'what its base image starts is not known',
    ],
    [
      'an unknown base and a script that installs',
      'FROM example.com/base\nCOPY build.sh a.c /src/',
      { 'build.sh': 'apt install -y luarocks\n', 'a.c': '' },
      'what its base image starts is not known',
    ],
    [
      'an unknown base and a script that runs one nobody copied',
      'FROM example.com/base\nCOPY build.sh /src/',
      { 'build.sh': 'x/ci/install-deps.sh\n' },
      'what its base image starts is not known',
    ],
    [
      'an unknown base and a directory',
      'FROM example.com/base\nCOPY scripts /src/',
      {},
      'what its base image starts is not known',
    ],
    [
      'an unknown base and files of another stage',
      'FROM alpine AS a\nFROM example.com/base\nCOPY --from=a /x /src/',
      {},
      'what its base image starts is not known',
    ],
    [
      'code that imports apt',
      'FROM debian:12\nCMD ["python3", "-c", "import apt"]',
      {},
      'python3 may install packages',
    ],
    ['a recipe', 'FROM debian:12\nCMD ["make", "run"]', {}, 'make runs what the project says'],
    [
      'a file called as that of official images',
      'FROM debian:12\nCOPY docker-entrypoint.sh /\nENTRYPOINT ["/docker-entrypoint.sh"]',
      { 'docker-entrypoint.sh': 'nala install x' },
      'docker-entrypoint.sh may install packages',
    ],
    [
      'a program at a path that nothing brought',
      'FROM debian:12\nCMD ["/opt/x/run"]',
      {},
      'run may install packages, and its text cannot be seen',
    ],
  ] as const)('%s', (_, text, files, expected) => {
    expect(doubt(text, files as Files | undefined)).toBe(expected);
  });
});
