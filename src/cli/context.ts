import { statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { listContext, readSmall } from '../adapters/context.ts';
import { discover } from '../adapters/discover.ts';
import { nodeFiles } from '../adapters/files.ts';
import { trackedFiles } from '../adapters/git.ts';
import { surveyContext } from '../core/evidence/index.ts';
import { parse } from '../core/language/syntax/index.ts';
import { type Build, buildModel } from '../core/model/index.ts';
import { planIgnoreFile } from '../core/plan/index.ts';
import { jsonContext, prettyContext, proposalLine } from '../core/reporters/context.ts';
import { created, unified } from '../core/reporters/diff.ts';
import { visible } from '../core/reporters/index.ts';
import type { ContextProposal } from '../core/vocabulary/index.ts';
import { version } from './about.ts';
import { dockerfileOf, ignoreFileOf } from './dockerfile-of.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import type { Io } from './io.ts';
import { paintFor, wantsColour } from './paint.ts';
import { paintPatch } from './paint-patch.ts';
import type { Parsed } from './parse.ts';

const toPath = (root: string, path: string) => relative(root, path).split(sep).join('/');

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** `layerwise context`. */
export async function context({ values, operands }: Parsed, io: Io): Promise<ExitStatus> {
  const [operand = '.', ...more] = operands;
  if (more.length > 0) return usageError(io, 'context', { usage: 'context takes one directory' });
  if (values.write && values.check)
    return usageError(io, 'context', { usage: '--check writes nothing', help: 'leave --write or --check out' });
  const folder = resolve(io.cwd, operand);
  if (!isDirectory(folder)) {
    return usageError(io, 'context', {
      usage: `${operand} is no directory`,
      help: 'name the one that docker build gets',
    });
  }
  const file = dockerfileOf(io.cwd, folder, values.file);
  if (typeof file !== 'string') return usageError(io, 'context', file);
  const files = nodeFiles(io.cwd);
  const named = toPath(io.cwd, file);
  const dockerfile = await files.read(named);
  if ('is' in dockerfile) return unable(io, named, dockerfile);

  const target = typeof values.target === 'string' ? { target: values.target } : {};
  const build = buildModel(parse(dockerfile.text), { file: named, ...target });
  const ignoreFile = await ignoreFileOf(io.cwd, file, folder, files.read);
  if (ignoreFile && 'is' in ignoreFile) return unable(io, ignoreFile.file, ignoreFile);
  const entries = listContext(folder);
  const bytes = new Map(entries.map((entry) => [entry.path, entry.bytes]));
  const survey = surveyContext({
    context: operand,
    dockerfile: named,
    build,
    entries,
    ignoreFile,
    read: (path) => readSmall(folder, { path, bytes: bytes.get(path) ?? 0 }),
  });
  const gitignores = entries.flatMap(({ path, bytes: length }) => {
    if (!/(?:^|\/)\.gitignore$/.test(path) || /(?:^|\/)(?:node_modules|vendor|\.venv|venv)\//.test(path)) return [];
    const text = readSmall(folder, { path, bytes: length });
    return text === undefined ? [] : [{ folder: dirname(path) === '.' ? '' : dirname(path), text }];
  });
  const proposal = planIgnoreFile({
    ...(await otherBuilds(io.cwd, folder, file, build)),
    entries,
    ignoreFile,
    newFile: toPath(io.cwd, join(folder, '.dockerignore')),
    gitignores,
    tracked: await trackedFiles(folder),
    secrets: survey.secrets.filter(({ doubtful }) => !doubtful).map(({ path }) => path),
  });

  const paint = await paintFor(wantsColour(text(values.color), io.env, io.out), false);
  io.out.write(values.format === 'json' ? jsonContext(survey, proposal, version) : prettyContext(survey, paint));
  if (proposal === undefined) return values.check && survey.failure !== undefined ? exit.remains : exit.clean;
  if (values.write) return write(io, proposal);
  if (values.format !== 'json') {
    const patch =
      proposal.before === null
        ? created(proposal.file, proposal.after)
        : unified(proposal.file, proposal.before, proposal.after);
    io.out.write(
      `\n${proposalLine(proposal, false)}${values.check ? '' : ' (--write does it)'}\n${paintPatch(patch, paint)}`,
    );
    for (const { pattern, because } of proposal.kept)
      io.out.write(`not proposed: ${visible(pattern)}: ${visible(because)}\n`);
  }
  return values.check ? exit.remains : exit.clean;
}

const text = (value: string | true | undefined) => (typeof value === 'string' ? value : undefined);

function unable(io: Io, file: string, { says, help }: { readonly says: string; readonly help?: string }): ExitStatus {
  io.err.write(`error: ${visible(file)} ${says}${help === undefined ? '' : `: ${help}`}\n`);
  return exit.unable;
}

/** The other Dockerfiles of the project: what they take must not be left out either. */
async function otherBuilds(cwd: string, folder: string, main: string, build: Build) {
  const { files } = await discover(cwd, [toPath(cwd, folder) || '.']);
  const builds: Build[] = [build];
  const others: Build[] = [];
  for (const file of files) {
    const path = resolve(cwd, file);
    if (path === main) continue;
    const reading = await nodeFiles(cwd).read(file);
    if ('is' in reading) continue;
    (dirname(path) === folder ? builds : others).push(buildModel(parse(reading.text), { file }));
  }
  return { builds, others };
}

async function write(io: Io, proposal: ContextProposal): Promise<ExitStatus> {
  const { file, before, after } = proposal;
  const failure = await nodeFiles(io.cwd).replace([{ file, was: before, text: after }]);
  if (failure) return unable(io, failure.file, failure);
  io.err.write(`${proposalLine(proposal, true)}\n`);
  return exit.clean;
}
