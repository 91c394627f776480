import { applyEdits, hash, lineMap, position } from '../language/text/index.ts';
import type { Rule } from '../rules/define.ts';
import type { AppliedFix, BannedFix, Diagnostic, Edit, Fix } from '../vocabulary/index.ts';
import { whyTakenBack } from './keep.ts';
import { type Linted, lint } from './lint.ts';
import { subjectOf } from './subject.ts';
import type { CheckInput, FixOptions } from './types.ts';

/** More rounds than this in one file are a bug of ours: the rest stays as it is. */
const mostRounds = 200;

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
  const { file } = linted.subject.input;
  const offered: Candidate[] = [];
  for (const diagnostic of linted.diagnostics) {
    const { fix } = diagnostic;
    if (fix === undefined || 'declined' in fix || diagnostic.ignored !== undefined) continue;
    if (fix.safety === 'unsafe' && !options.unsafe) continue;
    if (options.only !== undefined && !options.only.includes(diagnostic.rule)) continue;
    const [change] = fix.files;
    if (fix.files.length !== 1 || change === undefined || !('edits' in change) || change.file !== file) continue;
    if (change.was !== linted.subject.was) continue;
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
 * The changes that go with `next` in one round: those of the same rule and variant that touch other places. A file with
 * hundreds of them is linted once instead of hundreds of times. Should they disturb each other, the round fails as a whole
 * and each is tried by itself.
 */
function alike(next: Candidate, offered: readonly Candidate[]): readonly Candidate[] {
  if (next.fix.drops !== undefined) return [next];
  const group: Candidate[] = [];
  let end = -1;
  for (const candidate of offered) {
    const { diagnostic, fix, edits } = candidate;
    if (diagnostic.rule !== next.diagnostic.rule || fix.variant !== next.fix.variant || fix.drops !== undefined)
      continue;
    const starts = edits.map(({ span }) => span[0]);
    if (Math.min(...starts) <= end) continue;
    end = Math.max(...edits.map(({ span }) => span[1]));
    group.push(candidate);
  }
  return group.includes(next) ? group : [next];
}

/** Tells of each change of a round by itself: applied from the last to the first, each finds its place as it was. */
function tell(text: string, group: readonly Candidate[], onApplied: (application: Application) => void): void {
  let before = text;
  for (const { diagnostic, fix, edits } of [...group].reverse()) {
    const after = applyEdits(before, edits);
    if (after === undefined) return;
    onApplied({ before, after, diagnostic, fix });
    before = after;
  }
}

/**
 * Applies offered fixes one at a time (those that are alike together) and looks at each: a change that breaks something, or
 * leads to a text seen before, is taken back and not tried again. Ends when nothing more is offered, so what comes out is a
 * fixpoint.
 * @param onApplied told of each change that is kept
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

  /** Keeps the changes of a group, or says why not. */
  const attempt = (group: readonly Candidate[]): string | undefined => {
    const [first] = group;
    const { text } = linted.subject.input;
    const edits = group.flatMap((candidate) => candidate.edits);
    const changed = applyEdits(text, edits);
    if (first === undefined || changed === undefined) return 'its edits overlap';
    if (seen.has(hash(changed))) return 'it would undo another fix';
    const after = lint(rules, subjectOf({ ...input, text: changed }), options);
    const why = whyTakenBack(linted, after, first.fix, edits, first.fix.reveals);
    if (why !== undefined) return why;
    seen.add(hash(changed));
    const lines = lineMap(text);
    for (const { diagnostic, fix } of group) {
      const start = 'file' in diagnostic.at ? (diagnostic.at.span?.[0] ?? 0) : 0;
      const { line } = position(lines, start);
      applied.push({ rule: diagnostic.rule, title: fix.title, variant: fix.variant, safety: fix.safety, line });
    }
    if (onApplied !== undefined) tell(text, group, onApplied);
    linted = after;
    return undefined;
  };

  for (let round = 0; round < mostRounds; round++) {
    const offered = candidates(linted, options).filter(({ key }) => !banned.has(key));
    const [next] = offered;
    if (next === undefined) break;
    const group = alike(next, offered);
    if (group.length > 1 && attempt(group) === undefined) continue;
    const because = attempt([next]);
    if (because !== undefined) banned.set(next.key, { rule: next.diagnostic.rule, title: next.fix.title, because });
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
