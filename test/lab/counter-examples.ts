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
];
