import { surveyContext } from '../core/evidence/index.ts';
import { parse } from '../core/language/syntax/index.ts';
import { type Build, buildModel, type DiskEntry, namedContextNeeds } from '../core/model/index.ts';
import { planIgnoreFile } from '../core/plan/index.ts';
import type { ContextProposal, ContextSurvey, Failure, Path } from '../core/vocabulary/index.ts';
import type { ScannerFinding } from '../core/world/secrets/index.ts';
import type { Awaitable, Files } from './adapters.ts';

/** What a look at a build context needs of the disk. Directories are relative to the project root. */
export interface ContextDisk {
  /** Everything below a directory, in the order of a walk. */
  list(folder: Path): readonly DiskEntry[];
  /** Text of a small file below a directory; undefined for others. */
  readSmall(folder: Path, entry: Pick<DiskEntry, 'path' | 'bytes'>): string | undefined;
  /** Files below a directory that git keeps, relative to it; undefined outside of repositories. */
  tracked(folder: Path): Awaitable<ReadonlySet<string> | undefined>;
  /** Dockerfiles in and below a directory. */
  dockerfiles(folder: Path): Awaitable<readonly Path[]>;
}

/** What a maintained scanner finds in a text. */
export type SecretScanner = (path: Path, text: string) => readonly ScannerFinding[];

export interface ContextOrder {
  /** As the user called it. */
  readonly called: string;
  readonly context: Path;
  readonly dockerfile: { readonly file: Path; readonly text: string };
  readonly target?: string;
  /** Directories that `--build-context` names. */
  readonly named?: readonly { readonly name: string; readonly called: string; readonly folder: Path }[];
}

export interface ContextLook {
  readonly survey: ContextSurvey;
  /** What its ignore file should say besides; undefined when there is nothing to add. */
  readonly proposal: ContextProposal | undefined;
}

/** What a build context holds, what is sent of it, and what should not be. */
export async function lookAtContext(
  { called, context, dockerfile, target, named = [] }: ContextOrder,
  files: Files,
  disk: ContextDisk,
  scan: SecretScanner,
): Promise<ContextLook | Failure> {
  const build = buildModel(parse(dockerfile.text), {
    file: dockerfile.file,
    ...(target === undefined ? {} : { target }),
  });
  if (target !== undefined && !hasStage(build, target))
    return { file: dockerfile.file, is: 'failed', says: `has no stage ${target}` };
  const ignoreFile = await ignoreFileOf(dockerfile.file, context, files);
  if (ignoreFile && 'is' in ignoreFile) return ignoreFile;
  const entries = disk.list(context);
  const looked = (folder: Path, all: readonly DiskEntry[]) => {
    const bytes = new Map(all.map((entry) => [entry.path, entry.bytes]));
    return {
      dockerfile: dockerfile.file,
      build,
      entries: all,
      read: (path: string) => disk.readSmall(folder, { path, bytes: bytes.get(path) ?? 0 }),
      scan,
    };
  };
  const names = named.map(({ name }) => name);
  const survey = surveyContext({ context: called, ignoreFile, named: names, ...looked(context, entries) });
  const others: (ContextSurvey & { readonly name: string })[] = [];
  for (const one of named) {
    if (build.stages.some(({ name }) => name === one.name.toLowerCase()))
      return {
        file: dockerfile.file,
        is: 'failed',
        says: `has a stage ${one.name}: a context in its place is not looked at`,
      };
    // Of a named context only its own file counts.
    const ignores = await firstOf([inside(one.folder, '.dockerignore')], files);
    if (ignores && 'is' in ignores) return ignores;
    const needs = namedContextNeeds(build, one.name);
    const all = disk.list(one.folder);
    others.push({
      name: one.name,
      ...surveyContext({ context: one.called, ignoreFile: ignores, needs, ...looked(one.folder, all) }),
    });
  }
  const proposal = planIgnoreFile({
    ...(await otherBuilds(dockerfile.file, context, build, files, disk)),
    entries,
    ignoreFile,
    newFile: inside(context, '.dockerignore'),
    gitignores: gitignoresOf(context, entries, disk),
    tracked: await disk.tracked(context),
    secrets: survey.secrets.filter(({ doubtful }) => !doubtful).map(({ path }) => path),
  });
  return { survey: others.length === 0 ? survey : { ...survey, named: others }, proposal };
}

function hasStage({ stages }: Build, target: string): boolean {
  const isNumber = /^\d+$/.test(target) && Number(target) < stages.length;
  return isNumber || stages.some(({ name }) => name === target.toLowerCase());
}

const isRoot = (folder: Path) => folder === '' || folder === '.';
const inside = (folder: Path, path: string): Path => (isRoot(folder) ? path : `${folder}/${path}`);

function folderOf(path: Path): Path {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** An ignore file as it is written. */
export interface IgnoreFileText {
  readonly file: Path;
  readonly text: string;
}

/** BuildKit takes the file beside the Dockerfile before the context's own. */
export async function ignoreFileOf(
  dockerfile: Path,
  context: Path,
  files: Pick<Files, 'read'>,
): Promise<IgnoreFileText | Failure | undefined> {
  return firstOf([`${dockerfile}.dockerignore`, inside(context, '.dockerignore')], files);
}

async function firstOf(
  paths: readonly Path[],
  files: Pick<Files, 'read'>,
): Promise<IgnoreFileText | Failure | undefined> {
  for (const file of paths) {
    const reading = await files.read(file);
    if (!('is' in reading)) return { file, text: reading.text };
    if (reading.says === 'does not exist' || reading.says === 'is a directory') continue;
    return reading;
  }
  return undefined;
}

/** In there lies what others ignore. */
const FOREIGN = /(?:^|\/)(?:node_modules|vendor|\.venv|venv)\//;

function gitignoresOf(context: Path, entries: readonly DiskEntry[], disk: ContextDisk) {
  return entries.flatMap((entry) => {
    if (!/(?:^|\/)\.gitignore$/.test(entry.path) || FOREIGN.test(entry.path)) return [];
    const text = disk.readSmall(context, entry);
    return text === undefined ? [] : [{ folder: folderOf(entry.path), text }];
  });
}

/** The other Dockerfiles of the project: what they take must not be left out either. */
async function otherBuilds(main: Path, context: Path, build: Build, files: Files, disk: ContextDisk) {
  const builds: Build[] = [build];
  const others: Build[] = [];
  for (const file of await disk.dockerfiles(context)) {
    if (file === main) continue;
    const reading = await files.read(file);
    if ('is' in reading) continue;
    const beside = folderOf(file) === (isRoot(context) ? '' : context);
    (beside ? builds : others).push(buildModel(parse(reading.text), { file }));
  }
  return { builds, others };
}
