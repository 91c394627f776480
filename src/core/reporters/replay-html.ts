import type { ReplayCommit, ReplayReport, ReplayStep } from '../vocabulary/index.ts';
import { escaped, inert, page } from './html.ts';
import { averageLine, causesOf, headline, isAlike, isTold, problemsOf, rerunsOf, rowsOf, unseen } from './replay.ts';
import { visible } from './visible.ts';

const style = `
svg { display: block; width: 100%; min-width: 8rem; height: 1rem; background: var(--line); border-radius: 2px } .often { fill: var(--bad) } .some { fill: var(--unsure) } .seldom { fill: var(--good) } .maybe { opacity: .45 }
.reruns td:first-child { min-width: 12rem } .reruns td.strip { width: 40% } .reruns.compared td.strip { width: 20% } .reruns td:last-child { min-width: 9rem } .commits td { width: 50% } .commits td.figure, .commits td.id { width: 1%; white-space: nowrap }
`;

/** Commits next to one another that a step reran at are one piece. */
function pieces(commits: readonly ReplayCommit[], side: number, step: number, which: 'certain' | 'possible') {
  const found: { from: number; length: number }[] = [];
  for (const [i, { reruns }] of commits.entries()) {
    if (!reruns[side]?.[which].includes(step)) continue;
    const last = found.at(-1);
    if (last !== undefined && last.from + last.length === i) last.length += 1;
    else found.push({ from: i, length: 1 });
  }
  return found;
}

const shade = ({ reran, of }: ReplayStep) => (reran > of / 2 ? 'often' : reran > of / 10 ? 'some' : 'seldom');

/** A mark for each commit at which a step reran, the oldest to the left. */
function strip(report: ReplayReport, side: number, step: ReplayStep): string {
  const { commits, sides } = report;
  const index = sides[side]?.steps.indexOf(step) ?? 0;
  // A single commit among many would be thinner than a line.
  const least = Math.max(1, Math.ceil(commits.length / 250));
  const rects = (['certain', 'possible'] as const).flatMap((which) =>
    pieces(commits, side, index, which).map(
      ({ from, length }) =>
        `<rect x="${from}" width="${Math.max(least, length)}" height="1"${which === 'possible' ? ' class="maybe"' : ''}/>`,
    ),
  );
  const says = `${rerunsOf(step)} of ${step.of} commits`;
  return `<svg class="${shade(step)}" viewBox="0 0 ${commits.length} 1" preserveAspectRatio="none" role="img" aria-label="${says}"><title>${says}</title>${rects.join('')}</svg>`;
}

/** One page that needs nothing from elsewhere. */
export function htmlReplay(report: ReplayReport): string {
  const { sides, notes } = report;
  const compared = sides.length > 1;
  const columns = sides.map(({ name }) => `<th colspan="2">${compared ? escaped(name) : 'reran in'}</th>`).join('');
  let stage: string | undefined;
  const rows = rowsOf(report).map(({ stage: own, step, each }) => {
    const group =
      own === stage ? '' : `<tr><th scope="rowgroup" colspan="${2 + 2 * sides.length}">${escaped(own)}</th></tr>\n`;
    stage = own;
    const cells = each.map((one, side) =>
      one === undefined
        ? '<td class="figure">–</td><td class="strip"></td>'
        : `<td class="figure">${rerunsOf(one)} of ${one.of}</td><td class="strip">${strip(report, side, one)}</td>`,
    );
    return `${group}<tr><td><code>${escaped(step.text)}</code></td>${cells.join('')}<td>${inert(causesOf(step))}</td></tr>\n`;
  });
  const remarks = [
    ...(isAlike(report) ? ['no step reruns more or less often with the one than with the other'] : []),
    ...problemsOf(report),
    ...notes.map(visible),
    unseen,
  ];
  return page(
    `What reruns: ${report.dockerfile}`,
    style,
    `<h1>What reruns</h1>
<p>${inert(headline(report))}</p>
<p class="sum">${inert(averageLine(report))}</p>
<div class="wide">
<table class="reruns${compared ? ' compared' : ''}">
<thead><tr><th>step</th>${columns}<th>because of</th></tr></thead>
<tbody>
${rows.join('')}</tbody>
</table>
</div>
<p>Each strip goes from the oldest commit to the newest. What is pale only a build can tell: files are copied from a stage that reran.</p>
${busiest(report)}<ul>
${remarks.map((one) => `<li>${inert(one)}</li>\n`).join('')}</ul>
`,
  );
}

/** So many commits are listed. */
const mostCommits = 20;

/** Commits that rerun the most steps. */
function busiest({ commits, sides }: ReplayReport): string {
  const steps = sides[0]?.steps ?? [];
  const told = (indices: readonly number[]) =>
    indices.filter((index) => steps[index] !== undefined && isTold(steps[index] as ReplayStep)).length;
  const most = commits
    .map((commit) => ({
      commit,
      count: told([...(commit.reruns[0]?.certain ?? []), ...(commit.reruns[0]?.possible ?? [])]),
    }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, mostCommits);
  if (most.length === 0) return '';
  const rows = most.map(({ commit: { id, subject, changed, reruns }, count }) => {
    const first = reruns[0]?.stages.map(({ first: index }) => steps[index]?.text ?? '').join('; ') ?? '';
    return `<tr><td class="id"><code>${escaped(id.slice(0, 10))}</code></td><td>${escaped(subject)}</td><td class="figure">${changed}</td><td class="figure">${count}</td><td><code>${escaped(first)}</code></td></tr>\n`;
  });
  return `<h2>Commits that rerun the most</h2>
<div class="wide">
<table class="commits">
<thead><tr><th>commit</th><th></th><th>paths</th><th>steps</th><th>first in each stage</th></tr></thead>
<tbody>
${rows.join('')}</tbody>
</table>
</div>
`;
}
