import type { Amount, ContextProposal, ContextSurvey, ContextTaking } from '../vocabulary/index.ts';
import type { Paint } from './paint.ts';
import { visible } from './visible.ts';

const grouped = (count: number) => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** Bytes as people count them: thousands, not 1,024. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  for (const unit of ['kB', 'MB', 'GB']) {
    value /= 1000;
    if (value < 999.5 || unit === 'GB')
      return `${value < 9.95 ? value.toFixed(1) : grouped(Math.round(value))} ${unit}`;
  }
  return '';
}

const filesOf = ({ files }: Amount) => `${grouped(files)} file${files === 1 ? '' : 's'}`;

/** Longer names stick out. */
const widest = 72;

/** Columns of a table, empty ones left out: names to the left, figures to the right. */
function rows(table: readonly (readonly [text: string, files: string, bytes: string, says: string])[]): string {
  const width = (column: 0 | 1 | 2) => Math.max(0, ...table.map((row) => row[column].length));
  const [text, files, bytes] = [Math.min(widest, width(0)), width(1), width(2)];
  return table
    .map(([name, count, length, says]) => {
      const cells = [
        name.padEnd(text),
        ...(files > 0 ? [count.padStart(files)] : []),
        ...(bytes > 0 ? [length.padStart(bytes)] : []),
        says,
      ];
      return `  ${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

const PROBLEMS: Readonly<Record<NonNullable<ContextTaking['problem']>, string>> = {
  missing: 'there is no such file: the build fails unless it is made before',
  ignored: 'it is left out: the build fails',
  unknown: 'it depends on a variable: everything counts as taken',
  nothing: 'the wildcard matches nothing that is sent: nothing is copied',
  nowhere: 'nothing of this directory is sent: the build fails',
};

/** Only so many patterns, takings and notes are told; the rest is counted. */
const mostRows = 20;

function shortened<T>(all: readonly T[], what: string): { readonly shown: readonly T[]; readonly rest: string } {
  const more = all.length - mostRows;
  return more <= 1
    ? { shown: all, rest: '' }
    : { shown: all.slice(0, mostRows), rest: `  … and ${grouped(more)} more ${what}\n` };
}

/** What a build sends, for people. */
export function prettyContext(survey: ContextSurvey, paint: Paint): string {
  return [
    part(
      `${paint.strong('Build context')}  ${visible(survey.context)}, built by ${visible(survey.dockerfile)}`,
      survey,
      paint,
    ),
    ...(survey.named ?? []).map((one) =>
      part(`${paint.strong(`Named context ${visible(one.name)}`)}  ${visible(one.context)}`, one, paint),
    ),
  ].join('\n');
}

function part(title: string, survey: ContextSurvey, paint: Paint): string {
  const parts = [
    `${title}\n${totals(survey)}`,
    ...(survey.failure === undefined ? [] : [`${paint.error('A build fails')}: ${visible(survey.failure)}\n`]),
    section(paint, 'Largest files that are sent', survey.largest, ({ path, bytes }) => [
      visible(path),
      '',
      size(bytes),
      '',
    ]),
    section(paint, 'What instructions take', survey.needs, (need) => [
      `${need.line}: ${need.instruction} ${visible(need.text)}`,
      need.problem === undefined || need.files > 0 ? filesOf(need) : '',
      need.problem === undefined || need.files > 0 ? size(need.bytes) : '',
      need.problem === undefined ? excludedOf(need) : paint.warning(PROBLEMS[need.problem]),
    ]),
    section(paint, `What ${visible(survey.ignoreFile ?? '.dockerignore')} leaves out`, survey.patterns, (pattern) => [
      `${pattern.line}: ${visible(pattern.text)}`,
      pattern.files === 0 ? '' : filesOf(pattern),
      pattern.files === 0 ? '' : size(pattern.bytes),
      pattern.files > 0 || pattern.text.startsWith('!') ? '' : paint.faint('nothing'),
    ]),
    section(
      paint,
      paint.warning('Secrets that are sent'),
      survey.secrets,
      ({ path, line, holds, doubtful, copiedAt }) => [
        `${visible(path)}${line === null ? '' : `:${line}`}`,
        '',
        '',
        `${doubtful ? 'may hold' : 'holds'} ${holds}${copiedAt === null ? '' : `; line ${copiedAt} copies it`}`,
      ],
    ),
    section(paint, 'Made on this machine, and sent', survey.artefacts, (one) => [
      visible(one.path),
      filesOf(one),
      size(one.bytes),
      one.says,
    ]),
    section(paint, 'Notes', survey.notes, ({ path, says }) => [visible(path), '', '', says]),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

const excludedOf = ({ excluded }: ContextTaking) =>
  excluded === undefined
    ? ''
    : `--exclude copies ${filesOf(excluded)}, ${size(excluded.bytes)} of it not; ${excluded.files === 1 ? 'it is' : 'they are'} sent all the same`;

function totals({ onDisk, ignored, notWanted, sent, ignoreFile }: ContextSurvey): string {
  const table: [string, string, string, string][] = [['on the disk', filesOf(onDisk), size(onDisk.bytes), '']];
  const by = ignoreFile === null ? 'there is no .dockerignore' : `by ${visible(ignoreFile)}`;
  table.push(['left out', filesOf(ignored), size(ignored.bytes), by]);
  if (notWanted.files > 0)
    table.push(['not asked for', filesOf(notWanted), size(notWanted.bytes), 'no instruction takes it']);
  table.push(['sent', filesOf(sent), size(sent.bytes), '']);
  return rows(table);
}

function section<T>(
  paint: Paint,
  title: string,
  all: readonly T[],
  row: (one: T) => readonly [string, string, string, string],
): string {
  if (all.length === 0) return '';
  const { shown, rest } = shortened(all, 'like these');
  return `${paint.strong(title)}\n${rows(shown.map(row))}${rest}`;
}

/** What a proposal comes to, in one line. */
export function proposalLine({ patterns, saves, file }: ContextProposal, written: boolean): string {
  const less =
    saves.files === 0
      ? 'nothing less is sent today'
      : `${filesOf(saves)} and ${size(saves.bytes)} less ${written ? 'are' : 'would be'} sent`;
  const count = `${patterns.length} pattern${patterns.length === 1 ? '' : 's'}`;
  return written ? `${visible(file)}: ${count} added, ${less}` : `${count} could be added to ${visible(file)}, ${less}`;
}

/** That there is nothing to propose. */
export function nothingLine({ ignoreFile, failure }: ContextSurvey): string {
  return failure === undefined ? `nothing to add to ${visible(ignoreFile ?? '.dockerignore')}` : 'nothing is proposed';
}

/** The document of `layerwise context --format json`. */
export function jsonContext(survey: ContextSurvey, proposal: ContextProposal | undefined, version: string): string {
  return `${JSON.stringify({ schemaVersion: 1, tool: { name: 'layerwise', version }, ...survey, proposal: proposal ?? null }, null, 2)}\n`;
}
