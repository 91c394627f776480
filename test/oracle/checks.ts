import type { IgnoreComment } from '../../src/core/language/ignores/index.ts';
import type { Dockerfile, Instruction } from '../../src/core/language/syntax/index.ts';
import { lineMap, position } from '../../src/core/language/text/index.ts';
import { instructionAt } from '../../src/core/lint/lint.ts';
import { subjectOf } from '../../src/core/lint/subject.ts';
import type { Build } from '../../src/core/model/index.ts';
import type { Finding, Rule } from '../../src/core/rules/define.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import type { Fact } from '../../src/core/vocabulary/index.ts';
import { readIgnoreFile } from '../../src/core/world/context/index.ts';
import { keyText, recordFacts } from '../../src/core/world/facts/index.ts';
import { type ImageFacts, unknownImage } from '../../src/core/world/images/index.ts';
import type { BaseName, LintAnswer } from './client.ts';

const known = <T>(value: T): Fact<T> => ({ value, from: 'user', evidence: [] });

/** The oracle's base images (build.go), as far as checks look at them. */
const BASES: Readonly<Record<BaseName, Readonly<Record<string, string>>>> = {
  root: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  user: { PATH: '/opt/base/bin:/usr/bin:/bin', LANG: 'C.UTF-8', BASE_HOME: '/srv' },
};

/** The facts of the oracle's base image, whatever its name. */
export function stub(base: BaseName): ImageFacts {
  const env = BASES[base];
  const isUser = base === 'user';
  return {
    ...unknownImage('the oracle’s base image'),
    user: known(isUser ? '1000' : ''),
    workdir: known(isUser ? '/srv' : '/'),
    env: known(env),
    envNames: known(Object.keys(env)),
    shell: known(isUser ? ['/bin/ash', '-eo', 'pipefail', '-c'] : ['/bin/sh', '-c']),
    os: known('linux'),
  };
}

/**
 * BuildKit's checks that a rule of ours answers for; `beforeStages`: emitted before anything can fail at dispatch; `also`: another
 * rule of ours tells a part of it.
 */
const PORTED: Readonly<
  Record<
    string,
    { readonly beforeStages?: true; readonly global?: true; readonly experimental?: true; readonly also?: string }
  >
> = {
  StageNameCasing: { beforeStages: true },
  FromAsCasing: { beforeStages: true },
  NoEmptyContinuation: { beforeStages: true, global: true },
  ConsistentInstructionCasing: { beforeStages: true, global: true },
  DuplicateStageName: { beforeStages: true, global: true },
  ReservedStageName: { beforeStages: true, global: true },
  InvalidDefaultArgInFrom: { beforeStages: true, global: true, also: 'empty-tag' },
  InvalidDefinitionDescription: { beforeStages: true, experimental: true },
  UndefinedArgInFrom: {},
  RedundantTargetPlatform: {},
  FromPlatformFlagConstDisallowed: {},
  UndefinedVar: {},
  WorkdirRelativePath: {},
  MultipleInstructionsDisallowed: {},
  LegacyKeyValueFormat: {},
  ExposeProtoCasing: {},
  ExposeInvalidFormat: {},
};

const names: ReadonlyMap<string, Rule> = new Map(
  rules.flatMap((rule) =>
    rule.aliases.flatMap((alias) => (alias.startsWith('buildkit/') ? [[alias.slice(9), rule] as const] : [])),
  ),
);

/** Checks that this judge compares, by BuildKit's name. */
export const portedChecks: readonly string[] = Object.keys(PORTED);

/** The rule of ours that stands for a check of BuildKit. */
export function ruleOf(check: string): Rule {
  const rule = names.get(check);
  if (rule === undefined) throw new Error(`no rule has the alias buildkit/${check}`);
  return rule;
}

/** The file with experimental checks switched on, where that changes nothing else. */
export function withExperiments(text: string): string {
  if (text.startsWith('\ufeff') || text.startsWith('#!') || /^#\s*check\s*=/im.test(text)) return text;
  return `# check=experimental=all\n${text}`;
}

/** Whether the file itself asks for an experimental check. */
function isAskedFor(check: string, { directives }: Dockerfile): boolean {
  const value = directives.find(({ name }) => name === 'check')?.value ?? '';
  return new RegExp(`experimental=(?:all|[^;]*\\b${check})\\b`).test(value);
}

/** The line at which BuildKit reports a finding of ours. */
function lineOf(check: string, { at, step }: Finding, { dockerfile, needed }: Build): number | undefined {
  if (step?.stage?.triggers.includes(step)) {
    // ONBUILD of the stage below: found at FROM, and only in stages that the last one needs.
    return needed.includes(step.stage) ? step.stage.from.instruction.startLine : undefined;
  }
  const instruction = step?.instruction ?? instructionAt(dockerfile.instructions, at[0]);
  if (instruction === undefined) return undefined;
  return check === 'NoEmptyContinuation' ? lastLogicalLine(dockerfile, instruction) : instruction.startLine;
}

function lastLogicalLine({ text }: Dockerfile, { heredocs, endLine }: Instruction): number {
  const [first] = heredocs;
  return first === undefined ? endLine : position(lineMap(text), first.bodySpan[0]).line - 1;
}

/** The variable that a message names: the place alone would let a wrong one pass. */
function variableIn(check: string, message: string): string {
  const name = /(?:variable|ARG|argument) '?\$?([^\s']+)'?/.exec(message)?.[1] ?? '';
  return check === 'UndefinedVar' || check === 'UndefinedArgInFrom' ? ` ${name}` : '';
}

/** True when a comment of BuildKit's own kind switches the check off there. */
function isSkipped(check: string, line: number, ignores: readonly IgnoreComment[]): boolean {
  const { global, experimental } = PORTED[check] ?? {};
  if (experimental) return false;
  return ignores.some(({ dialect, scope, ids, instruction }) => {
    if (dialect !== 'buildkit' || !ids.some(({ id }) => id === check || id === 'all')) return false;
    return scope === 'file' || (!global && instruction?.startLine === line);
  });
}

/** What a file was found to break: `line check`, with the variable where there is one. */
export interface Found {
  readonly ours: ReadonlySet<string>;
  readonly theirs: ReadonlySet<string>;
  /** Answers of ours that say «unknown», by check. */
  readonly unknown: readonly string[];
}

const key = (check: string, line: number, message: string) => `${line} ${check}${variableIn(check, message)}`;

/**
 * Both sides' findings of the ported checks, as far as they can be compared: all of them when BuildKit converted the file,
 * else those that it makes before a stage is converted, if its instruction parser was through (of which the parser's own judge
 * makes sure).
 */
export function compareChecks(text: string, base: BaseName, lint: LintAnswer): Found {
  const { build, ignores } = subjectOf({ file: 'Dockerfile', text }, { imageFacts: () => stub(base) });
  const parsed = build.dockerfile.errors.length === 0;
  const compared = portedChecks.filter((check) => {
    const { beforeStages, experimental } = PORTED[check] ?? {};
    if (experimental && !isAskedFor(check, build.dockerfile)) return false;
    return lint.ok || (parsed && beforeStages === true);
  });
  const ours = new Set<string>();
  const unknown: string[] = [];
  for (const check of compared) {
    const also = PORTED[check]?.also;
    for (const rule of [ruleOf(check), ...rules.filter(({ id }) => id === also)]) {
      if (rule.subject !== 'dockerfile') throw new Error(`${rule.id} looks at one target, BuildKit at the whole file`);
      const answer = rule.check({ build, facts: recordFacts(new Map()), context: '' });
      if (answer.is === 'unknown') unknown.push(check);
      for (const finding of answer.is === 'violated' ? answer.findings : []) {
        const line = lineOf(check, finding, build);
        if (line !== undefined && !isSkipped(check, line, ignores)) ours.add(key(check, line, finding.message));
      }
    }
  }
  const theirs = lint.warnings.filter(({ rule }) => compared.includes(rule));
  return {
    ours,
    theirs: new Set(theirs.map(({ rule, lines, message }) => key(rule, lines[0]?.[0] ?? 0, message))),
    unknown,
  };
}

/** Lines of a file whose sources a .dockerignore leaves out by our rule; undefined when it gives no opinion of the patterns. */
export function ignoredCopies(text: string, dockerignore: string): readonly number[] | undefined {
  const { build } = subjectOf({ file: 'Dockerfile', text });
  const read = readIgnoreFile(dockerignore);
  if ('refused' in read) return undefined;
  const patterns = read.lines.map(({ pattern }) => pattern);
  const key = keyText({ kind: 'ignore-file', of: { context: '', dockerfile: 'Dockerfile' } });
  const facts = recordFacts(new Map([[key, known({ file: '.dockerignore', patterns })]]));
  const rule = ruleOf('CopyIgnoredFile');
  if (rule.subject !== 'dockerfile') throw new Error(`${rule.id} looks at one target, BuildKit at the whole file`);
  const answer = rule.check({ build, facts, context: '' });
  if (answer.is === 'unknown') return undefined;
  const findings = answer.is === 'violated' ? answer.findings : [];
  return findings.map(({ step }) => step?.instruction.startLine ?? 0);
}
