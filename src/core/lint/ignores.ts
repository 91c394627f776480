import { removeLine } from '../language/edit/index.ts';
import type { IgnoreComment, IgnoreDialect } from '../language/ignores/index.ts';
import { hash } from '../language/text/index.ts';
import type { Rule } from '../rules/define.ts';
import type { Change, Diagnostic, Outcome, Span } from '../vocabulary/index.ts';
import { offer } from './offer.ts';
import { ordinals } from './ordinals.ts';
import type { Subject } from './subject.ts';
import type { Settings } from './types.ts';

/** Id of the diagnostic that the linter itself raises for an ignore comment that silences nothing. */
export const unusedIgnoreId = 'ignore-without-effect';

/** Of its fix, for the evidence that is kept of it. */
export const unusedIgnoreVariant = 'comment';

/** True when `id`, written in a comment of `dialect`, names the rule. */
function names(dialect: IgnoreDialect, id: string, rule: Rule): boolean {
  if (dialect === 'layerwise')
    return id === rule.id || rule.aliases.some((alias) => alias === id || alias.endsWith(`/${id}`));
  return (
    rule.aliases.includes(`${dialect}/${id}`) ||
    (dialect === 'buildkit' && id === 'all' && rule.aliases.some((alias) => alias.startsWith('buildkit/')))
  );
}

function covers(ignore: IgnoreComment, at: Span): boolean {
  if (ignore.scope === 'file') return true;
  const lines = ignore.instruction?.lines;
  return lines !== undefined && at[0] >= lines[0] && at[0] <= lines[1];
}

/** Which ids of which comments silenced something. */
export type UsedIgnores = ReadonlyMap<IgnoreComment, ReadonlySet<string>>;

/** Marks diagnostics that an ignore comment names; the first such comment is the one that counts. */
export function matchIgnores(
  rules: readonly Rule[],
  subject: Subject,
  diagnostics: readonly Diagnostic[],
): { marked: Diagnostic[]; used: UsedIgnores } {
  const used = new Map<IgnoreComment, Set<string>>();
  if (subject.ignores.length === 0) return { marked: [...diagnostics], used };
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const marked = diagnostics.map((diagnostic) => {
    const rule = byId.get(diagnostic.rule);
    const span = 'file' in diagnostic.at ? (diagnostic.at.span ?? ([0, 0] as const)) : ([0, 0] as const);
    let ignored: Diagnostic['ignored'];
    for (const ignore of subject.ignores) {
      if (!covers(ignore, span)) continue;
      for (const { id } of ignore.ids) {
        const hit = (rule !== undefined && names(ignore.dialect, id, rule)) || diagnostic.code === id;
        if (!hit) continue;
        const ids = used.get(ignore) ?? new Set<string>();
        used.set(ignore, ids.add(id));
        ignored ??= {
          by: { file: subject.input.file, span: ignore.at },
          ...(ignore.reason !== undefined && { reason: ignore.reason }),
        };
      }
    }
    return ignored === undefined ? diagnostic : { ...diagnostic, ignored };
  });
  return { marked, used };
}

function declinedBecause(foreign: boolean, known: boolean): string {
  if (foreign) return 'another tool may still read the comment';
  return known ? 'the comment names other rules too' : 'the id may be a slip of the pen';
}

function removal({ input: { file, text }, was }: Subject, { at }: IgnoreComment): Change {
  return {
    title: 'remove the comment',
    variant: unusedIgnoreVariant,
    files: [{ file, was, edits: removeLine(text, at) }],
    claims: [{ kind: 'same-build' }],
    drops: [{ file, span: at }],
  };
}

/**
 * Ignore comments that silenced nothing. Comments written for another tool are only judged where their ids name rules of
 * ours, and then as `info`: that tool may still need them. Of a rule that was not asked, or could not answer, nothing is said.
 */
export function unusedIgnores(
  rules: readonly Rule[],
  subject: Subject,
  used: UsedIgnores,
  outcomes: readonly Outcome[],
  settings: Settings | undefined,
): Diagnostic[] {
  const set = settings?.rules[unusedIgnoreId];
  if (set === 'off') return [];
  const diagnostics: Diagnostic[] = [];
  const { file } = subject.input;
  const number = ordinals();
  /** A rule that is off, or could not answer, says nothing of whether its comment is needed. */
  const answered = new Set(outcomes.flatMap(({ rule, is }) => (is === 'unknown' ? [] : [rule])));
  for (const ignore of subject.ignores) {
    const foreign = ignore.dialect !== 'layerwise';
    if (!foreign && ignore.ids.length === 0) {
      diagnostics.push({
        rule: unusedIgnoreId,
        level: set ?? 'warning',
        at: { file, span: ignore.at },
        message: 'the comment names no rule to ignore',
        targets: [],
        help: 'write `# layerwise ignore=<rule> reason`',
        fingerprint: number(hash(`${unusedIgnoreId}\n${file}\n`)),
        fix: { declined: 'only its author knows what was meant' },
      });
    }
    for (const { id, span } of ignore.ids) {
      if (used.get(ignore)?.has(id)) continue;
      const named = rules.filter((rule) => names(ignore.dialect, id, rule));
      const known = named.length > 0;
      if (known ? !named.some((rule) => answered.has(rule.id)) : foreign) continue;
      const alone = ignore.ids.length === 1;
      diagnostics.push({
        rule: unusedIgnoreId,
        level: foreign ? 'info' : (set ?? 'warning'),
        at: { file, span },
        message: !known
          ? `no rule is called ${id}`
          : foreign
            ? `nothing here breaks ${id} as layerwise sees it`
            : `nothing here breaks ${id}`,
        targets: [],
        help: !known
          ? 'see `layerwise rules` for the ids'
          : foreign
            ? `remove the comment where ${ignore.dialect} is not used, or says nothing without it`
            : 'remove the comment',
        fingerprint: number(hash(`${unusedIgnoreId}\n${file}\n${id}`)),
        fix:
          alone && known && !foreign
            ? offer(unusedIgnoreId, removal(subject, ignore), subject, false)
            : { declined: declinedBecause(foreign, known) },
      });
    }
  }
  return diagnostics;
}
