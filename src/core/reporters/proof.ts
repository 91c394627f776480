import type {
  ProofForetold,
  ProofLeftOut,
  ProofReport,
  ProofRow,
  ProofSaying,
  ProofSide,
} from '../vocabulary/index.ts';
import type { Paint } from './paint.ts';
import { visible, width } from './visible.ts';

/** Longer cells are cut: a command line may go on for long. */
const widest = 40;

const longestLine = 160;

const cut = (text: string) => (width(text) > widest ? `${text.slice(0, widest - 1)}…` : text);
const pad = (text: string, columns: number) => text + ' '.repeat(Math.max(0, columns - width(text)));
/** Stands where nothing was looked at. */
export const none = '–';

/** `×0.27`; nothing without a ratio. */
export const ratioText = ({ ratio }: ProofRow) =>
  ratio === undefined ? '' : `×${ratio < 0.095 ? ratio.toFixed(3) : ratio.toFixed(2)}`;

const cells = (row: ProofRow) => [
  row.title,
  cut(visible(row.before ?? none)),
  cut(visible(row.after ?? none)),
  ratioText(row),
];

export const marks: Readonly<Record<ProofSaying['is'], string>> = { upheld: '✔', refuted: '✘', 'not-shown': '?' };

function sentence({ is, says, why }: ProofSaying): string {
  // «yes» repeats what is said already.
  const because = why === 'yes' || why === 'no' ? '' : `: ${why}`;
  return visible(`${is === 'not-shown' ? 'not shown that it' : 'it'} ${says}${because}`);
}

/** How many claims were upheld, refuted and not shown; or why there is no verdict. */
export function proofLine({ sayings, impossible }: ProofReport): string {
  if (impossible !== undefined) return `no verdict: ${visible(impossible)}`;
  const count = (is: ProofSaying['is']) => sayings.filter((one) => one.is === is).length;
  return `${count('upheld')} upheld, ${count('refuted')} refuted, ${count('not-shown')} not shown`;
}

/** A fix that is not part of the after, and why. */
export function leftOutLine({ rule, says }: ProofLeftOut): string {
  return visible(`left out: the fix of ${rule}: with it, it ${says.join('; it ')}`);
}

/** What failed of a side, and its last lines. */
export function failure({ name, failed }: ProofSide): string[] {
  if (failed === undefined) return [];
  return [
    `${visible(name)}${failed.step === undefined ? '' : `: ${visible(failed.step)}`}`,
    ...failed.lines.map((line) => `  ${visible(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)}`),
  ];
}

/** Which steps an edit reran, and whether replay foretold them. */
export function foretoldLine({ of, file, steps }: ProofForetold): string {
  const listed = (some: ProofForetold['steps']) => some.map(({ text }) => cut(visible(text))).join(', ');
  const ran = steps.filter((step) => step.ran === true);
  const wrong = steps.filter(({ is, ran: did }) => did !== null && is !== 'open' && (is === 'reruns') !== did);
  const known = steps.some((step) => step.ran !== null);
  if (!known) return `the engine did not tell which steps of the ${of} an edit of ${visible(file)} reran`;
  const first = `an edit of ${visible(file)} reran of the ${of}: ${ran.length === 0 ? 'nothing' : listed(ran)}`;
  return wrong.length === 0 ? `${first}; as foretold` : `${first}; foretold otherwise: ${listed(wrong)}`;
}

/** What changed, and a verdict on each claim, for people. */
export function prettyProof(report: ProofReport, paint: Paint): string {
  const { rows, sayings, before, after, foretold = [], leftOut = [] } = report;
  const table = [['', 'before', 'after', 'ratio'], ...rows.map(cells)];
  const columns = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => width(row[column] ?? ''))));
  const lines = table.map((row, index) => {
    const text = `  ${row.map((cell, column) => pad(cell, columns[column] ?? 0)).join('  ')}`.trimEnd();
    return index === 0 ? paint.strong(text) : text;
  });
  const colour = { upheld: paint.good, refuted: paint.error, 'not-shown': paint.warning };
  const verdicts = sayings.map((one) => `${colour[one.is](marks[one.is])} ${sentence(one)}`);
  const failures = [...failure(before), ...failure(after)];
  return [
    paint.faint(visible(`${report.engine}; before: ${before.name}; after: ${after.name}`)),
    ...(rows.length > 0 ? ['', ...lines] : []),
    ...(verdicts.length > 0 ? ['', ...verdicts] : []),
    ...(foretold.length > 0 ? ['', ...foretold.map(foretoldLine)] : []),
    ...(failures.length > 0 ? ['', ...failures] : []),
    ...(leftOut.length > 0 ? ['', ...leftOut.map((one) => `${paint.error('✘')} ${leftOutLine(one)}`)] : []),
    '',
    paint.strong(proofLine(report)),
    '',
  ].join('\n');
}

/**
 * Text that means nothing to Markdown, on one line of a table. GitHub looks for names of people in what it has rendered: only a
 * character between parts `@` from them. Addresses are no links either.
 */
function inert(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]<>|#~&$]|:(?=\/\/)|(?<=\bwww)\./gi, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '@&#8203;');
}

/** GitHub takes comments of 65,536 characters. */
const longestPatch = 40_000;
const tooLong = 'The patch is too long for a comment: `--format json` has it.';

/** A patch as Markdown takes it literally: fenced by more backticks than it has in a row. */
function fenced(patch: string): string[] {
  const longest = Math.max(2, ...[...patch.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, patch.split('\n').map(visible).join('\n').trimEnd(), fence, ''];
}

/**
 * The same as a comment on a pull request.
 * @param patch what the fixes that were proved change
 */
export function markdownProof(report: ProofReport, patch = ''): string {
  const { rows, sayings, before, after, foretold = [], leftOut = [] } = report;
  const table = rows.map((row) => `| ${cells(row).map(inert).join(' | ')} |`);
  const failures = [...failure(before), ...failure(after)];
  return [
    `### layerwise prove: ${inert(proofLine(report))}`,
    '',
    ...(sayings.length > 0 ? [...sayings.map((one) => `- ${marks[one.is]} ${inert(sentence(one))}`), ''] : []),
    ...(table.length > 0 ? ['| | before | after | ratio |', '| --- | --- | --- | --- |', ...table, ''] : []),
    ...(foretold.length > 0 ? [...foretold.map((one) => `- ${inert(foretoldLine(one))}`), ''] : []),
    ...(failures.length > 0 ? ['<pre>', ...failures.map(inert), '</pre>', ''] : []),
    ...(leftOut.length > 0 ? [...leftOut.map((one) => `- ✘ ${inert(leftOutLine(one))}`), ''] : []),
    ...(patch === '' ? [] : patch.length > longestPatch ? [tooLong, ''] : fenced(patch)),
    inert(`${report.engine}; before: ${before.name}; after: ${after.name}`),
    '',
  ].join('\n');
}

/**
 * Everything that was seen, for programs.
 * @param patch what the fixes that were proved change
 */
export function jsonProof(report: ProofReport, version: string, patch?: string): string {
  const {
    engine,
    before,
    after,
    observations,
    verdicts,
    sayings,
    seconds,
    rebuilds = [],
    changes = [],
    foretold = [],
    leftOut,
    impossible,
  } = report;
  const judged = verdicts.map((verdict, index) => ({ ...verdict, says: sayings[index]?.says }));
  return `${JSON.stringify(
    {
      schemaVersion: 1,
      tool: { name: 'layerwise', version },
      engine,
      before,
      after,
      observations,
      verdicts: judged,
      ...(seconds === undefined ? {} : { seconds }),
      rebuilds,
      changes,
      foretold,
      ...(leftOut === undefined ? {} : { leftOut }),
      ...(patch === undefined ? {} : { patch }),
      ...(impossible === undefined ? {} : { impossible }),
    },
    null,
    2,
  )}\n`;
}
