import type { ChecklistPoint, FileReport } from '../vocabulary/index.ts';
import type { Paint } from './paint.ts';
import { counted, type Summary } from './summary.ts';
import { visible, width } from './visible.ts';

/** Column of the right-hand side, unless a title is longer. */
export const rightColumn = 55;

interface Row {
  readonly is: ChecklistPoint['is'];
  readonly title: string;
  readonly says: string;
}

/** The seven points of one file. */
export function fileChecklist(report: FileReport, paint: Paint): string {
  const rows = report.checklist.map((point) => ({
    is: point.is,
    title: `${point.point} ${point.title}`,
    says: pointSays(point),
  }));
  return table(visible(report.file), rows, paint);
}

function pointSays({ is, because, diagnostics, fixable }: ChecklistPoint): string {
  if (is !== 'not-met' || diagnostics === 0) return visible(because);
  const fixes = fixable > 0 ? `, ${fixable} fixable` : '';
  return `${counted(diagnostics, 'diagnostic')}${fixes}`;
}

/** The seven points over all files of a run. */
export function runChecklist(summary: Summary, paint: Paint): string {
  const rows = summary.points.map(({ point, title, met, notMet, notApplicable, unknown }): Row => {
    const all = met + notMet + notApplicable + unknown;
    const rest = [
      ...(notMet > 0 ? [`${notMet} ${notMet === 1 ? 'does' : 'do'} not`] : []),
      ...(unknown > 0 ? [`${unknown} unknown`] : []),
      ...(notApplicable > 0 ? [`${notApplicable} not applicable`] : []),
    ];
    const is = notMet > 0 ? 'not-met' : unknown > 0 ? 'unknown' : met > 0 ? 'met' : 'not-applicable';
    const says = `${met} of ${counted(all, 'file')} ${all === 1 ? 'meets' : 'meet'} it${rest.map((part) => `, ${part}`).join('')}`;
    return { is, title: `${point} ${title}`, says };
  });
  return table(counted(summary.files, 'file'), rows, paint);
}

function table(subject: string, rows: readonly Row[], paint: Paint): string {
  const right = Math.max(rightColumn, ...rows.map(({ title }) => 4 + width(title) + 2));
  const lines = rows.map(({ is, title, says }) => {
    const left = `  ${mark(is, paint)} ${title}`;
    return says === '' ? left : `${left}${' '.repeat(right - 4 - width(title))}${says}`;
  });
  return [`${paint.strong('Checklist')}${' '.repeat(right - 'Checklist'.length)}${subject}`, ...lines, ''].join('\n');
}

function mark(is: ChecklistPoint['is'], paint: Paint): string {
  if (is === 'met') return paint.good('✔');
  if (is === 'not-met') return paint.error('✘');
  return paint.faint(is === 'unknown' ? '?' : '–');
}
