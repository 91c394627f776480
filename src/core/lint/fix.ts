import { applyEdits, hash, lineMap, position } from '../language/text/index.ts';
import type { Rule } from '../rules/define.ts';
import type { AppliedFix, BannedFix, Diagnostic, Edit, Fix } from '../vocabulary/index.ts';
import { whyTakenBack } from './keep.ts';
import { type Linted, lint } from './lint.ts';
import { subjectOf } from './subject.ts';
import type { CheckInput, FixOptions } from './types.ts';

/** More changes than this in one file are a bug of ours: the rest stays as it is. */
const mostChanges = 200;

/** A file after mending: what was linted last, what was applied in order, and what was taken back. */
export interface Mended {
  readonly linted: Linted;
  readonly applied: readonly AppliedFix[];
  readonly banned: readonly BannedFix[];
}

interface Candidate {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
  readonly edits: readonly Edit[];
  /** Names the change across lints: rule, variant, and the finding's fingerprint. */
  readonly key: string;
}

function candidates(linted: Linted, options: FixOptions): Candidate[] {
  const { file, text } = linted.subject.input;
  const offered: Candidate[] = [];
  for (const diagnostic of linted.diagnostics) {
    const { fix } = diagnostic;
    if (fix === undefined || 'declined' in fix || diagnostic.ignored !== undefined) continue;
    if (fix.safety === 'unsafe' && !options.unsafe) continue;
    if (options.only !== undefined && !options.only.includes(diagnostic.rule)) continue;
    const [change] = fix.files;
    if (fix.files.length !== 1 || change === undefined || !('edits' in change) || change.file !== file) continue;
    if (change.was !== hash(text)) continue;
    offered.push({
      diagnostic,
      fix,
      edits: change.edits,
      key: `${diagnostic.rule}/${fix.variant}/${diagnostic.fingerprint}`,
    });
  }
  return offered;
}

/** One change that was kept, for whoever judges it: the texts are those just before and just after it. */
export interface Application {
  readonly before: string;
  readonly after: string;
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
}

/**
 * Applies offered fixes one at a time and looks at each: a change that breaks something, or leads to a text seen before, is
 * taken back and not tried again. Ends when nothing more is offered, so what comes out is a fixpoint.
 * @param onApplied told of each change that is kept, in order
 */
export function mend(
  rules: readonly Rule[],
  input: CheckInput,
  options: FixOptions,
  onApplied?: (application: Application) => void,
): Mended {
  const applied: AppliedFix[] = [];
  const banned = new Map<string, BannedFix>();
  const seen = new Set<string>([hash(input.text)]);
  let linted = lint(rules, subjectOf(input), options);
  while (applied.length < mostChanges) {
    const next = candidates(linted, options).find(({ key }) => !banned.has(key));
    if (next === undefined) break;
    const { diagnostic, fix, edits, key } = next;
    const ban = (because: string) => banned.set(key, { rule: diagnostic.rule, title: fix.title, because });
    const { text } = linted.subject.input;
    const changed = applyEdits(text, edits);
    if (changed === undefined) {
      ban('its edits overlap');
      continue;
    }
    if (seen.has(hash(changed))) {
      ban('it would undo another fix');
      continue;
    }
    const after = lint(rules, subjectOf({ ...input, text: changed }), options);
    const why = whyTakenBack(linted, after, fix, edits, fix.reveals);
    if (why !== undefined) {
      ban(why);
      continue;
    }
    seen.add(hash(changed));
    const start = 'file' in diagnostic.at ? (diagnostic.at.span?.[0] ?? 0) : 0;
    const { line } = position(lineMap(text), start);
    applied.push({ rule: diagnostic.rule, title: fix.title, variant: fix.variant, safety: fix.safety, line });
    onApplied?.({ before: text, after: changed, diagnostic, fix });
    linted = after;
  }
  return { linted: withReasons(linted, banned), applied, banned: [...banned.values()] };
}

/** The diagnostics whose fix was taken back say so instead of offering it. */
function withReasons(linted: Linted, banned: ReadonlyMap<string, BannedFix>): Linted {
  if (banned.size === 0) return linted;
  const diagnostics = linted.diagnostics.map((diagnostic) => {
    const { fix } = diagnostic;
    if (fix === undefined || 'declined' in fix) return diagnostic;
    const ban = banned.get(`${diagnostic.rule}/${fix.variant}/${diagnostic.fingerprint}`);
    return ban === undefined ? diagnostic : { ...diagnostic, fix: { declined: `taken back: ${ban.because}` } };
  });
  return { ...linted, diagnostics };
}
