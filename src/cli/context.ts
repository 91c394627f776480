import { relative, resolve, sep } from 'node:path';
import { contextDisk } from '../adapters/context.ts';
import { isDirectory, nodeFiles } from '../adapters/files.ts';
import { jsonContext, nothingLine, prettyContext, proposalLine } from '../core/reporters/context.ts';
import { created, unified } from '../core/reporters/diff.ts';
import { visible } from '../core/reporters/index.ts';
import type { ContextProposal } from '../core/vocabulary/index.ts';
import { type ContextOrder, lookAtContext } from '../session/index.ts';
import { version } from './about.ts';
import { dockerfileOf } from './dockerfile-of.ts';
import { type ExitStatus, exit, usageError } from './exit.ts';
import type { Io } from './io.ts';
import { paintFor, wantsColour } from './paint.ts';
import { paintPatch } from './paint-patch.ts';
import type { Parsed, UsageError } from './parse.ts';

const toPath = (root: string, path: string) => relative(root, path).split(sep).join('/');

/** `layerwise context`. */
export async function context({ values, operands, lists = {} }: Parsed, io: Io): Promise<ExitStatus> {
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

  const contexts = namedContexts(lists['build-context'] ?? [], io.cwd);
  if ('usage' in contexts) return usageError(io, 'context', contexts);

  const looked = await lookAtContext(
    {
      called: operand,
      context: toPath(io.cwd, folder),
      dockerfile: { file: named, text: dockerfile.text },
      ...(typeof values.target === 'string' ? { target: values.target } : {}),
      named: contexts,
    },
    files,
    contextDisk(io.cwd),
    (await import('../adapters/secretlint.ts')).scanForSecrets,
  );
  if ('is' in looked) return unable(io, looked.file, looked);
  const { survey, proposal } = looked;

  const paint = await paintFor(wantsColour(text(values.color), io.env, io.out), false);
  io.out.write(values.format === 'json' ? jsonContext(survey, proposal, version) : prettyContext(survey, paint));
  if (proposal === undefined) {
    if (values.format !== 'json') io.out.write(`\n${nothingLine(survey)}\n`);
    return values.check && survey.failure !== undefined ? exit.remains : exit.clean;
  }
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

/** Directories among what `--build-context` names; of images and addresses nothing is sent from here. */
function namedContexts(given: readonly string[], cwd: string): NonNullable<ContextOrder['named']> | UsageError {
  const found: { name: string; called: string; folder: string }[] = [];
  for (const one of given) {
    const equals = one.indexOf('=');
    const [name, called] = [one.slice(0, Math.max(0, equals)), one.slice(equals + 1)];
    if (name === '' || called === '') return { usage: `--build-context cannot be ${one}`, help: 'say NAME=DIR' };
    if (/^(?:[a-z][a-z0-9+.-]*:\/\/|oci-layout:|git@)/.test(called)) continue;
    const folder = resolve(cwd, called);
    if (!isDirectory(folder)) return { usage: `${called} is no directory`, help: `${name} names one` };
    found.push({ name, called, folder: toPath(cwd, folder) });
  }
  return found;
}

const text = (value: string | true | undefined) => (typeof value === 'string' ? value : undefined);

function unable(io: Io, file: string, { says, help }: { readonly says: string; readonly help?: string }): ExitStatus {
  io.err.write(`error: ${visible(file)} ${says}${help === undefined ? '' : `: ${help}`}\n`);
  return exit.unable;
}

async function write(io: Io, proposal: ContextProposal): Promise<ExitStatus> {
  const { file, before, after } = proposal;
  const failure = await nodeFiles(io.cwd).replace([{ file, was: before, text: after }]);
  if (failure) return unable(io, failure.file, failure);
  io.err.write(`${proposalLine(proposal, true)}\n`);
  return exit.clean;
}
