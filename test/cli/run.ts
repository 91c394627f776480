import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check, type Engine } from '../../src/cli/check.ts';
import { checkCommand } from '../../src/cli/commands.ts';
import { usageError } from '../../src/cli/exit.ts';
import type { Io, Output } from '../../src/cli/io.ts';
import { parse } from '../../src/cli/parse.ts';
import type { Rule } from '../../src/core/rules/define.ts';
import { fakeLinter } from '../session/fake-linter.ts';

/** A directory of its own with the given files. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): {
  root: string;
  read(name: string): string;
  remove(): void;
} {
  const root = mkdtempSync(join(tmpdir(), 'layerwise-cli-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return {
    root,
    read: (name) => readFileSync(join(root, name), 'utf8'),
    remove: () => rmSync(root, { recursive: true }),
  };
}

export interface Told {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

interface Outside {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  /** Closes standard output after so many writes. */
  readonly closesAfter?: number;
}

/** An outside that remembers what was written. */
export function memoryIo(
  cwd: string,
  { stdin = '', env = {}, terminal = false, closesAfter }: Outside = {},
): Io & { told(): Omit<Told, 'status'> } {
  const output = (limit: number): Output & { chunks: Buffer[] } => {
    const chunks: Buffer[] = [];
    return {
      chunks,
      get closed() {
        return chunks.length >= limit;
      },
      isTerminal: terminal,
      columns: terminal ? 100 : undefined,
      write(text) {
        if (chunks.length < limit && text.length > 0) chunks.push(Buffer.from(text as Uint8Array));
      },
    };
  };
  const out = output(closesAfter ?? Number.POSITIVE_INFINITY);
  const err = output(Number.POSITIVE_INFINITY);
  const text = ({ chunks }: { chunks: Buffer[] }) => Buffer.concat(chunks).toString('utf8');
  return {
    cwd,
    env,
    out,
    err,
    stdin: () => Buffer.from(stdin as Uint8Array),
    told: () => ({ out: text(out), err: text(err) }),
  };
}

const rule = (id: string, level: Rule['level'], aliases: readonly string[]): Rule => ({
  id,
  practice: 'P1',
  catalogue: [],
  level,
  fixClass: 'S',
  summary: `about ${id}`,
  aliases,
  subject: 'dockerfile',
  check: () => ({ is: 'not-applicable', because: 'a stand-in' }),
});

/** The rules of the stand-in linter. */
export const fakeRules: readonly Rule[] = [
  rule('add', 'warning', ['hadolint/DL3020']),
  rule('latest', 'info', ['hadolint/DL3007']),
  rule('secret', 'error', ['buildkit/SecretsUsedInArgOrEnv']),
];

const engine: Engine = { ...fakeLinter, rules: fakeRules };

/** `layerwise check …` with the stand-in linter. */
export async function runCheck(cwd: string, args: readonly string[], outside: Outside = {}): Promise<Told> {
  const io = memoryIo(cwd, outside);
  const parsed = parse(checkCommand, args);
  const status = 'usage' in parsed ? usageError(io, 'check', parsed) : await check(parsed, io, engine);
  return { status, ...io.told() };
}
