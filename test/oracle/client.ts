import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encode } from '../../src/core/language/text/index.ts';
import type {
  Answers,
  BaseName,
  BuildAnswer,
  CompareAnswer,
  ContextAnswer,
  ContextQuestion,
  InstructionsAnswer,
  LintAnswer,
  Op,
  ParseAnswer,
  ShellAnswer,
} from './answers.ts';

export type * from './answers.ts';

/** A Dockerfile as bytes, or as text that the project's `decode` gave. */
export type File = Uint8Array | string;

export interface JudgeOptions {
  readonly base?: BaseName;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** One stage's name or label; without it every stage. */
  readonly target?: string;
  /** What the context's .dockerignore says, for `lint`. */
  readonly dockerignore?: File;
  /** Milliseconds after which the request is given up: 30,000 when left out. */
  readonly timeout?: number;
  /** Also list each stage's operations and image config. */
  readonly nodes?: boolean;
}

/** A running oracle. Calls may overlap: requests are pipelined. A method rejects when BuildKit panics on the file or takes too long. */
export interface Oracle {
  /** All of `ops` in one request, panics as a value. */
  judge(file: File, ops: readonly Op[], options?: JudgeOptions): Promise<Answers>;
  parse(file: File): Promise<ParseAnswer>;
  instructions(file: File): Promise<InstructionsAnswer>;
  lint(file: File, options?: JudgeOptions): Promise<LintAnswer>;
  build(file: File, options?: JudgeOptions): Promise<BuildAnswer>;
  compare(before: File, after: File, options?: Pick<JudgeOptions, 'buildArgs'>): Promise<CompareAnswer>;
  /** Offsets of the answer are UTF-16 offsets into `script`. */
  shell(script: string, lang?: 'posix' | 'bash'): Promise<ShellAnswer>;
  /** What a .dockerignore leaves out, and what a client sends of a context. */
  context(question: ContextQuestion): Promise<ContextAnswer>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const source = fileURLToPath(new URL('.', import.meta.url));

/** Requests sent and not yet answered; more wait here, so that a whole corpus can be asked at once. */
const maxInFlight = 256;

/**
 * Compiles the oracle unless this version of it has been compiled before.
 * @returns the path of the binary, in a folder under the system's temporary one that is named after its sources
 */
export async function compileOracle(): Promise<string> {
  const names = (await readdir(source)).filter((name) => name.endsWith('.go') || name.startsWith('go.')).sort();
  const digest = createHash('sha256');
  for (const name of names) digest.update(name).update(await readFile(join(source, name)));
  const folder = join(tmpdir(), `layerwise-oracle-${digest.digest('hex').slice(0, 16)}`);
  const binary = join(folder, 'oracle');
  try {
    await access(binary);
    return binary;
  } catch {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const fresh = `${binary}-${process.pid}`;
    await run('go', ['build', '-o', fresh, '.'], { cwd: source });
    await rename(fresh, binary);
    return binary;
  }
}

interface Request {
  readonly line: string;
  resolve(answer: Answers): void;
  reject(error: Error): void;
}

/**
 * Starts an oracle.
 * @param options.jobs how many requests it judges at the same time
 */
export async function spawnOracle(options: { readonly jobs?: number } = {}): Promise<Oracle> {
  const binary = await compileOracle();
  const { ask, close } = pipeline(() => spawn(binary, ['--jobs', String(options.jobs ?? 2)]));

  const judge = (file: File, ops: readonly Op[], { dockerignore, ...more }: JudgeOptions = {}) =>
    ask({
      dockerfile: base64(file),
      ops,
      ...more,
      ...(dockerignore !== undefined && { dockerignore: base64(dockerignore) }),
    });
  const one = async <K extends keyof Answers>(key: K, answers: Promise<Answers>): Promise<NonNullable<Answers[K]>> => {
    const got = await answers;
    const value = got[key];
    if (value === undefined) throw new Error(got.panic ? `BuildKit panicked: ${got.panic}` : `oracle: ${got.error}`);
    return value as NonNullable<Answers[K]>;
  };

  return {
    judge,
    parse: (file) => one('parse', judge(file, ['parse'])),
    instructions: (file) => one('instructions', judge(file, ['instructions'])),
    lint: (file, more) => one('lint', judge(file, ['lint'], more)),
    build: (file, more) => one('build', judge(file, ['build'], more)),
    compare: (before, after, more) =>
      one('compare', ask({ compare: { before: base64(before), after: base64(after) }, ...more })),
    shell: async (script, lang = 'posix') => {
      const answer = await one('shell', ask({ script: base64(script), lang }));
      return inUtf16(answer, script);
    },
    context: ({ dockerignore, paths = [], ...more }) =>
      one('context', ask({ context: { dockerignore: base64(dockerignore), paths: paths.map(base64), ...more } })),
    close,
  };
}

interface Pipeline {
  ask(request: object): Promise<Answers>;
  close(): Promise<void>;
}

/**
 * Sends requests in order and gives each the answer that comes in its turn. Work that took too long goes on within the process:
 * then another one is started, and what was sent to the first and not yet answered is asked again.
 */
function pipeline(start: () => ChildProcessWithoutNullStreams): Pipeline {
  const waiting: Request[] = [];
  const sent: Request[] = [];
  let next = 0;
  let ended: Error | undefined;
  let said = '';
  let child = open();
  const send = () => {
    while (sent.length < maxInFlight && next < waiting.length) {
      const request = waiting[next++] as Request;
      sent.push(request);
      child.stdin.write(`${request.line}\n`);
    }
    if (next === waiting.length) {
      waiting.length = 0;
      next = 0;
    }
  };
  function open(): ChildProcessWithoutNullStreams {
    const opened = start();
    const end = (error: Error) => {
      if (child !== opened) return;
      ended ??= error;
      for (const request of [...sent.splice(0), ...waiting.splice(next)]) request.reject(ended);
    };
    opened.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
    opened.stdin.on('error', end);
    opened.on('error', end);
    opened.on('close', (code) => end(new Error(`the oracle ended with ${code}: ${said}`)));
    createInterface({ input: opened.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      if (child !== opened) return;
      const answers = JSON.parse(line) as Answers;
      sent.shift()?.resolve(answers);
      if (answers.timeout) replace();
      send();
    });
    return opened;
  }
  const replace = () => {
    const old = child;
    child = open();
    old.kill('SIGKILL');
    for (const { line } of sent) child.stdin.write(`${line}\n`);
  };
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.push({ line: JSON.stringify(request), resolve, reject });
        send();
      }),
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('close', () => resolve());
        child.stdin.end();
      }),
  };
}

function base64(file: File): string {
  const bytes = typeof file === 'string' ? encode(file) : file;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Turns every byte offset of an answer into an offset of `script`. */
function inUtf16(answer: ShellAnswer, script: string): ShellAnswer {
  const bytes = encode(script);
  if (bytes.length === script.length) return answer;
  const offsets = new Uint32Array(bytes.length + 1);
  let at = 0;
  for (let i = 0; i < script.length; ) {
    const code = script.codePointAt(i) as number;
    const units = code > 0xffff ? 2 : 1;
    const length = encode(script.slice(i, i + units)).length;
    offsets.fill(i, at, at + length);
    at += length;
    i += units;
  }
  offsets[bytes.length] = script.length;
  const offset = (byte: number) => offsets[byte] as number;
  const span = <T extends { readonly s: number; readonly e: number }>(it: T): T => ({
    ...it,
    s: offset(it.s),
    e: offset(it.e),
  });
  return {
    ...answer,
    ...(answer.operators && { operators: answer.operators.map(span) }),
    ...(answer.commands && {
      commands: answer.commands.map((command) => ({
        ...command,
        pos: offset(command.pos),
        end: offset(command.end),
        assigns: command.assigns.map(([s, e]) => [offset(s), offset(e)] as const),
        words: command.words.map(span),
        redirs: command.redirs.map((redir) => ({
          ...span(redir),
          target: span(redir.target),
          ...(redir.heredoc && { heredoc: [offset(redir.heredoc[0]), offset(redir.heredoc[1])] as const }),
        })),
      })),
    }),
  };
}
