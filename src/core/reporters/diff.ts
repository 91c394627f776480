import { structuredPatch } from 'diff';
import type { FileReport, OtherFile } from '../vocabulary/index.ts';
import { maskValues, redact, secretPlaces, secretValues } from './redact.ts';

export interface Patch {
  /** A unified diff that `git apply` and `patch -p1` take; empty when nothing changed, or nothing can be shown. */
  readonly text: string;
  /** Changes that are left out, because they would show a secret. */
  readonly leftOut: number;
  /** All changes with secrets masked, to be looked at: it does not apply. Only when something is left out. */
  readonly masked?: string;
}

/**
 * What fixing did to a file, or would do, as a patch. Line ends and a missing final newline are kept.
 * @param name how the patch calls the file; default: as the report does
 */
export function patchOf(report: FileReport, name: string = report.file): Patch {
  const { file, fixed } = report;
  if (!fixed || fixed.before === report.text) return { text: '', leftOut: 0 };
  const old = fixed.secrets ?? [];
  const current = secretPlaces(report);
  if (old.length + current.length === 0) return { text: unified(name, fixed.before, report.text), leftOut: 0 };
  const mask = maskValues([...secretValues(fixed.before, old, file), ...secretValues(report.text, current, file)]);
  const before = mask(redact(fixed.before, old, file));
  const after = mask(redact(report.text, current, file));
  const { hunks, leftOut } = withoutSecrets(
    hunksOf(fixed.before, report.text),
    changedLines(fixed.before, before),
    changedLines(report.text, after),
  );
  const text = hunks.length === 0 ? '' : patchText(name, hunks);
  return leftOut === 0 ? { text, leftOut } : { text, leftOut, masked: unified(name, before, after) };
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  /** With ` `, `-`, `+` or `\\` before each. */
  readonly lines: readonly string[];
}

/** Which lines masking changed, from 1; all of them when their number is not the same. */
function changedLines(exact: string, masked: string): (line: number) => boolean {
  const [old, now] = [exact.split('\n'), masked.split('\n')];
  if (old.length !== now.length) return () => true;
  return (line) => old[line - 1] !== now[line - 1];
}

/** A part of a hunk between lines that hold secrets. */
interface Part {
  oldStart: number;
  lines: string[];
  /** It begins or ends where the hunk does. */
  last: boolean;
  secret: boolean;
}

const isChange = (line: string) => line.startsWith('+') || line.startsWith('-');

/**
 * Hunks that show no secret: what surrounds a change is cut short before a line with one, down to a single line behind the change, which
 * `git apply` needs to tell it from the end of the file.
 */
function withoutSecrets(
  hunks: readonly Hunk[],
  secretBefore: (line: number) => boolean,
  secretAfter: (line: number) => boolean,
): { readonly hunks: readonly Hunk[]; readonly leftOut: number } {
  const shown: Hunk[] = [];
  let leftOut = 0;
  let grown = 0;
  for (const hunk of hunks) {
    for (const part of partsOf(hunk, secretBefore, secretAfter)) {
      if (!part.lines.some(isChange)) continue;
      const trails = !isChange(part.lines.at(-1) ?? '');
      if (part.secret || !(trails || part.last)) {
        leftOut += 1;
        continue;
      }
      shown.push({ oldStart: part.oldStart, newStart: part.oldStart + grown, lines: part.lines });
      for (const line of part.lines) grown += line.startsWith('+') ? 1 : line.startsWith('-') ? -1 : 0;
    }
  }
  return { hunks: shown, leftOut };
}

function partsOf(
  { oldStart, newStart, lines }: Hunk,
  secretBefore: (line: number) => boolean,
  secretAfter: (line: number) => boolean,
): readonly Part[] {
  const parts: Part[] = [];
  let [old, now] = [oldStart, newStart];
  let part: Part = { oldStart: old, lines: [], last: false, secret: false };
  for (const line of lines) {
    const kind = line[0];
    const secret = kind === '+' ? secretAfter(now) : kind !== '\\' && secretBefore(old);
    if (kind === ' ' || kind === '-') old += 1;
    if (kind === ' ' || kind === '+') now += 1;
    if (secret && kind === ' ') {
      parts.push(part);
      part = { oldStart: old, lines: [], last: false, secret: false };
      continue;
    }
    part.lines.push(line);
    part.secret ||= secret;
  }
  parts.push({ ...part, last: true });
  return parts;
}

/** What fixing does to another file, as a patch. */
export function patchOfOther({ before, after }: OtherFile, name: string): string {
  return before === null ? created(name, after) : unified(name, before, after);
}

/** A file that does not exist yet as a unified diff. */
export function created(file: string, text: string): string {
  const lines = text.split('\n').slice(0, -1);
  const head = `--- /dev/null\n+++ ${quoted(`b/${file}`)}\n@@ -0,0 +1,${lines.length} @@\n`;
  return head + lines.map((line) => `+${line}\n`).join('');
}

/** Two texts as a unified diff. */
export function unified(file: string, before: string, after: string): string {
  return patchText(file, hunksOf(before, after));
}

function hunksOf(before: string, after: string): readonly Hunk[] {
  return structuredPatch('', '', before, after, undefined, undefined, { context: 3 }).hunks;
}

function patchText(file: string, hunks: readonly Hunk[]): string {
  const name = (side: 'a' | 'b') => quoted(`${side}/${file}`);
  const parts = [`--- ${name('a')}\n+++ ${name('b')}\n`];
  for (const { oldStart, newStart, lines } of hunks) {
    const count = (...kinds: readonly string[]) => lines.filter((line) => kinds.includes(line[0] ?? '')).length;
    parts.push(
      `@@ -${oldStart},${count(' ', '-')} +${newStart},${count(' ', '+')} @@\n`,
      ...lines.map((line) => `${line}\n`),
    );
  }
  return parts.join('');
}

/** A name as git writes it: quoted when it holds what would end the line, a tab after it when it holds a space. */
function quoted(name: string): string {
  if (/[\x00-\x1f\x7f"\\]/.test(name)) {
    const escaped = name.replace(/[\x00-\x1f\x7f"\\]/g, (character) =>
      character === '"' || character === '\\'
        ? `\\${character}`
        : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
    );
    return `"${escaped}"`;
  }
  return name.includes(' ') ? `${name}\t` : name;
}
