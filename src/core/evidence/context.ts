import { lineMap, position } from '../language/text/index.ts';
import {
  amount,
  type Build,
  type ContextNeed,
  contextNeeds,
  type DiskEntry,
  isKnown,
  namesByDirectory,
  nothing,
  sending,
  takes,
  wantedPaths,
} from '../model/index.ts';
import type { Amount, ContextSecret, ContextSurvey, ContextTaking } from '../vocabulary/index.ts';
import { artefact, type Fate } from '../world/context/index.ts';
import { known } from '../world/images/index.ts';
import { type ScannerFinding, secretsInFile } from '../world/secrets/index.ts';
import { excluded, nameIn } from './replay/index.ts';

export interface ContextInput {
  readonly context: string;
  readonly dockerfile: string;
  readonly build: Build;
  /** In the order of a walk. */
  readonly entries: readonly DiskEntry[];
  readonly ignoreFile: { readonly file: string; readonly text: string } | undefined;
  /** What instructions take of it; default: what they take of the context that has no name. */
  readonly needs?: readonly ContextNeed[];
  /** Names of contexts that are told on their own. */
  readonly named?: readonly string[];
  /** Text of a small file; undefined for others. Asked of files that are sent only. */
  readonly read: (path: string) => string | undefined;
  /** What a secret scanner finds in the text of such a file. */
  readonly scan?: (path: string, text: string) => readonly ScannerFinding[];
}

/** How many of the largest files are told. */
const mostLargest = 10;

/** What a build context holds, what is sent of it and what for. */
export function surveyContext(input: ContextInput): ContextSurvey {
  const { build, entries } = input;
  const needs = input.needs ?? contextNeeds(build);
  const text = input.ignoreFile?.text ?? '';
  const { fates: sentOrNot, patterns, failure } = sending(entries, wantedPaths(needs), text);
  // What nobody asks for is never tried on the patterns: yet a pattern that names it has its say, for whoever reads of it.
  const ignored = sending(entries, undefined, text).fates;
  const fates = new Map(
    [...sentOrNot].map(([path, fate]) => {
      const otherwise = fate.is === 'not-wanted' ? ignored.get(path) : undefined;
      return [path, otherwise?.is === 'ignored' ? otherwise : fate] as const;
    }),
  );
  const is = (path: string) => fates.get(path)?.is;
  const files = entries.filter(({ directory }) => !directory);
  const sent = files.filter(({ path }) => is(path) === 'sent');
  const taking = takings(build, needs, entries, fates);
  return {
    context: input.context,
    dockerfile: input.dockerfile,
    ignoreFile: input.ignoreFile?.file ?? null,
    onDisk: amount(files),
    ignored: amount(files.filter(({ path }) => is(path) === 'ignored')),
    notWanted: amount(files.filter(({ path }) => is(path) === 'not-wanted')),
    sent: amount(sent),
    largest: sent
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, mostLargest)
      .map(({ path, bytes }) => ({ path, bytes })),
    patterns: patterns.patterns.map((pattern) => {
      const by = (path: string) => {
        const fate = fates.get(path);
        return fate?.is === 'ignored' && fate.by.line === pattern.line;
      };
      const { text, exception, line } = pattern;
      return { line, text: exception ? `!${text}` : text, ...amount(files.filter(({ path }) => by(path))) };
    }),
    needs: taking,
    secrets: secretsIn(sent, needs, input),
    artefacts: artefactsIn(entries, fates),
    notes: [...notesOn(entries, fates), ...(input.needs === undefined ? otherContexts(build, input.named ?? []) : [])],
    ...failureOf(failure, entries, fates),
  };
}

function failureOf(
  failure: string | undefined,
  entries: readonly DiskEntry[],
  fates: ReadonlyMap<string, Fate>,
): Pick<ContextSurvey, 'failure'> {
  if (failure !== undefined) return { failure };
  const misnamed = entries.find((entry) => entry.misnamed && fates.get(entry.path)?.is === 'sent');
  return misnamed === undefined ? {} : { failure: `the name ${misnamed.path} is not UTF-8` };
}

const LINK = '120000';

const linksOf = (entries: readonly DiskEntry[]) =>
  new Map(entries.flatMap(({ path, link }) => (link === undefined ? [] : [[path, link] as const])));

function lineOf(build: Build, { span }: ContextNeed): number {
  return position(lineMap(build.dockerfile.text), span[0]).line;
}

function takings(
  build: Build,
  needs: readonly ContextNeed[],
  entries: readonly DiskEntry[],
  fates: ReadonlyMap<string, Fate>,
): readonly ContextTaking[] {
  const isSent = (path: string) => fates.get(path)?.is === 'sent';
  const links = linksOf(entries);
  return needs.map((need): ContextTaking => {
    const { path, via, text } = need;
    const told = { line: lineOf(build, need), instruction: via, text } as const;
    if (!isKnown(path)) return { ...told, ...nothing, problem: 'unknown' };
    const source = path.value;
    const taken = (exclude: readonly string[]) => {
      const nameOf = nameIn({ source, exclude }, links);
      return entries.filter(
        (entry) => nameOf(entry.path, { mode: entry.link === undefined ? '' : LINK, id: '' }) !== undefined,
      );
    };
    const all = taken([]);
    const sent = all.filter((entry) => isSent(entry.path));
    const sum = amount(sent.filter(({ directory }) => !directory));
    if (sent.length > 0 || source === '.')
      return {
        ...told,
        ...sum,
        ...keptOut(sum, excluded(need.step), (exclude) =>
          amount(taken(exclude).filter((one) => !one.directory && isSent(one.path))),
        ),
      };
    const above = via === 'mount' ? undefined : directoryOfWildcard(source);
    if (above === undefined) return { ...told, ...sum, problem: all.length > 0 ? 'ignored' : 'missing' };
    if (above === '' || isSent(above)) return { ...told, ...sum, problem: 'nothing' };
    return { ...told, ...sum, problem: fates.has(above) ? 'nowhere' : 'missing' };
  });
}

function keptOut(
  { files, bytes }: Amount,
  exclude: readonly string[],
  taken: (exclude: readonly string[]) => Amount,
): { readonly excluded?: Amount } {
  if (exclude.length === 0) return {};
  const rest = taken(exclude);
  return rest.files === files ? {} : { excluded: { files: files - rest.files, bytes: bytes - rest.bytes } };
}

/**
 * The directory that a wildcard is looked for in: BuildKit fails where it is not sent, and lets a wildcard match nothing elsewhere.
 * @returns undefined when there is no wildcard
 */
function directoryOfWildcard(source: string): string | undefined {
  const parts = source.split('/');
  const first = parts.findIndex((part) => /[*?[\\]/.test(part));
  return first < 0 ? undefined : parts.slice(0, first).join('/');
}

/** Keys and settings that are there to be read: of tests and documentation. */
const TEST_DATA =
  /(?:^|\/)\.?(?:tests?|__tests__|testdata|fixtures?|examples?|samples?|mocks?|docs?|spec|e2e)\/|[._-](?:tests?|spec)[._-][^/]*$/i;

function secretsIn(
  sent: readonly DiskEntry[],
  needs: readonly ContextNeed[],
  { build, read, scan }: ContextInput,
): readonly ContextSecret[] {
  const taken = (path: string) => {
    const need = needs.find((one) => isKnown(one.path) && takes(one.path.value, path));
    return need === undefined || need.via === 'mount' ? null : lineOf(build, need);
  };
  return sent.flatMap(({ path, link }): ContextSecret[] => {
    if (link !== undefined || /(?:^|\/)(?:node_modules|\.git)\//.test(path)) return [];
    if (TEST_DATA.test(path)) return [];
    const secrets = secretsInFile(
      path,
      () => read(path),
      (text) => scan?.(path, text) ?? [],
    );
    return secrets.map((secret) => ({ path, ...secret, copiedAt: taken(path) }));
  });
}

function artefactsIn(entries: readonly DiskEntry[], fates: ReadonlyMap<string, Fate>): ContextSurvey['artefacts'] {
  const names = namesByDirectory(entries);
  const found: { path: string; says: string; files: DiskEntry[] }[] = [];
  for (const entry of entries) {
    const { path, directory } = entry;
    const last = found.at(-1);
    if (fates.get(path)?.is !== 'sent') continue;
    if (last && path.startsWith(`${last.path}/`)) {
      if (!directory) last.files.push(entry);
    } else if (directory) {
      const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      const is = artefact(path, names.get(above) ?? [], names.get(path) ?? []);
      if (is) found.push({ path, says: is.says, files: [] });
    }
  }
  return found.map(({ path, says, files }) => ({ path, says, ...amount(files) })).filter(({ files }) => files > 0);
}

/** What `--from` names, is no stage, and is not known as an image: perhaps a directory that the build is given besides. */
function otherContexts(build: Build, told: readonly string[]): ContextSurvey['notes'] {
  const lines = lineMap(build.dockerfile.text);
  const found = new Map<string, { readonly path: string; readonly says: string }>();
  for (const { from } of build.needed.flatMap(({ sources }) => sources)) {
    if (from === undefined || !('kind' in from) || !isKnown(from.image)) continue;
    const { text } = from.image.value;
    if (/[/:@.]/.test(text) || told.includes(text) || isKnown(known(from.image.value).user)) continue;
    const { line } = position(lines, from.span[0]);
    const says = `is an image or a named context (line ${line}): --build-context ${text}=DIR tells what is sent of it`;
    if (!found.has(text)) found.set(text, { path: text, says });
  }
  return [...found.values()];
}

function notesOn(entries: readonly DiskEntry[], fates: ReadonlyMap<string, Fate>): ContextSurvey['notes'] {
  return entries.flatMap(({ path, directory, link, unreadable, special, misnamed }) => {
    const sent = fates.get(path)?.is === 'sent';
    if (misnamed)
      return [
        { path, says: `has a name that is not UTF-8${sent ? ': a build fails on it unless it is left out' : ''}` },
      ];
    if (unreadable && sent) return [{ path, says: 'cannot be read: a build fails on it unless it is left out' }];
    if (unreadable) return [{ path, says: 'cannot be read; it is not sent' }];
    if (special && sent) return [{ path, says: 'is no regular file' }];
    if (!directory && /(?:^|\/)\.git$/.test(path) && path !== '.git')
      return [
        {
          path: path.slice(0, -'/.git'.length),
          says: 'is a submodule: its history lies elsewhere, and git finds none in the image',
        },
      ];
    if (link === undefined || !sent) return [];
    if (link.startsWith('/')) return [{ path, says: 'is a symbolic link to an absolute path: the image has its own' }];
    const depth = path.split('/').length - 1;
    const leaves = link
      .split('/')
      .reduce(
        (level, part) => (level < 0 ? level : level + (part === '..' ? -1 : part === '.' || part === '' ? 0 : 1)),
        depth,
      );
    return leaves < 0 ? [{ path, says: 'is a symbolic link out of the context: what it leads to is not sent' }] : [];
  });
}
