import { lineMap, position } from '../language/text/index.ts';
import type { Diagnostic, FileReport, Place, Span } from '../vocabulary/index.ts';
import { fileChecklist, runChecklist } from './checklist.ts';
import { type Framed, frame, lastLine as lastFramedLine } from './frame.ts';
import { type Paint, plain } from './paint.ts';
import { maskValues, redact, secretPlaces, secretValues } from './redact.ts';
import type { Reporter } from './reporter.ts';
import { type Fixing, isPerfect, lastLine } from './summary.ts';
import { topRules } from './top-rules.ts';
import { visible } from './visible.ts';

export interface PrettyOptions {
  readonly paint?: Paint;
  /** How many files will come: few get a checklist each, many one for all. */
  readonly files?: number;
  readonly fixing?: Fixing;
  /** Diagnostics only: no checklist, no last line. */
  readonly quiet?: boolean;
  /** False: no checklist, for runs that ask few rules. */
  readonly checklist?: boolean;
  /** Columns for source lines. */
  readonly width?: number;
  /** A rule's page, printed once per rule and file; unset where `paint.rule` links to it. */
  readonly page?: (rule: string) => string;
}

/** Up to so many files get a checklist of their own. */
const few = 3;

/** For people: source frames with the smallest span marked, what to do, the checklist, and a last line. */
export function pretty(options: PrettyOptions = {}): Reporter {
  const { paint = plain, files = 1, fixing = 'no', quiet = false, checklist = true, width = 120, page } = options;
  return {
    begin: '',
    between: '',
    file(report) {
      const shown = report.diagnostics.filter(({ ignored }) => !ignored);
      const blocks = shown.length > 0 ? diagnosticBlocks(report, shown) : [];
      for (const banned of report.fixed?.banned ?? []) blocks.push(bannedBlock(report, banned));
      if (report.context !== undefined && files <= few && blocks.length > 0) blocks.unshift(contextBlock(report));
      const clean = shown.length === 0 && isPerfectFile(report);
      const told = blocks.map((block) => `${block}\n`).join('');
      if (quiet || !checklist || files > few || report.checklist.length === 0 || clean) return told;
      return `${told}${fileChecklist(report, paint)}${files > 1 ? '\n' : ''}`;
    },
    failure: () => '',
    end(summary) {
      if (quiet) return '';
      const rules = files > few && fixing !== 'shown' ? topRules(summary, paint) : '';
      const all =
        checklist && files > few && summary.points.length > 0 && !isPerfect(summary)
          ? runChecklist(summary, paint)
          : '';
      return `${rules}${rules === '' || all === '' ? '' : '\n'}${all}${lastLine(summary, fixing)}\n`;
    },
  };

  function diagnosticBlocks(report: FileReport, shown: readonly Diagnostic[]): string[] {
    const secrets = secretPlaces(report);
    const text = redact(report.text, secrets, report.file);
    const source: Framed = { text, lines: lineMap(text) };
    const values = maskValues(secretValues(report.text, secrets, report.file));
    const say = (words: string) => visible(values(words));
    const once = new Set<string>();
    return shown.map((diagnostic) => diagnosticLines(diagnostic, report, source, say, once).join('\n').concat('\n'));
  }

  function diagnosticLines(
    diagnostic: Diagnostic,
    report: FileReport,
    source: Framed,
    say: (words: string) => string,
    once: Set<string>,
  ): string[] {
    const { level, rule, code, at, message, targets } = diagnostic;
    const spanOf = (place: Place): Span | undefined =>
      'file' in place && place.file === report.file ? place.span : undefined;
    const places = [at, ...(diagnostic.related ?? []).map((related) => related.at)];
    const gutter = String(Math.max(...places.map((place) => lastShown(source, spanOf(place))))).length;
    const pad = ' '.repeat(gutter);
    const paintGutter = paint.faint;

    const drawn = (place: Place, arrow: string, mark: '^' | '-', label?: string): string[] => {
      const span = spanOf(place);
      if (!span) return [`${pad}${paintGutter(arrow)} ${say(named(place))}${label === undefined ? '' : `: ${label}`}`];
      const { line, column } = position(source.lines, span[0]);
      const paintMark = mark === '^' ? paint[level] : paint.faint;
      const style = { gutter, mark, width, paintMark, paintGutter, ...(label === undefined ? {} : { label }) };
      return [`${pad}${paintGutter(arrow)} ${say(report.file)}:${line}:${column}`, ...frame(source, span, style)];
    };

    const note = (kind: string, words: string) => `${pad} ${paintGutter('=')} ${paint.strong(`${kind}:`)} ${words}`;
    const id = `${paint.rule(rule)}${code === undefined ? '' : ` ${code}`}`;
    const lines = [`${paint[level](level)}[${id}]: ${paint.strong(say(message))}`, ...drawn(at, '-->', '^')];
    for (const related of diagnostic.related ?? []) lines.push(...drawn(related.at, ':::', '-', say(related.label)));
    const help = helpText(diagnostic);
    if (help !== '') lines.push(note('help', say(help)));
    const declined = diagnostic.fix && 'declined' in diagnostic.fix ? diagnostic.fix.declined : undefined;
    // Why there is no fix is worth a line once; who looks at many files wants to know what is wrong.
    if (declined !== undefined && files <= few && !once.has(declined)) {
      once.add(declined);
      lines.push(note('no fix', say(declined)));
    }
    for (const { title } of diagnostic.suggestions ?? []) lines.push(note('suggestion', say(title)));
    if (targets.length > 1) lines.push(note('targets', say(targets.join(', '))));
    if (page && !once.has(rule)) {
      once.add(rule);
      lines.push(note('page', page(rule)));
    }
    return lines;
  }

  function contextBlock({ file, context = '.' }: FileReport): string {
    const where = context === '.' ? 'this directory' : visible(context);
    return `${paint.strong('note')}: ${visible(file)} names what lies in ${where}: taken for its build context, --context names another\n`;
  }

  function bannedBlock(
    report: FileReport,
    { rule, title, because }: { rule: string; title: string; because: string },
  ): string {
    return [
      `${paint.error('bug')}[${paint.rule(rule)}]: ${paint.strong('a fix was taken back because it would break the file')}`,
      ` ${paint.faint('-->')} ${visible(report.file)}`,
      `  ${paint.faint('=')} ${visible(title)}: ${visible(because)}`,
      '',
    ].join('\n');
  }
}

function lastShown(source: Framed, span: Span | undefined): number {
  return span ? lastFramedLine(source, span) : 1;
}

function named(place: Place): string {
  return 'file' in place ? place.file : [place.image, place.path].filter((part) => part !== undefined).join(' ');
}

/** One line: what to do, and the fix that does it. */
function helpText({ help, fix }: Diagnostic): string {
  if (!fix || 'declined' in fix) return help ?? '';
  return help === undefined || help === fix.title
    ? `${fix.title} (fix is ${fix.safety})`
    : `${help} (fix is ${fix.safety}: ${fix.title})`;
}

function isPerfectFile({ checklist }: FileReport): boolean {
  return checklist.every(({ is }) => is === 'met' || is === 'not-applicable');
}
