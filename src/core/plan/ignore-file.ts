import {
  amount,
  type Build,
  type ContextNeed,
  contextNeeds,
  type DiskEntry,
  dependencyInstalls,
  executedSteps,
  historyReader,
  isKnown,
  runsBuild,
  sending,
  takes,
  wantedPaths,
} from '../model/index.ts';
import type { ContextProposal, ProposedPattern } from '../vocabulary/index.ts';
import {
  decide,
  directoriesAbove,
  type IgnorePatterns,
  ignorePatterns,
  type Matches,
  parseIgnoreFile,
  type Subject,
  subjectOf,
} from '../world/context/index.ts';
import { type Candidate, gitToo, ignoreCandidates, settings } from './ignore-candidates.ts';

export interface IgnorePlanInput {
  /** Dockerfiles that are built from this context, the main one first. */
  readonly builds: readonly Build[];
  /** Dockerfiles further down: who builds them from where is not known, so what they name is spared as well. */
  readonly others: readonly Build[];
  readonly entries: readonly DiskEntry[];
  readonly ignoreFile: { readonly file: string; readonly text: string } | undefined;
  /** How a new one is called. */
  readonly newFile: string;
  /** The .gitignore files of the context, by the directory that they lie in; "" is its top. */
  readonly gitignores: readonly { readonly folder: string; readonly text: string }[];
  /** Files that were found to hold secrets. */
  readonly secrets: readonly string[];
  /** Files that git keeps; undefined outside of repositories. */
  readonly tracked: ReadonlySet<string> | undefined;
}

/** Whether whatever takes a directory of the context installs or builds on its own. */
function remakes(builds: readonly Build[], entries: readonly DiskEntry[]): boolean {
  return builds.every(
    (build) =>
      !takesDirectories(contextNeeds(build), entries) ||
      build.needed
        .flatMap(executedSteps)
        .some((step) => dependencyInstalls(step).length > 0 || step.commands.some(runsBuild)),
  );
}

function takesDirectories(needs: readonly ContextNeed[], entries: readonly DiskEntry[]): boolean {
  return needs.some(
    ({ path }) =>
      !isKnown(path) || path.value === '.' || entries.some((entry) => entry.directory && takes(path.value, entry.path)),
  );
}

/** Templates of settings are there to be read. */
const SAMPLES = /(?:^|\/)\.env\.(?:example|sample|template|dist|defaults?|test|ci|schema)$/;

/**
 * What a .dockerignore should leave out besides what it does: nothing that an instruction names is among it.
 * @returns undefined when there is nothing to add
 */
export function planIgnoreFile(input: IgnorePlanInput): ContextProposal | undefined {
  const { builds, entries, ignoreFile } = input;
  const before = ignoreFile?.text ?? '';
  const parsed = parseIgnoreFile(before);
  if ('refused' in parsed) return undefined;
  const own = builds.flatMap((build) => contextNeeds(build, build.stages));
  // Of what is taken by name, nothing else is sent.
  if (!takesDirectories(own, entries)) return undefined;
  const needs = [...own, ...input.others.flatMap((build) => contextNeeds(build, build.stages))];
  // Judged as if everything were asked for: another instruction may ask for more tomorrow.
  const now = sending(entries, undefined, before);
  let sent = entries
    .filter(({ path }) => now.fates.get(path)?.is === 'sent')
    .map((entry) => ({ ...entry, subject: subjectOf(entry.path) }));
  const kept: ProposedPattern[] = [];
  const unknown = own.find(({ path }) => !isKnown(path));
  const history = historyReader(builds);
  const anew = remakes(builds, entries);
  const copiesAll = own.some(({ path, via }) => via !== 'mount' && isKnown(path) && path.value === '.');
  const named = namedPaths(needs, entries, parsed);
  const spared = withDirectories(named);

  let chosen: Candidate[] = [];
  for (const candidate of ignoreCandidates(input, now, copiesAll)) {
    const { pattern, remade, always, folder, known } = candidate;
    if (saysAlready(parsed, pattern)) continue;
    if (pattern.startsWith('!')) {
      if (chosen.some((one) => one.folder === folder)) chosen.push(candidate);
      continue;
    }
    const matches = matcherOf(pattern);
    if (matches === undefined) continue;
    const hit = hits(matches, sent);
    if (hit.length === 0 && !(always && ignoreFile === undefined)) continue;
    const keep = (because: string) => kept.push({ pattern, because });
    const need = spared.find(([subject]) => matches(subject))?.[1];
    const ofProject = known ? undefined : partOfProject(pattern, hit, input.tracked);
    if (unknown) keep(`${unknown.text} depends on a variable`);
    else if (need) keep(`${need.via} takes ${need.text}`);
    else if (ofProject) keep(`${input.tracked ? 'git keeps' : 'it may be for tests:'} ${ofProject}`);
    else if (history !== undefined && (pattern === '**/.git' || matches(HISTORY))) {
      // The same goes for what else would leave it out: one reason is enough.
      if (kept.every(({ because }) => because !== history)) keep(history);
    } else if (remade && !anew) keep('the Dockerfile does not make it anew');
    else if (/\.npmrc$/.test(pattern) && anew) keep('an installation may read it: give it as a secret mount');
    else if (parsed.exceptions && hit.some(({ path }) => isExcepted(parsed, path)))
      keep('the file lets it in on purpose');
    else {
      chosen.push(candidate);
      const left = new Set(hit);
      sent = sent.filter((entry) => !left.has(entry));
    }
  }
  chosen = withoutNarrower(withSamples(chosen, entries), parsed);
  // An exception without a pattern before it lets nothing in.
  const firstPattern = chosen.findIndex(({ pattern }) => !pattern.startsWith('!'));
  chosen = firstPattern < 0 ? [] : chosen.slice(firstPattern);
  // What git lets in again may be what the file left out before.
  const more = sending(entries, undefined, appended(before, chosen)).fates;
  if (entries.some(({ path }) => more.get(path)?.is === 'sent' && now.fates.get(path)?.is !== 'sent')) {
    chosen = chosen.filter(({ because }) => because !== gitToo);
  }
  const text = appended(before, chosen);
  if (chosen.length === 0 || endangered(named, text)) return undefined;
  const [main] = builds;
  const wanted = main && wantedPaths(contextNeeds(main));
  const after = sending(entries, wanted, text);
  const first = sending(entries, wanted, before);
  const saved = entries.filter(
    ({ path, directory }) => !directory && first.fates.get(path)?.is === 'sent' && after.fates.get(path)?.is !== 'sent',
  );
  return {
    file: ignoreFile?.file ?? input.newFile,
    before: ignoreFile?.text ?? null,
    after: text,
    patterns: chosen.map(({ pattern, because }) => ({ pattern, because })),
    kept: kept.filter(({ pattern }) => kept.every((other) => other.pattern !== `**/${pattern}`)),
    saves: amount(saved),
  };
}

const HISTORY = subjectOf('.git');

/** A pattern for one place says nothing where the same is said for all places, unless an exception stands between them. */
function withoutNarrower(chosen: readonly Candidate[], { patterns }: IgnorePatterns): Candidate[] {
  const firstException = chosen.findIndex(({ pattern }) => pattern.startsWith('!'));
  const said = new Set([
    ...(patterns.some(({ exception }) => exception) ? [] : patterns.map(({ text }) => text)),
    ...chosen.map(({ pattern }) => pattern),
  ]);
  return chosen.filter(({ pattern }, i) => (firstException >= 0 && i > firstException) || !said.has(`**/${pattern}`));
}

/** How one pattern is matched; undefined when it is refused. */
function matcherOf(pattern: string): Matches | undefined {
  const parsed = ignorePatterns([pattern]);
  const matches = 'refused' in parsed ? undefined : parsed.patterns[0]?.matches;
  return typeof matches === 'function' ? matches : undefined;
}

/** Entries that a pattern leaves out by itself: what it matches, and what lies in there. */
function hits<E extends DiskEntry & { readonly subject: Subject }>(matches: Matches, sent: readonly E[]): readonly E[] {
  let below: string | undefined;
  return sent.filter(({ path, directory, subject }) => {
    if (below !== undefined && path.startsWith(below)) return true;
    if (!matches(subject)) return false;
    if (directory) below = `${path}/`;
    return true;
  });
}

/** Directories of what tests read. */
const TEST_DATA = /(?:^|\/)(?:tests?|__tests__|testdata|fixtures?|examples?|samples?|mocks?|spec|e2e)\//i;

/** Something that belongs to the project, so that a step may read it: what git keeps, else what lies among test data. */
function partOfProject(
  pattern: string,
  hit: readonly DiskEntry[],
  tracked: ReadonlySet<string> | undefined,
): string | undefined {
  const isSample = (path: string) => pattern === settings && SAMPLES.test(path);
  if (tracked) return hit.find(({ path }) => tracked.has(path) && !isSample(path))?.path;
  let top = '';
  return hit.find(({ path }) => {
    if (top !== '' && path.startsWith(`${top}/`)) return false;
    top = path;
    return TEST_DATA.test(path) && !isSample(path);
  })?.path;
}

function saysAlready(patterns: IgnorePatterns, pattern: string): boolean {
  const own = ignorePatterns([pattern]);
  if ('refused' in own) return true;
  const [one] = own.patterns;
  return patterns.patterns.some(({ text, exception }) => text === one?.text && exception === one?.exception);
}

function isExcepted(patterns: IgnorePatterns, path: string): boolean {
  const decision = decide(patterns, path);
  return 'by' in decision && decision.by?.exception === true;
}

/** Samples of settings stay, right behind the pattern that would leave them out. */
function withSamples(chosen: readonly Candidate[], entries: readonly DiskEntry[]): Candidate[] {
  const names = new Set(
    entries.filter(({ path }) => SAMPLES.test(path)).map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
  );
  return chosen.flatMap((candidate) =>
    candidate.pattern === settings
      ? [candidate, ...[...names].sort().map((name) => ({ ...candidate, pattern: `!**/${name}` }))]
      : [candidate],
  );
}

interface NamedPaths {
  readonly need: ContextNeed;
  readonly paths: readonly string[];
}

/**
 * What instructions name and find today. Of a directory that one takes, what lies deeper is not named; the name itself is, because
 * what is not there yet will be there when it is built.
 */
function namedPaths(
  needs: readonly ContextNeed[],
  entries: readonly DiskEntry[],
  before: IgnorePatterns,
): readonly NamedPaths[] {
  const byDepth = new Map<number, string[]>();
  for (const { path } of entries) {
    const depth = path.split('/').length;
    const list = byDepth.get(depth);
    if (list) list.push(path);
    else byDepth.set(depth, [path]);
  }
  return needs.flatMap((need) => {
    const { path } = need;
    if (!isKnown(path) || path.value === '.') return [];
    const same = byDepth.get(path.value.split('/').length) ?? [];
    const paths = [path.value, ...same.filter((one) => takes(path.value, one))];
    return [{ need, paths: paths.filter((one) => !isIgnored(before, one)) }];
  });
}

/** The paths and the directories above them, each with an instruction that needs it. */
function withDirectories(named: readonly NamedPaths[]): readonly (readonly [Subject, ContextNeed])[] {
  const found = new Map<string, ContextNeed>();
  for (const { need, paths } of named) {
    for (const path of paths)
      for (const one of [path, ...directoriesAbove(path)]) if (!found.has(one)) found.set(one, need);
  }
  return [...found].map(([path, need]) => [subjectOf(path), need]);
}

function isIgnored(patterns: IgnorePatterns, path: string): boolean {
  const decision = decide(patterns, path);
  return 'broken' in decision || decision.ignored;
}

/** An instruction that would no longer find what it names. */
function endangered(named: readonly NamedPaths[], text: string): ContextNeed | undefined {
  const patterns = parseIgnoreFile(text);
  if ('refused' in patterns) return named[0]?.need;
  return named.find(({ paths }) => paths.some((path) => isIgnored(patterns, path)))?.need;
}

/** The text with the patterns behind it, under what they are for. */
function appended(before: string, chosen: readonly Candidate[]): string {
  const eol = /\r\n/.test(before) ? '\r\n' : '\n';
  const start = before === '' || before.endsWith('\n') ? before : `${before}${eol}`;
  let said = '';
  const lines: string[] = [];
  for (const { pattern, because } of chosen) {
    if (because !== said) {
      if (lines.length > 0 || start !== '') lines.push('');
      lines.push(`# ${because}`);
      said = because;
    }
    lines.push(pattern);
  }
  return `${start}${lines.map((line) => `${line}${eol}`).join('')}`;
}
