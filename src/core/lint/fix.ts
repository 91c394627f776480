import { applyEdits, hash, lineMap, position } from '../language/text/index.ts';
import type { Rule } from '../rules/define.ts';
import type { AppliedFix, BannedFix, Diagnostic, Edit, FileChange, Fix, OtherFile, Path } from '../vocabulary/index.ts';
import { whyTakenBack } from './keep.ts';
import { type Linted, lint } from './lint.ts';
import { factsWith, withChanges } from './others.ts';
import { subjectOf } from './subject.ts';
import type { CheckInput, FixOptions } from './types.ts';

/** More rounds than this in one file are a bug of ours: the rest stays as it is. */
const mostRounds = 200;

/** A file after mending: what was linted last, what was applied in order, and what was taken back. */
export interface Mended {
  readonly linted: Linted;
  /** What becomes of files besides the Dockerfile. */
  readonly others: readonly OtherFile[];
  readonly applied: readonly AppliedFix[];
  readonly banned: readonly BannedFix[];
}

interface Candidate {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
  readonly edits: readonly Edit[];
  /** Changes of other files. */
  readonly others: readonly FileChange[];
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
    const own = fix.files.find((change) => change.file === file);
    if (own !== undefined && (!('edits' in own) || own.was !== linted.subject.was)) continue;
    offered.push({
      diagnostic,
      fix,
      edits: own?.edits ?? [],
      others: fix.files.filter((change) => change !== own),
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
  const alone = ({ fix, others }: Candidate) => fix.drops !== undefined || others.length > 0;
  if (alone(next)) return [next];
  const group: Candidate[] = [];
  let end = -1;
  for (const candidate of offered) {
    const { diagnostic, fix, edits } = candidate;
    if (diagnostic.rule !== next.diagnostic.rule || fix.variant !== next.fix.variant || alone(candidate)) continue;
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
  let others: ReadonlyMap<Path, OtherFile> = new Map();
  const state = (text: string, files: ReadonlyMap<Path, OtherFile>) =>
    hash([text, ...[...files.values()].map(({ file, after }) => `${file}\0${after}`)].join('\0'));
  const seen = new Set<string>([state(input.text, others)]);
  let linted = lint(rules, subjectOf(input), options);

  /** Keeps the changes of a group, or says why not. */
  const attempt = (group: readonly Candidate[]): string | undefined => {
    const [first] = group;
    const { text } = linted.subject.input;
    const edits = group.flatMap((candidate) => candidate.edits);
    const changed = applyEdits(text, edits);
    if (first === undefined || changed === undefined) return 'its edits overlap';
    const files = withChanges(
      others,
      group.flatMap((candidate) => candidate.others),
    );
    if (files === undefined) return 'another fix writes the same file';
    const now = state(changed, files);
    if (seen.has(now)) return 'it would undo another fix';
    const facts = factsWith(options.facts, files);
    const after = lint(rules, subjectOf({ ...input, text: changed }), { ...options, ...(facts && { facts }) });
    const why = whyTakenBack(linted, after, first.fix, edits, first.fix.reveals);
    if (why !== undefined) return why;
    seen.add(now);
    others = files;
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
  return {
    linted: withReasons(linted, banned),
    others: [...others.values()],
    applied,
    banned: [...banned.values()],
  };
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
