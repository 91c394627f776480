import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { listContext } from '../adapters/context.ts';
import {
  dependencyFiles,
  EngineFailed,
  editFile,
  editManifest,
  findEngine,
  layOut,
  sourceFile,
} from '../adapters/engine/index.ts';
import { diskFacts } from '../adapters/facts.ts';
import { isDirectory, nodeFiles } from '../adapters/files.ts';
import { committedFile } from '../adapters/git.ts';
import { encode } from '../core/language/text/index.ts';
import { patchOf } from '../core/reporters/diff.ts';
import { visible } from '../core/reporters/index.ts';
import { jsonProof, markdownProof, prettyProof } from '../core/reporters/proof.ts';
import { maskValues } from '../core/reporters/redact.ts';
import type { FileReport, ProofReport } from '../core/vocabulary/index.ts';
import { checkFiles, ignoreFileOf, type Linter, type ProofOrder, prove, proveFixes } from '../session/index.ts';
import { version } from './about.ts';
import { confirm as confirmOnTerminal } from './confirm.ts';
import { dockerfileOf } from './dockerfile-of.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import type { Io } from './io.ts';
import { paintFor, wantsColour } from './paint.ts';
import { paintPatch } from './paint-patch.ts';
import type { Parsed, UsageError } from './parse.ts';
import { type ProveRun, proveRun, type SecretValue } from './prove-options.ts';

const toPath = (root: string, path: string) => relative(root, path).split(sep).join('/') || '.';

interface Side {
  readonly name: string;
  readonly text: string;
}

/** `layerwise prove`. */
export async function proveVerb(
  parsed: Parsed,
  io: Io,
  linter: Linter,
  confirm: (question: string) => boolean | undefined = confirmOnTerminal,
): Promise<ExitStatus> {
  const run = proveRun(parsed);
  if ('usage' in run) return usageError(io, 'prove', run);
  const folder = resolve(io.cwd, run.context);
  if (!isDirectory(folder))
    return usageError(io, 'prove', {
      usage: `${run.context} is no directory`,
      help: 'name the one that docker build gets',
    });
  const file = dockerfileOf(io.cwd, folder, run.file);
  if (typeof file !== 'string') return usageError(io, 'prove', file);
  const sides = await sidesOf(run, io, file, folder, linter);
  if ('usage' in sides) return usageError(io, 'prove', sides);
  const { before, after } = sides;
  if (before.text === after.text) {
    const help = run.fixing === 'no' ? 'change it, or add --fix or --before FILE' : 'there is no such fix to prove';
    return usageError(io, 'prove', { usage: `${before.name} and ${after.name} are the same`, help });
  }

  const controller = new AbortController();
  const mask = maskValues(secretValues(run.secrets, io));
  const id = randomBytes(6).toString('hex');
  const { signal } = controller;
  const found = await findEngine({
    ...(run.engine === undefined ? {} : { engine: run.engine }),
    ...{ build: run.build, run: run.run, attest: run.attest, memory: run.memory },
    ...{ env: io.env, id, signal, mask },
  });
  if ('failed' in found) return usageError(io, 'prove', { usage: visible(found.failed), help: found.help });
  const { engine } = found;

  const agreed = run.yes || confirm(question(run, engine.name, before, after));
  if (agreed === undefined)
    return usageError(io, 'prove', {
      usage: 'prove executes code of the project',
      help: 'say --yes where nobody can be asked',
    });
  if (!agreed) return usageError(io, 'prove', { usage: 'nothing was built', help: 'the answer was no' });

  const interrupt = () => controller.abort(new Interrupted());
  for (const one of interruptions) process.on(one, interrupt);
  const line = statusLine(io);
  let scratch: string | undefined;
  try {
    scratch = await mkdtemp(join(tmpdir(), 'layerwise-prove-'));
    line.tell('copying the build context');
    const order = await orderOf(run, io, { file, folder, before, after, scratch, id, signal, tell: line.tell });
    if ('usage' in order) return usageError(io, 'prove', order);
    const { fixes } = sides;
    const { report, kept } = fixes
      ? await proveFixes(order, engine, { ...fixes, with: async (rules) => (await fixes.fixed(rules)).text })
      : { report: await prove(order, engine), kept: [] };
    const unproved = report.impossible !== undefined || kept.length === 0;
    const found = fixes && !unproved ? patchOf(await fixes.fixed(kept)) : undefined;
    const patch = fixes && (found?.masked ?? found?.text ?? '');
    line.clear();
    io.out.write(await told(report, run, io, patch));
    return statusOf(report);
  } catch (error) {
    line.clear();
    const fault = signal.aborted ? undefined : faultOf(error);
    if (fault !== undefined) return usageError(io, 'prove', fault);
    if (!signal.aborted) throw error;
    io.err.write('error: interrupted: what was started is removed\n');
    return exit.unable;
  } finally {
    line.tell('removing containers and images');
    const left = await engine.cleanUp();
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
    line.clear();
    for (const one of left) io.err.write(`warning: not removed: ${visible(one)}\n`);
    for (const one of interruptions) process.off(one, interrupt);
  }
}

class Interrupted extends Error {}

/** Ctrl-C, `kill`, and a terminal that is closed. */
const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What went wrong around us; undefined for a bug of ours. */
function faultOf(error: unknown): UsageError | undefined {
  if (error instanceof EngineFailed)
    return { usage: visible(error.message), help: 'there is no verdict; run it again when the engine works' };
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return undefined;
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  const help = full ? 'set TMPDIR to a folder with more room' : 'TMPDIR says where the build context is copied to';
  return { usage: visible(error.message), help };
}

function question({ memory }: ProveRun, engine: string, before: Side, after: Side): string {
  return `prove builds and runs ${visible(before.name)} and ${visible(after.name)}: this executes code of the project,
with ${visible(engine)}. Containers get no network, no privileges, one processor and ${memory} of memory, and are removed.
Go on?`;
}

/** 0 all upheld, 1 something refuted, 2 something not shown. */
function statusOf({ verdicts, leftOut = [], impossible }: ProofReport): ExitStatus {
  if (leftOut.length > 0 || verdicts.some(({ is }) => is === 'refuted')) return exit.remains;
  return impossible !== undefined || verdicts.some(({ is }) => is === 'not-shown') ? exit.unable : exit.clean;
}

async function told(report: ProofReport, { format, colour }: ProveRun, io: Io, patch?: string): Promise<string> {
  if (format === 'json') return jsonProof(report, version, patch);
  if (format === 'markdown') return markdownProof(report, patch);
  if (format === 'html') return (await import('../core/reporters/proof-html.ts')).htmlProof(report, patch);
  const paint = await paintFor(wantsColour(colour, io.env, io.out), false);
  return `${prettyProof(report, paint)}${patch ? `\n${paintPatch(patch, paint)}` : ''}`;
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
  /** When the after is what fixes make of the before. */
  readonly fixes?: {
    readonly rules: readonly string[];
    /** What the fixes of these rules alone make of it. */
    readonly fixed: (rules: readonly string[]) => Promise<FileReport>;
  };
}

async function sidesOf(
  run: ProveRun,
  io: Io,
  file: string,
  folder: string,
  linter: Linter,
): Promise<Sides | UsageError> {
  const files = nodeFiles(io.cwd);
  const name = toPath(io.cwd, file);
  const now = await files.read(name);
  if ('is' in now) return { usage: `${name} ${now.says}`, ...(now.help === undefined ? {} : { help: now.help }) };
  if (run.fixing !== 'no') {
    const adapters = { files, facts: diskFacts(io.cwd), linter };
    const options = {
      fixing: 'shown',
      unsafe: run.fixing === 'unsafe',
      context: toPath(io.cwd, folder),
      ...(run.target === undefined ? {} : { target: run.target }),
    } as const;
    // The text is handed over: what is proved is the file as it was read, whatever becomes of it meanwhile.
    const subject = { file: name, text: now.text, utf8: now.utf8 };
    const fixed = async (only?: readonly string[]) => {
      for await (const result of checkFiles([subject], adapters, { ...options, ...(only && { only }) })) return result;
      throw new Error('one file has one result');
    };
    const all = await fixed();
    if ('failure' in all) return { usage: `${name} ${all.failure.says}` };
    const rules = [...new Set((all.report.fixed?.applied ?? []).map(({ rule }) => rule))];
    return {
      before: { name, text: now.text },
      after: { name: `${name} as fixed`, text: all.report.text },
      fixes: {
        rules,
        fixed: async (only) => {
          const some = await fixed(only);
          return 'failure' in some ? all.report : some.report;
        },
      },
    };
  }
  if (run.before !== undefined) {
    const other = toPath(io.cwd, resolve(io.cwd, run.before));
    const then = await files.read(other);
    if ('is' in then)
      return { usage: `${other} ${then.says}`, ...(then.help === undefined ? {} : { help: then.help }) };
    return { before: { name: other, text: then.text }, after: { name, text: now.text } };
  }
  const committed = await committedFile(dirname(file), basename(file));
  if ('failed' in committed)
    return { usage: committed.failed, ...(committed.help === undefined ? {} : { help: committed.help }) };
  return { before: { name: `${name} of the last commit`, text: committed.text }, after: { name, text: now.text } };
}

interface Plan {
  readonly file: string;
  readonly folder: string;
  readonly before: Side;
  readonly after: Side;
  readonly scratch: string;
  readonly id: string;
  readonly signal: AbortSignal;
  readonly tell: (what: string) => void;
}

async function orderOf(
  run: ProveRun,
  io: Io,
  { file, folder, before, after, scratch, id, signal, tell }: Plan,
): Promise<ProofOrder | UsageError> {
  const ignoreFile = await ignoreFileOf(toPath(io.cwd, file), toPath(io.cwd, folder), nodeFiles(io.cwd));
  if (ignoreFile !== undefined && 'is' in ignoreFile) return { usage: `${ignoreFile.file} ${ignoreFile.says}` };
  const context = join(scratch, 'context');
  const files = await layOut(folder, context, listContext(folder), ignoreFile?.text ?? '', signal);
  const touched = run.touch === undefined ? sourceFile(files) : toPath(folder, resolve(folder, run.touch));
  if (run.touch !== undefined && !files.includes(touched ?? ''))
    return { usage: `--touch: ${run.touch} is not sent to the build`, help: `name a file below ${run.context}` };
  await mkdir(join(scratch, 'files'));
  const write = async (name: string, text: string) => {
    const path = join(scratch, 'files', name);
    await writeFile(path, encode(text));
    // BuildKit looks for the ignore file beside the Dockerfile first: the same one holds on both sides.
    await writeFile(`${path}.dockerignore`, encode(ignoreFile?.text ?? ''));
    return path;
  };
  let edits = 0;
  const again = () => {
    edits += 1;
    return editFile(join(context, touched ?? ''), `layerwise ${id}, edit ${edits}`);
  };
  return {
    before: { ...before, path: await write('before.Dockerfile', before.text) },
    after: { ...after, path: await write('after.Dockerfile', after.text) },
    context,
    write,
    sourceOnly: run.sourceOnly,
    statements: run.statements,
    dependencies: {
      files: dependencyFiles(files),
      again: (name) => {
        edits += 1;
        return editManifest(join(context, name), `layerwise ${id}, edit ${edits}`);
      },
    },
    edit: touched === undefined ? undefined : { file: touched, again },
    ...(run.target === undefined ? {} : { target: run.target }),
    fresh: run.fresh,
    canary: () => `lw${randomBytes(11).toString('hex')}`,
    route: run.route,
    timeout: run.timeout,
    tag: `layerwise-prove:${id}`,
    signal,
    tell,
  };
}

function secretValues(secrets: readonly SecretValue[], io: Io): readonly string[] {
  return secrets
    .flatMap((secret) => {
      if ('value' in secret) return secret.value;
      if ('env' in secret) return io.env[secret.env] ?? [];
      try {
        return readFileSync(resolve(io.cwd, secret.file), 'utf8').split(/\s+/);
      } catch {
        return []; // the engine says what is the matter with it
      }
    })
    .filter((value) => value.length >= shortestSecret);
}

/** Shorter values stand for too much else to be masked wherever they occur. */
const shortestSecret = 6;

/** What is being done, on a terminal only, and never on standard output. */
function statusLine({ err, env }: Io): { readonly tell: (what: string) => void; readonly clear: () => void } {
  if (!err.isTerminal || env.TERM === 'dumb') return { tell: () => undefined, clear: () => undefined };
  return {
    tell: (what) => err.write(`\r\x1b[K${visible(what)} …`),
    clear: () => err.write('\r\x1b[K'),
  };
}
