import { structuredPatch } from 'diff';
import type { FileReport, OtherFile } from '../vocabulary/index.ts';
import { maskValues, redact, secretPlaces, secretValues } from './redact.ts';

export interface Patch {
  /** A unified diff that `git apply` and `patch -p1` take; empty when nothing changed. */
  readonly text: string;
  /** A secret in it is masked, so it shows the change but does not apply. */
  readonly masked: boolean;
}

/**
 * What fixing did to a file, or would do, as a patch. Line ends and a missing final newline are kept.
 * @param name how the patch calls the file; default: as the report does
 */
export function patchOf(report: FileReport, name: string = report.file): Patch {
  const { file, fixed } = report;
  if (!fixed || fixed.before === report.text) return { text: '', masked: false };
  const exact = unified(name, fixed.before, report.text);
  const old = fixed.secrets ?? [];
  const current = secretPlaces(report);
  if (old.length + current.length === 0) return { text: exact, masked: false };
  const mask = maskValues([...secretValues(fixed.before, old, file), ...secretValues(report.text, current, file)]);
  const text = unified(name, mask(redact(fixed.before, old, file)), mask(redact(report.text, current, file)));
  return { text, masked: text !== exact };
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
  const { hunks } = structuredPatch(file, file, before, after, undefined, undefined, { context: 3 });
  const name = (side: 'a' | 'b') => quoted(`${side}/${file}`);
  const parts = [`--- ${name('a')}\n+++ ${name('b')}\n`];
  for (const { oldStart, oldLines, newStart, newLines, lines } of hunks) {
    parts.push(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n`, ...lines.map((line) => `${line}\n`));
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
