import { lineMap, position } from '../language/text/index.ts';
import type { Diagnostic, FileReport } from '../vocabulary/index.ts';
import { maskValues, secretPlaces, secretValues } from './redact.ts';
import type { Reporter } from './reporter.ts';
import { visible } from './visible.ts';

/** `file:line:column: level rule message`, a diagnostic a line: for grep, editors and problem matchers. */
export const line: Reporter = {
  begin: '',
  between: '',
  file: (report) => {
    const shown = report.diagnostics.filter(({ ignored }) => !ignored);
    if (shown.length === 0) return '';
    const lines = lineMap(report.text);
    const mask = maskValues(secretValues(report.text, secretPlaces(report), report.file));
    return shown
      .map(
        (diagnostic) =>
          `${where(diagnostic, report, lines)}: ${diagnostic.level} ${diagnostic.rule} ${visible(mask(diagnostic.message))}\n`,
      )
      .join('');
  },
  failure: () => '',
  end: () => '',
};

function where({ at }: Diagnostic, report: FileReport, lines: readonly number[]): string {
  if ('image' in at) return `${visible(at.image)}:1:1`;
  if (!at.span || at.file !== report.file) return `${visible(at.file)}:1:1`;
  const { line, column } = position(lines, at.span[0]);
  return `${visible(at.file)}:${line}:${column}`;
}
