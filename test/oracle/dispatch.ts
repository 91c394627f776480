import { instructionAt } from '../../src/core/lint/lint.ts';
import { subjectOf } from '../../src/core/lint/subject.ts';
import type { Build } from '../../src/core/model/index.ts';
import type { Finding, Rule } from '../../src/core/rules/define.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import { recordFacts } from '../../src/core/world/facts/index.ts';
import { stub } from './checks.ts';
import type { BaseName, LintAnswer } from './client.ts';

/** Rules of what BuildKit refuses after its parsers have accepted the file. `newer-than-syntax` is not among them: this BuildKit's frontend reads any file. */
export const dispatchRules: readonly Rule[] = [
  'check-directive-not-valid',
  'copy-flag-not-valid',
  'copy-from-url',
  'empty-tag',
  'expose-not-a-port',
  'invalid-default-arg-in-from',
  'mount-not-valid',
  'platform-not-valid',
  'source-not-available',
  'stop-signal-unknown',
  'syntax-error',
  'volume-empty',
  'word-not-expandable',
].map((id) => {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
});

/** What a file asks for itself, or what no text decides: by BuildKit's words. */
const EXCUSED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^lint violation found for rules/, 'error=true of the check directive'],
  [/^failed to process ".*\$\{\w+:?\?/s, 'the file demands a build argument with ${NAME:?…}'],
  [/removing drive letter|normalizing workdir/, 'a path of Windows'],
  [/SOURCE_DATE_EPOCH/, 'the value of SOURCE_DATE_EPOCH'],
  [/^query "|^unexpected query|^invalid [a-z-]+ value: |conflicts/, 'the query of a git address'],
];

export interface Verdict {
  readonly is: 'both accept' | 'both refuse' | 'false' | 'missed' | 'excused';
  /** Ids of the rules that speak of the line; for `missed` and `excused` BuildKit's words. */
  readonly says: readonly string[];
  /** Of `both refuse`: only as a warning, because a build argument may change it. */
  readonly onlyWarned?: boolean;
}

interface Said {
  readonly rule: string;
  readonly line: number;
  readonly level: 'error' | 'warning';
}

/** The line at which BuildKit reports it: that of FROM for what an ONBUILD of the stage below brings. */
function lineOf({ at, step }: Finding, { dockerfile }: Build): number {
  if (step?.stage?.triggers.includes(step)) return step.stage.from.instruction.startLine;
  return (step?.instruction ?? instructionAt(dockerfile.instructions, at[0]))?.startLine ?? 0;
}

function saidOf(text: string, base: BaseName): { readonly accepted: boolean; readonly said: readonly Said[] } {
  const { build } = subjectOf({ file: 'Dockerfile', text }, { imageFacts: () => stub(base) });
  const said: Said[] = [];
  for (const rule of dispatchRules) {
    if (rule.subject !== 'dockerfile') throw new Error(`${rule.id} looks at one target, BuildKit at the whole file`);
    const answer = rule.check({ build, facts: recordFacts(new Map()), context: '' });
    for (const finding of answer.is === 'violated' ? answer.findings : []) {
      const level = finding.level ?? rule.level;
      if (level === 'error' || level === 'warning') said.push({ rule: rule.id, line: lineOf(finding, build), level });
    }
  }
  return { accepted: build.dockerfile.errors.length === 0, said };
}

/**
 * Compares what our rules and BuildKit refuse in a file that both parsers accept. BuildKit stops at the first error: one of ours must
 * stand at its line.
 * @param lint BuildKit's answer on the same base, without build arguments
 * @returns undefined when the parsers refuse the file
 */
export function judgeDispatch(text: string, base: BaseName, lint: LintAnswer): Verdict | undefined {
  const { accepted, said } = saidOf(text, base);
  if (!accepted) return undefined;
  if (lint.ok) {
    return {
      is: said.length === 0 ? 'both accept' : 'false',
      says: said.map(({ rule, line }) => `${rule} at line ${line}`),
    };
  }
  const error = lint.error ?? '';
  const excuse = EXCUSED.find(([pattern]) => pattern.test(error));
  if (excuse !== undefined) return { is: 'excused', says: [excuse[1]] };
  const lines = lint.lines?.map(([line]) => line);
  const there = said.filter(({ line }) => lines === undefined || lines.includes(line));
  if (there.length === 0) return { is: 'missed', says: [error] };
  return {
    is: 'both refuse',
    says: there.map(({ rule }) => rule),
    onlyWarned: there.every(({ level }) => level === 'warning'),
  };
}
