import { type IgnoreComment, ignoreComments } from '../language/ignores/index.ts';
import type { Dockerfile, Instruction } from '../language/syntax/index.ts';
import { mapSpan } from '../language/text/index.ts';
import type { Change, Diagnostic, Edit, Span } from '../vocabulary/index.ts';
import { instructionAt, type Linted } from './lint.ts';

/** A comment of a file: its text, where it starts, and the instruction it belongs to or stands in. */
interface OwnedComment {
  readonly text: string;
  readonly span: Span;
  readonly owner: Instruction | undefined;
}

function comments(dockerfile: Dockerfile): OwnedComment[] {
  const found: OwnedComment[] = [];
  const owned = new Set<number>();
  const add = (span: Span, owner: Instruction | undefined) => {
    owned.add(span[0]);
    found.push({ text: dockerfile.text.slice(span[0], span[1]).trim(), span, owner });
  };
  for (const instruction of dockerfile.instructions) {
    for (const comment of instruction.comments) add(comment.span, instruction);
    for (const span of instruction.innerComments) add(span, instruction);
  }
  for (const item of dockerfile.items)
    if (item.kind === 'comment' && !owned.has(item.span[0])) add(item.span, undefined);
  return found;
}

/** Every ordinary comment is still there with its text, and belongs to what its instruction has become. */
function lostComment(
  before: Dockerfile,
  after: Dockerfile,
  edits: readonly Edit[],
  drops: ReadonlySet<number>,
): string | undefined {
  const now = comments(after);
  for (const comment of comments(before)) {
    if (drops.has(comment.span[0])) continue;
    const [start] = mapSpan(edits, comment.span);
    const kept = now.find((candidate) => candidate.text === comment.text && Math.abs(candidate.span[0] - start) <= 1);
    if (kept === undefined) return `it would lose the comment «${comment.text}»`;
    if (comment.owner === undefined || kept.owner === undefined) continue;
    const owner = mapSpan(edits, comment.owner.span);
    if (kept.owner.span[1] <= owner[0] || kept.owner.span[0] >= Math.max(owner[1], owner[0] + 1)) {
      return `it would move the comment «${comment.text}» to another instruction`;
    }
  }
  return undefined;
}

function changedDirective(before: Dockerfile, after: Dockerfile): string | undefined {
  const values = ({ directives }: Dockerfile, of: string) =>
    directives.filter(({ name }) => name === of).map(({ value }) => value);
  const changed = before.directives.find(({ name }) => `${values(before, name)}` !== `${values(after, name)}`);
  return changed && `it would change the ${changed.name} directive`;
}

/** Ignore comments still name the same ids at what their instruction has become. */
function changedIgnore(
  before: Dockerfile,
  after: Dockerfile,
  edits: readonly Edit[],
  drops: ReadonlySet<number>,
): string | undefined {
  const describe = ({ ids, scope, instruction }: IgnoreComment, place: (span: Span) => number | undefined) =>
    `${scope} ${instruction === undefined ? '' : place(instruction.span)} ${ids.map(({ id }) => id).join()}`;
  const become = (span: Span) => {
    const [start, end] = mapSpan(edits, span);
    return start === end ? undefined : instructionAt(after.instructions, start)?.span[0];
  };
  const was = ignoreComments(before)
    .filter(({ at }) => !drops.has(at[0]))
    .map((ignore) => describe(ignore, become));
  const is = ignoreComments(after).map((ignore) => describe(ignore, ([start]) => start));
  return was.join('\n') === is.join('\n') ? undefined : 'it would change what an ignore comment speaks of';
}

function placeOf(diagnostic: Diagnostic): Span {
  return 'file' in diagnostic.at ? (diagnostic.at.span ?? [0, 0]) : [0, 0];
}

/** Whether a rule may fire at a place of the mended text where it did not before. */
type Exempt = (instruction: Instruction | undefined) => boolean;

/**
 * Of an instruction that could not be read no rule said anything, and of a stage whose FROM could not be read none knew where it
 * begins. What a change repairs is what it edits, where the refusal that it claims is gone.
 */
function repairedBy(was: Dockerfile, is: Dockerfile, change: Change, edits: readonly Edit[]): Exempt {
  const codes = new Set<string>(change.claims.flatMap((claim) => (claim.kind === 'repairs' ? [claim.code] : [])));
  const repaired = new Set<Instruction>();
  if (codes.size === 0) return () => false;
  const refused = ({ errors }: Instruction) => errors.filter(({ code }) => codes.has(code)).length;
  for (const edit of edits) {
    const before = instructionAt(was.instructions, edit.span[0]);
    const after = before && instructionAt(is.instructions, mapSpan(edits, before.span)[0]);
    if (before === undefined || after === undefined || refused(after) >= refused(before)) continue;
    repaired.add(after);
    if (after.name !== 'FROM') continue;
    for (const instruction of is.instructions.slice(is.instructions.indexOf(after) + 1)) {
      if (instruction.name === 'FROM') break;
      repaired.add(instruction);
    }
  }
  return (instruction) => instruction !== undefined && repaired.has(instruction);
}

/** No rule fires at `warning` or above on an instruction where it did not before, unless it was repaired; an `error` never. */
function newDiagnostic(
  before: Linted,
  after: Linted,
  edits: readonly Edit[],
  reveals: boolean,
  repaired: Exempt,
): string | undefined {
  const instructions = after.subject.build.dockerfile.instructions;
  const firing = (rule: string, place: Span) => `${rule} ${instructionAt(instructions, place[0])?.span[0] ?? -1}`;
  const old = new Set<string>();
  for (const diagnostic of before.diagnostics) {
    const [start, end] = mapSpan(edits, placeOf(diagnostic));
    old.add(firing(diagnostic.rule, [start, end]));
    old.add(firing(diagnostic.rule, [Math.max(start, end - 1), end]));
  }
  for (const diagnostic of after.diagnostics) {
    if (diagnostic.level === 'info' || diagnostic.ignored !== undefined) continue;
    if (old.has(firing(diagnostic.rule, placeOf(diagnostic)))) continue;
    if (reveals && diagnostic.level === 'warning') continue;
    if (repaired(instructionAt(instructions, placeOf(diagnostic)[0]))) continue;
    return `it would break ${diagnostic.rule}`;
  }
  return undefined;
}

/**
 * Looks at what a change did to a file.
 * @returns why it must be taken back, or undefined when everything that must stay has stayed
 */
export function whyTakenBack(
  before: Linted,
  after: Linted,
  change: Change,
  edits: readonly Edit[],
  reveals: boolean,
): string | undefined {
  const [was, is] = [before.subject.build.dockerfile, after.subject.build.dockerfile];
  const [first] = is.errors;
  if (first !== undefined && is.errors.length >= Math.max(1, was.errors.length))
    return `the file would not parse: ${first.message}`;
  const drops = new Set(
    (change.drops ?? []).flatMap((place) => ('file' in place && place.span ? [place.span[0]] : [])),
  );
  return (
    lostComment(was, is, edits, drops) ??
    changedDirective(was, is) ??
    changedIgnore(was, is, edits, drops) ??
    newDiagnostic(before, after, edits, reveals, repairedBy(was, is, change, edits))
  );
}
