import type { ReplayCause, ReplayReport, ReplaySide, ReplayStep } from '../vocabulary/index.ts';
import type { Paint } from './paint.ts';
import { visible, width } from './visible.ts';

/** Longer steps are cut. */
const widest = 48;
/** Characters of a bar. */
const barWidth = 20;
/** So many reasons are told. */
const mostCauses = 3;

const cut = (text: string, columns = widest) => (width(text) > columns ? `${text.slice(0, columns - 1)}…` : text);
const padded = (text: string, columns: number) => text + ' '.repeat(Math.max(0, columns - width(text)));
const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How often a step reran: `187`, or `12–187` where only a build can tell. */
export function rerunsOf({ reran, certain }: ReplayStep): string {
  return reran === certain ? `${reran}` : `${certain}–${reran}`;
}

export function causeOf(cause: ReplayCause): string {
  if (cause.is === 'path') return cause.path;
  if (cause.is === 'argument') return `$${cause.name}`;
  return cause.is === 'ignore-file' ? 'the ignore file' : 'a changed instruction';
}

/** Most often first, the rest counted. */
export function causesOf({ causes }: ReplayStep): string {
  const shown = causes.slice(0, mostCauses).map(({ because }) => visible(causeOf(because)));
  const more = causes.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}

/** WORKDIR costs nothing; FROM is told when it named another base. */
export const isTold = ({ instruction, reran }: ReplayStep) =>
  instruction === 'FROM' ? reran > 0 : instruction !== 'WORKDIR';

/** Steps of the last Dockerfile side by side; of one alone the other is undefined. */
export function rowsOf({ sides, pairs }: ReplayReport): readonly {
  readonly stage: string;
  readonly step: ReplayStep;
  readonly each: readonly (ReplayStep | undefined)[];
}[] {
  return pairs.flatMap((pair) => {
    const each = sides.map(({ steps }, i) => {
      const index = pair[i] ?? null;
      return index === null ? undefined : steps[index];
    });
    const step = each.find((one) => one !== undefined);
    return step !== undefined && each.some((one) => one !== undefined && isTold(one))
      ? [{ stage: step.stage, step, each }]
      : [];
  });
}

function bar(step: ReplayStep | undefined): string {
  if (step === undefined) return ' '.repeat(barWidth);
  const cells = (count: number) =>
    step.of === 0 ? 0 : count === 0 ? 0 : Math.max(1, Math.round((count / step.of) * barWidth));
  const [certain, all] = [cells(step.certain), cells(step.reran)];
  return '█'.repeat(certain) + '▒'.repeat(Math.max(0, all - certain)) + '·'.repeat(barWidth - Math.max(all, certain));
}

const figure = (step: ReplayStep | undefined) => (step === undefined ? '–' : `${rerunsOf(step)} of ${step.of}`);

/** What was replayed, in one line. */
export function headline({ context, dockerfile, history, files, policy, sides }: ReplayReport): string {
  const { commits, branch, merges, renames } = history;
  const parts = [
    `${many(commits, 'commit')}${branch === null ? '' : ` of ${branch}`} along first parents`,
    ...(merges > 0 ? [`${many(merges, 'merge')} as one commit each`] : []),
    ...(renames > 0 ? [`${many(renames, 'rename')} as removed and added`] : []),
  ];
  const held =
    files === 'of each commit'
      ? `${dockerfile} and its ignore file as each commit has them`
      : `${sides.map(({ name }) => name).join(' and ')}, with the ignore file of today, at every commit`;
  const cache = policy === 'ever' ? '; nothing leaves the cache' : '';
  return visible(`${context}: ${parts.join(', ')}; ${held}${cache}`);
}

/** How many steps rerun on average. */
export function averageLine({ sides }: ReplayReport): string {
  const count = ({ steps }: ReplaySide) =>
    steps.filter((step) => step.line !== null && step.instruction !== 'FROM').length;
  const one = (side: ReplaySide) => `${side.average} of ${many(count(side), 'step')}`;
  const [first, second] = sides;
  if (first === undefined) return '';
  const now = `a commit reruns ${one(first)} on average`;
  return second === undefined ? now : `${now}; with ${visible(second.name)} ${one(second)}`;
}

/** Two files are compared, and no step tells them apart. */
export function isAlike({ sides, pairs }: ReplayReport): boolean {
  const [first, second] = sides;
  return (
    second !== undefined &&
    pairs.every(([i, j]) => {
      const [was, is] = [i === null ? undefined : first?.steps[i], j === null ? undefined : second.steps[j]];
      return was !== undefined && was.reran === is?.reran && was.certain === is.certain;
    })
  );
}

/** Commits of which no build can be told, by their reason. */
export function problemsOf({ commits }: ReplayReport): readonly string[] {
  const found = new Map<string, { first: string; count: number }>();
  for (const { id, problem } of commits) {
    if (problem === undefined) continue;
    const known = found.get(problem);
    if (known === undefined) found.set(problem, { first: id, count: 1 });
    else known.count += 1;
  }
  return [...found].map(([says, { first, count }]) =>
    visible(`${many(count, 'commit')} left out, from ${first.slice(0, 10)}: ${says}`),
  );
}

/** What no replay sees. */
export const unseen =
  'not seen: base images that are pushed again, what a RUN or ADD fetches, files that git does not keep';

/** For people: a line for each step of the stages that the target needs. */
export function prettyReplay(report: ReplayReport, paint: Paint): string {
  const { sides, notes } = report;
  const rows = rowsOf(report);
  const texts = rows.map(({ step }) => cut(visible(step.text)));
  const left = Math.max(0, ...texts.map(width));
  const figures = sides.map((_, i) => Math.max(0, ...rows.map(({ each }) => figure(each[i]).length)));
  const compared = sides.length > 1;
  const lines: string[] = [paint.faint(headline(report)), ''];
  if (compared) {
    const names = sides.map(({ name }, i) => padded(cut(visible(name), 30), (figures[i] ?? 0) + barWidth + 2));
    lines.push(paint.strong(`  ${' '.repeat(left)}  ${names.join('   ').trimEnd()}`));
  }
  let stage: string | undefined;
  for (const [i, row] of rows.entries()) {
    if (row.stage !== stage) {
      stage = row.stage;
      lines.push(paint.strong(visible(stage)));
    }
    const cells = row.each.map((step, side) => {
      const text = figure(step).padStart(figures[side] ?? 0);
      return `${compared ? '' : 'reran in '}${text}  ${barOf(step, paint)}`;
    });
    const because = causesOf(row.step);
    const why = because === '' ? '' : `  ${paint.faint(`because of ${because}`)}`;
    lines.push(`  ${padded(texts[i] ?? '', left)}  ${cells.join('   ')}${why}`.trimEnd());
  }
  const [first] = sides;
  const gone = first?.steps.filter((step) => step.line === null && isTold(step)).length ?? 0;
  lines.push('', paint.strong(averageLine(report)));
  if (rows.some(({ each }) => each.some((step) => step !== undefined && step.reran !== step.certain)))
    lines.push('▒ only a build can tell: files are copied from a stage that reran, and may be the same');
  if (isAlike(report)) lines.push('no step reruns more or less often with the one than with the other');
  if (gone > 0)
    lines.push(
      `${many(gone, 'step')} of earlier commits that the last one has no more ${gone === 1 ? 'is' : 'are'} not shown`,
    );
  for (const problem of problemsOf(report)) lines.push(paint.warning(problem));
  for (const note of notes) lines.push(`note: ${visible(note)}`);
  lines.push(paint.faint(unseen), '');
  return lines.join('\n');
}

function barOf(step: ReplayStep | undefined, paint: Paint): string {
  const text = bar(step);
  if (step === undefined || step.of === 0) return text;
  const share = step.reran / step.of;
  return share > 0.5 ? paint.error(text) : share > 0.1 ? paint.warning(text) : paint.good(text);
}

/** The document of `layerwise replay --format json`. */
export function jsonReplay(report: ReplayReport, version: string): string {
  return `${JSON.stringify({ schemaVersion: 1, tool: { name: 'layerwise', version }, ...report }, null, 2)}\n`;
}
