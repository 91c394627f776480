/**
 * Where a fix must keep its hands off: the rule says nothing or declines, and `naive` is what a fixer without the precondition
 * would write. The lab must refute it, else the precondition is for nothing.
 */
export interface CounterExample {
  /** `rule/variant`. */
  readonly of: string;
  readonly title: string;
  readonly text: string;
  readonly naive: string;
  readonly context?: Readonly<Record<string, string>>;
}

const apt = 'apt-get update && apt-get install -y --no-install-recommends';

/** A tar archive (ustar) that holds one empty file. */
function emptyTar(name: string): string {
  const field = (text: string, length: number) => text.padEnd(length, '\0');
  const header = (sum: string) =>
    field(name, 100) +
    field('0000644', 8) +
    field('0000000', 8) +
    field('0000000', 8) +
    field('00000000000', 12) +
    field('00000000000', 12) +
    sum +
    '0' +
    field('', 100) +
    'ustar\x0000' +
    field('', 247);
  const blank = header(' '.repeat(8));
  const total = [...blank].reduce((sum, char) => sum + char.charCodeAt(0), 0);
  return header(`${total.toString(8).padStart(6, '0')}\0 `).padEnd(1536, '\0');
}

export const counterExamples: readonly CounterExample[] = [
  {
    of: 'apt-lists-left-behind/apt',
    title: 'a later RUN of the stage installs without an update',
    text: `FROM debian:trixie-slim\nRUN ${apt} netcat-openbsd\nRUN apt-get install -y --no-install-recommends less\n`,
    naive: `FROM debian:trixie-slim\nRUN ${apt} netcat-openbsd && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y --no-install-recommends less\n`,
  },
  {
    of: 'apt-lists-left-behind/apt',
    title: 'a stage from it installs without an update',
    text: `FROM debian:trixie-slim AS base\nRUN ${apt} netcat-openbsd\nFROM base\nRUN apt-get install -y --no-install-recommends less\n`,
    naive: `FROM debian:trixie-slim AS base\nRUN ${apt} netcat-openbsd && rm -rf /var/lib/apt/lists/*\nFROM base\nRUN apt-get install -y --no-install-recommends less\n`,
  },
  {
    of: 'apt-lists-left-behind/apt',
    title: 'a script installs without an update',
    text: `FROM debian:trixie-slim\nCOPY setup.sh /\nRUN ${apt} netcat-openbsd\nRUN sh /setup.sh\n`,
    naive: `FROM debian:trixie-slim\nCOPY setup.sh /\nRUN ${apt} netcat-openbsd && rm -rf /var/lib/apt/lists/*\nRUN sh /setup.sh\n`,
    context: { 'setup.sh': 'apt-get install -y --no-install-recommends less\n' },
  },
  {
    of: 'add-for-local-files/default',
    title: 'an archive by its bytes, not by its name',
    text: 'FROM debian:trixie-slim\nADD data.bin /srv/\n',
    naive: 'FROM debian:trixie-slim\nCOPY data.bin /srv/\n',
    // a tar of one empty file `a`: ADD unpacks it
    context: { 'data.bin': emptyTar('a') },
  },
  {
    of: 'apt-instead-of-apt-get/default',
    title: 'the hook that removes downloads is gone, and only apt removes them itself',
    text: 'FROM debian:trixie-slim\nRUN rm /etc/apt/apt.conf.d/docker-clean && apt-get update && apt install -y --no-install-recommends less\n',
    naive:
      'FROM debian:trixie-slim\nRUN rm /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y --no-install-recommends less\n',
  },
  {
    of: 'assume-yes-missing/apt',
    title: 'the answer is fed, and is no',
    text: 'FROM debian:trixie-slim\nRUN apt-get update && (echo n | apt-get install --no-install-recommends git || true)\n',
    naive:
      'FROM debian:trixie-slim\nRUN apt-get update && (echo n | apt-get install -y --no-install-recommends git || true)\n',
  },
  {
    of: 'pip-cache-left-behind/pip',
    title: 'another stage takes the cache',
    text: 'FROM python:3.13-slim-trixie AS base\nRUN pip install --no-binary docopt docopt\nFROM base\nCOPY --from=base /root/.cache/pip /wheels\n',
    naive:
      'FROM python:3.13-slim-trixie AS base\nRUN pip install --no-cache-dir --no-binary docopt docopt\nFROM base\nCOPY --from=base /root/.cache/pip /wheels\n',
  },
  {
    of: 'npm-cache-left-behind/npm',
    title: 'a later RUN installs offline',
    text: 'FROM node:24-trixie-slim\nWORKDIR /app\nRUN npm install is-odd\nRUN rm -rf node_modules && npm install --offline is-odd && npm cache clean --force\n',
    naive:
      'FROM node:24-trixie-slim\nWORKDIR /app\nRUN npm install is-odd && npm cache clean --force\nRUN rm -rf node_modules && npm install --offline is-odd && npm cache clean --force\n',
  },
  {
    of: 'npm-cache-left-behind/npm',
    title: 'npm is removed in the same RUN',
    text: 'FROM node:24-trixie-slim\nRUN npm install --global is-odd && rm -rf /usr/local/lib/node_modules/npm\n',
    naive:
      'FROM node:24-trixie-slim\nRUN npm install --global is-odd && rm -rf /usr/local/lib/node_modules/npm && npm cache clean --force\n',
  },
  {
    of: 'cache-mount-defeated/option',
    title: 'the mount is that of another program',
    text: 'FROM python:3.13-slim-trixie\nRUN --mount=type=cache,target=/root/.cache/uv pip install --no-cache-dir --no-binary docopt docopt\n',
    naive:
      'FROM python:3.13-slim-trixie\nRUN --mount=type=cache,target=/root/.cache/uv pip install --no-binary docopt docopt\n',
  },
  {
    of: 'cache-mount-defeated/clean',
    title: 'the archives are mounted, the lists are not',
    text: `FROM debian:trixie-slim\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked ${apt} less && rm -rf /var/lib/apt/lists/*\n`,
    naive: `FROM debian:trixie-slim\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked ${apt} less\n`,
  },
];
