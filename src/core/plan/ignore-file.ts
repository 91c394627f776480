import {
  amount,
  type Build,
  type ContextNeed,
  contextNeeds,
  type DiskEntry,
  dependencyInstalls,
  executedSteps,
  isKnown,
  namesByDirectory,
  runsBuild,
  type Sending,
  sending,
  takes,
  wantedPaths,
} from '../model/index.ts';
import type { ContextProposal, ProposedPattern } from '../vocabulary/index.ts';
import {
  artefact,
  decide,
  type IgnorePatterns,
  ignorePatterns,
  parseIgnoreFile,
  remembered,
  translateGitignore,
} from '../world/context/index.ts';
import { secretFile } from '../world/secrets/index.ts';

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
}

interface Candidate extends ProposedPattern {
  /** The image may be for what it names, unless the Dockerfile makes it anew. */
  readonly remade: boolean;
  /** Found by itself: its lack of effect is no reason to leave it out. */
  readonly always: boolean;
}

/** Programs that may read the history: git itself, and those that run what a project says. */
const READS_HISTORY =
  /^(?:git|make|gmake|just|task|goreleaser|lerna|nx|semantic-release|setuptools_scm|versioneer|hatch|mage|bazel)$/;

/** Where each program of the build is called; opaque scripts count as any program. */
function mayReadHistory(builds: readonly Build[]): string | undefined {
  for (const step of builds.flatMap(({ needed }) => needed).flatMap(executedSteps)) {
    for (const { command, invocation } of step.commands) {
      const program = (invocation?.program ?? command.program ?? '').replace(/^.*\//, '');
      if (READS_HISTORY.test(program)) return `${program} may read it`;
      if (
        /^go$/.test(program) &&
        /^(?:build|install)$/.test(invocation?.subcommand ?? command.args[0]?.unquoted ?? '')
      ) {
        return 'go writes the commit into the program';
      }
      if (/\.sh$|^\.\//.test(command.program ?? '')) return 'a script of the project may read it';
    }
  }
  return undefined;
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

function candidates(input: IgnorePlanInput, now: Sending): readonly Candidate[] {
  const { entries, gitignores } = input;
  const found: Candidate[] = [];
  const add = (pattern: string, because: string, remade = false, always = false) => {
    if (!found.some((one) => one.pattern === pattern)) found.push({ pattern, because, remade, always });
  };
  const names = namesByDirectory(entries);
  const top = new Set(names.get('') ?? []);
  for (const { path, directory } of entries) {
    if (!directory || now.fates.get(path)?.is === 'ignored') continue;
    const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    const is = artefact(path, names.get(above) ?? [], names.get(path) ?? []);
    if (is) add(is.pattern, is.says, is.remade);
  }
  // What the first installation on this machine will make.
  if (top.has('package.json')) add('**/node_modules', 'packages installed on this machine', true, true);
  if (['pyproject.toml', 'requirements.txt', 'setup.py'].some((name) => top.has(name))) {
    add('**/__pycache__', 'caches of Python on this machine', false, true);
    add('**/*.py[cod]', 'caches of Python on this machine', false, true);
  }
  add('**/.git', 'the history of the project', false, true);
  add('**/.DS_Store', 'of the file manager', false, false);
  add('**/.env', 'settings that are usually secrets', false, true);
  add('**/.env.*', 'settings that are usually secrets', false, true);
  for (const path of input.secrets) add(literal(path), secretFile(path)?.holds ?? 'secrets');
  for (const { folder, text } of gitignores) {
    for (const { pattern, directories } of translateGitignore(text, folder) ?? []) {
      const isFile = directories && takesFile(pattern, entries);
      if (!isFile) add(pattern, gitToo, true, true);
    }
  }
  for (const name of [...top, '.dockerignore']) {
    const isOurs = /^(?:Dockerfile|Containerfile)(?:\.|$)|^\.dockerignore$/.test(name);
    // The file itself too, which may be about to be made.
    if (isOurs) add(name, 'a change in it changes no image', false, name === '.dockerignore');
  }
  return found;
}

const gitToo = 'git ignores it too';

const literal = (path: string) => path.replace(/[*?[\]\\]/g, '\\$&').replace(/^[#!]/, '\\$&');

/** A pattern that git means for directories would take a file. */
function takesFile(pattern: string, entries: readonly DiskEntry[]): boolean {
  const parsed = ignorePatterns([pattern.replace(/^!/, '')]);
  const matches = 'refused' in parsed ? undefined : parsed.patterns[0]?.matches;
  return (
    typeof matches !== 'function' || entries.some(({ path, directory }) => !directory && matches(remembered(path)))
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
  let sent = entries.filter(({ path }) => now.fates.get(path)?.is === 'sent');
  const kept: ProposedPattern[] = [];
  const unknown = own.find(({ path }) => !isKnown(path));
  const history = mayReadHistory(builds);
  const anew = remakes(builds, entries);

  let chosen: Candidate[] = [];
  for (const candidate of candidates(input, now)) {
    const { pattern, remade, always } = candidate;
    if (saysAlready(before, pattern)) continue;
    if (pattern.startsWith('!')) {
      chosen.push(candidate);
      continue;
    }
    const hit = hits(pattern, sent);
    if (hit.length === 0 && !(always && ignoreFile === undefined)) continue;
    const keep = (because: string) => kept.push({ pattern, because });
    const need = endangered(needs, entries, before, [candidate]);
    if (unknown) keep(`${unknown.text} depends on a variable`);
    else if (need) keep(`${need.via} takes ${need.text}`);
    else if (pattern === '**/.git' && history !== undefined) keep(history);
    else if (remade && !anew) keep('the Dockerfile does not make it anew');
    else if (parsed.exceptions && hit.some(({ path }) => isExcepted(parsed, path)))
      keep('the file lets it in on purpose');
    else if (/\.npmrc$/.test(pattern) && anew) keep('an installation may read it: give it as a secret mount');
    else {
      chosen.push(candidate);
      const left = new Set(hit);
      sent = sent.filter((entry) => !left.has(entry));
    }
  }
  chosen = withSamples(chosen, entries);
  // An exception without a pattern before it lets nothing in.
  const firstPattern = chosen.findIndex(({ pattern }) => !pattern.startsWith('!'));
  chosen = firstPattern < 0 ? [] : chosen.slice(firstPattern);
  // What git lets in again may be what the file left out before.
  const more = sending(entries, undefined, appended(before, chosen)).fates;
  if (entries.some(({ path }) => more.get(path)?.is === 'sent' && now.fates.get(path)?.is !== 'sent')) {
    chosen = chosen.filter(({ because }) => because !== gitToo);
  }
  if (chosen.length === 0 || endangered(needs, entries, before, chosen)) return undefined;
  const text = appended(before, chosen);
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
    kept,
    saves: amount(saved),
  };
}

/** Entries that a pattern leaves out by itself. */
function hits(pattern: string, sent: readonly DiskEntry[]): readonly DiskEntry[] {
  const parsed = ignorePatterns([pattern]);
  if ('refused' in parsed) return [];
  return sent.filter(({ path }) => {
    const decision = decide(parsed, path);
    return 'by' in decision && decision.ignored;
  });
}

function saysAlready(text: string, pattern: string): boolean {
  const parsed = parseIgnoreFile(text);
  const own = ignorePatterns([pattern]);
  if ('refused' in parsed || 'refused' in own) return true;
  const [one] = own.patterns;
  return parsed.patterns.some(({ text: other, exception }) => other === one?.text && exception === one?.exception);
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
    candidate.pattern === '**/.env.*'
      ? [candidate, ...[...names].sort().map((name) => ({ ...candidate, pattern: `!**/${name}` }))]
      : [candidate],
  );
}

/**
 * An instruction that would no longer find what it names. Of a directory that it takes, what lies deeper may go: it names the
 * directory only.
 */
function endangered(
  needs: readonly ContextNeed[],
  entries: readonly DiskEntry[],
  before: string,
  chosen: readonly Candidate[],
): ContextNeed | undefined {
  const old = parseIgnoreFile(before);
  const next = parseIgnoreFile(appended(before, chosen));
  if ('refused' in old || 'refused' in next) return needs[0];
  const ignored = (patterns: typeof old, path: string) => {
    const decision = decide(patterns, path);
    return 'broken' in decision || decision.ignored;
  };
  return needs.find(({ path }) => {
    if (!isKnown(path) || path.value === '.') return false;
    const depth = path.value.split('/').length;
    const named = entries
      .map((entry) => entry.path)
      .filter((one) => one.split('/').length === depth && takes(path.value, one));
    // The name itself too: what is not there yet will be there when it is built.
    return [path.value, ...named].some((one) => ignored(next, one) && !ignored(old, one));
  });
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
