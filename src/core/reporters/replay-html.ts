import type { ReplayCommit, ReplayReport, ReplayStep } from '../vocabulary/index.ts';
import { averageLine, causesOf, headline, isTold, problemsOf, rerunsOf, rowsOf, unseen } from './replay.ts';
import { visible } from './visible.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const inert = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
const escaped = (text: string) => inert(visible(text));

const style = `
:root { color-scheme: light dark; --ink: #1c2024; --faint: #5b6470; --paper: #fff; --line: #dfe3e8; --often: #c0362c; --some: #b7791f; --seldom: #2f855a; --maybe: .45 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --faint: #9aa4b0; --paper: #16191d; --line: #2f353c; --often: #f0766b; --some: #e0b050; --seldom: #6cc597 } }
body { margin: 2rem auto; max-width: 78rem; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin-top: 2rem } p, li { color: var(--faint) } p.sum { color: var(--ink); font-weight: 600 }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: middle }
th[scope=rowgroup] { padding-top: 1rem } td.figure { white-space: nowrap; font-variant-numeric: tabular-nums } code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
svg { display: block; width: 100%; min-width: 8rem; height: 1rem; background: var(--line); border-radius: 2px } .often { fill: var(--often) } .some { fill: var(--some) } .seldom { fill: var(--seldom) } .maybe { opacity: var(--maybe) }
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
        ? '<td class="figure">–</td><td></td>'
        : `<td class="figure">${rerunsOf(one)} of ${one.of}</td><td>${strip(report, side, one)}</td>`,
    );
    return `${group}<tr><td><code>${escaped(step.text)}</code></td>${cells.join('')}<td>${inert(causesOf(step))}</td></tr>\n`;
  });
  const remarks = [...problemsOf(report), ...notes.map(visible), unseen];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What reruns: ${escaped(report.dockerfile)}</title>
<style>${style}</style>
</head>
<body>
<h1>What reruns</h1>
<p>${inert(headline(report))}</p>
<p class="sum">${inert(averageLine(report))}</p>
<div class="wide">
<table>
<thead><tr><th>step</th>${columns}<th>because of</th></tr></thead>
<tbody>
${rows.join('')}</tbody>
</table>
</div>
<p>Each strip goes from the oldest commit to the newest. What is pale only a build can tell: files are copied from a stage that reran.</p>
${busiest(report)}<ul>
${remarks.map((one) => `<li>${inert(one)}</li>\n`).join('')}</ul>
</body>
</html>
`;
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
    return `<tr><td><code>${escaped(id.slice(0, 10))}</code></td><td>${escaped(subject)}</td><td class="figure">${changed}</td><td class="figure">${count}</td><td><code>${escaped(first)}</code></td></tr>\n`;
  });
  return `<h2>Commits that rerun the most</h2>
<div class="wide">
<table>
<thead><tr><th>commit</th><th></th><th>paths</th><th>steps</th><th>first in each stage</th></tr></thead>
<tbody>
${rows.join('')}</tbody>
</table>
</div>
`;
}
