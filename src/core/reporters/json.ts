import { lineMap, position } from '../language/text/index.ts';
import type { Change, Diagnostic, Edit, Failure, FileChange, FileReport, Json, Place } from '../vocabulary/index.ts';
import { maskValues, secretPlaces, secretValues } from './redact.ts';
import type { Reporter } from './reporter.ts';
import type { Summary } from './summary.ts';

/** Grows only when a reader of the old shape would break. */
export const schemaVersion = 1;

/** One document, a file a line: `schema.ts` describes it. */
export function json(version: string): Reporter {
  return {
    begin: `{"schemaVersion":${schemaVersion},"tool":{"name":"layerwise","version":${JSON.stringify(version)}},"files":[\n`,
    between: ',\n',
    file: (report) => text(fileEntry(report)),
    failure: (failure) => text(failureEntry(failure)),
    end: (summary) => `\n],"summary":${text(summaryEntry(summary))}}\n`,
  };
}

/** JSON whose characters are all harmless in a terminal: what JSON itself leaves as it is gets escaped too. */
function text(value: Json): string {
  return JSON.stringify(value).replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

function failureEntry({ file, is, says, help }: Failure): Json {
  return { file, error: { is, says, ...(help === undefined ? {} : { help }) } };
}

function fileEntry(report: FileReport): Json {
  const lines = lineMap(report.text);
  const now = secretPlaces(report);
  const mask = maskValues([
    ...secretValues(report.text, now, report.file),
    ...secretValues(report.fixed?.before ?? '', report.fixed?.secrets ?? [], report.file),
  ]);

  const place = (at: Place): Json => {
    if ('image' in at) return { ...at };
    if (!at.span) return { file: at.file };
    const where = { file: at.file, span: at.span };
    if (at.file !== report.file) return where;
    return { ...where, start: { ...position(lines, at.span[0]) }, end: { ...position(lines, at.span[1]) } };
  };

  const change = ({ title, variant, files }: Change): Record<string, Json> => ({
    title: mask(title),
    variant,
    files: files.map(
      (file): Json =>
        'create' in file
          ? { file: file.file, create: mask(file.create) }
          : { file: file.file, edits: editsOf(file).map(({ span, text: edited }) => ({ span, text: mask(edited) })) },
    ),
  });

  const diagnostic = (found: Diagnostic): Json => ({
    rule: found.rule,
    ...(found.code === undefined ? {} : { code: found.code }),
    level: found.level,
    at: place(found.at),
    message: mask(found.message),
    targets: found.targets,
    ...(found.help === undefined ? {} : { help: mask(found.help) }),
    ...(found.related
      ? { related: found.related.map(({ at, label }) => ({ at: place(at), label: mask(label) })) }
      : {}),
    ...(found.secrets ? { secrets: found.secrets.map(place) } : {}),
    fingerprint: found.fingerprint,
    ...(found.ignored ? { ignored: { by: place(found.ignored.by), ...reason(found.ignored.reason) } } : {}),
    ...(found.fix
      ? {
          fix:
            'declined' in found.fix
              ? { declined: mask(found.fix.declined) }
              : { ...change(found.fix), safety: found.fix.safety },
        }
      : {}),
    ...(found.suggestions ? { suggestions: found.suggestions.map(change) } : {}),
  });

  return {
    file: report.file,
    diagnostics: report.diagnostics.map(diagnostic),
    checklist: report.checklist.map((point) => ({ ...point, because: mask(point.because) })),
    skipped: report.skipped,
    missing: (report.missing ?? []).map(missingEntry),
    ...(report.context === undefined ? {} : { context: report.context }),
    ...(report.fixed
      ? {
          fixed: {
            ...(report.fixed.others && { others: report.fixed.others.map((other) => ({ ...other })) }),
            applied: report.fixed.applied.map((applied) => ({ ...applied, title: mask(applied.title) })),
            banned: report.fixed.banned.map((banned) => ({
              ...banned,
              title: mask(banned.title),
              because: mask(banned.because),
            })),
          },
        }
      : {}),
  };
}

/** A text that is replaced as one edit; what it keeps at its start is left alone. */
function editsOf(change: Exclude<FileChange, { create: string }>): readonly Edit[] {
  if ('edits' in change) return change.edits;
  const { before, after } = change;
  return after.startsWith(before)
    ? [{ span: [before.length, before.length], text: after.slice(before.length) }]
    : [{ span: [0, before.length], text: after }];
}

function reason(text: string | undefined): Record<string, Json> {
  return text === undefined ? {} : { reason: text };
}

function missingEntry({ unknown, flag }: { readonly unknown: string; readonly flag?: string }): Json {
  return { because: unknown, ...(flag === undefined ? {} : { flag }) };
}

function summaryEntry({ files, levels, ignored, fixable, fixed, points, skipped, missing, failures }: Summary): Json {
  return {
    files,
    levels: { ...levels },
    ignored,
    fixable: { ...fixable },
    fixed: { ...fixed },
    checklist: points.map((point) => ({ ...point })),
    skipped,
    missing: missing.map(missingEntry),
    notChecked: { ...failures },
  };
}
