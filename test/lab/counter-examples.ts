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
];
