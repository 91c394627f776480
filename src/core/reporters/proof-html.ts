import type { ProofChange, ProofRebuild, ProofReport, ProofSaying, ProofStep } from '../vocabulary/index.ts';
import { escaped, inert, page } from './html.ts';
import { failure, foretoldLine, leftOutLine, marks, none, proofLine, ratioText } from './proof.ts';

const style = `
.upheld { color: var(--good) } .refuted { color: var(--bad) } .not-shown { color: var(--unsure) } td.is { white-space: nowrap; font-weight: 600 }
svg { display: block; width: 100%; min-width: 10rem; height: 1rem } svg.track { background: var(--line); border-radius: 2px } .own { fill: var(--bar) } .base { fill: var(--pale) }
.bars th { font-weight: normal; white-space: nowrap; width: 1% } .bars td.bar { width: 100% } .steps td.bar { width: 45%; min-width: 10rem } .steps td.figure { text-align: right } .steps td { padding-block: .15rem } .steps td:nth-child(2) { min-width: 11rem } .steps td:first-child { color: var(--faint) } .bars td.figure { white-space: normal; min-width: 9rem } tr.cached code, tr.cached td.figure { color: var(--faint) }
.key { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; vertical-align: -1px; margin: 0 .2rem 0 .6rem } .key:first-child { margin-left: 0 } .key.own { background: var(--bar) } .key.base { background: var(--pale) }
pre { white-space: pre-wrap; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 4px } .added { color: var(--good) } .removed { color: var(--bad) }
`;

type Side = 'before' | 'after';
const sides = ['before', 'after'] as const;
const words: Readonly<Record<ProofSaying['is'], string>> = {
  upheld: 'upheld',
  refuted: 'refuted',
  'not-shown': 'not shown',
};

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(Math.abs(bytes) < 9_950_000 ? 2 : 1)} MB`;
const seconds = (time: number) => `${time.toFixed(time < 9.95 ? 2 : 1)} s`;
/** A length in a drawing of 1000 units; what is there is seen, however small. */
const share = (part: number, whole: number) => (whole > 0 && part > 0 ? Math.max(2, (part / whole) * 1000) : 0);
const units = (length: number) => String(Math.round(length * 10) / 10);

function table(head: readonly string[], rows: readonly string[], kind = ''): string {
  if (rows.length === 0) return '';
  const cells = head.map((cell) => `<th>${cell}</th>`).join('');
  const thead = head.length === 0 ? '' : `<thead><tr>${cells}</tr></thead>\n`;
  return `<div class="wide">
<table${kind === '' ? '' : ` class="${kind}"`}>
${thead}<tbody>
${rows.map((row) => `${row}\n`).join('')}</tbody>
</table>
</div>
`;
}

function claims({ sayings }: ProofReport): string {
  const rows = sayings.map(
    ({ is, says, why }) =>
      `<tr><td class="is ${is}">${marks[is]} ${words[is]}</td><td>${escaped(says)}</td><td>${escaped(why)}</td></tr>`,
  );
  return table(['', 'the after …', 'seen'], rows);
}

/** What was seen last of a number. */
function numberOf({ observations }: ProofReport, of: Side, probe: 'image-bytes' | 'own-bytes'): number | undefined {
  const seen = observations.findLast((one) => one.of === of && one.probe === probe && 'value' in one.got);
  return seen && 'value' in seen.got && typeof seen.got.value === 'number' ? seen.got.value : undefined;
}

/** A bar for each image: its base, and what it has above. */
function sizes(report: ProofReport): string {
  const images = sides.flatMap((of) => {
    const all = numberOf(report, of, 'image-bytes');
    return all === undefined ? [] : [{ of, all, own: numberOf(report, of, 'own-bytes') }];
  });
  const largest = Math.max(...images.map(({ all }) => all));
  const rows = images.map(({ of, all, own = all }) => {
    const [base, above] = [share(all - own, largest), share(own, largest)];
    const says = own === all ? megabytes(all) : `${megabytes(all)}, ${megabytes(own)} of it above its base`;
    const rects = [
      `<rect class="base" width="${units(base)}" height="1"/>`,
      `<rect class="own" x="${units(base)}" width="${units(above)}" height="1"/>`,
    ].join('');
    return `<tr><th scope="row">${of}</th><td class="bar"><svg viewBox="0 0 1002 1" preserveAspectRatio="none" role="img" aria-label="${says}">${rects}</svg></td><td class="figure">${says}</td></tr>`;
  });
  if (rows.length === 0) return '';
  return `<h2>Size</h2>
${table([], rows, 'bars')}<p><span class="key base"></span>its base <span class="key own"></span>above its base</p>
`;
}

function values({ rows }: ProofReport): string {
  const told = rows.map((row) => {
    const [before, after] = [escaped(row.before ?? none), escaped(row.after ?? none)];
    return `<tr><td>${escaped(row.title)}</td><td>${before}</td><td>${after}</td><td class="figure">${ratioText(row)}</td></tr>`;
  });
  return told.length === 0 ? '' : `<h2>Before and after</h2>\n${table(['', 'before', 'after', 'ratio'], told)}`;
}

/** The one in the middle by its time. */
function middle(rebuilds: readonly ProofRebuild[]): ProofRebuild | undefined {
  return rebuilds.toSorted((a, b) => a.seconds - b.seconds)[(rebuilds.length - 1) >> 1];
}

/** Where an engine does not say when a step began, they are laid one after another. */
function placed(steps: readonly ProofStep[]): readonly { readonly step: ProofStep; readonly from: number }[] {
  let end = 0;
  return steps.map((step) => {
    const from = step.began ?? end;
    end = from + (step.cached ? 0 : step.seconds);
    return { step, from };
  });
}

/** What is taken from a base that lies there already is no work. */
const isWork = ({ text, cached, seconds: time }: ProofStep) => !/^FROM\b/i.test(text) || (!cached && time >= 0.05);

/** What was built again, and why. */
function timelines(report: ProofReport): string {
  const { rebuilds = [], changes = [] } = report;
  const edited = sides.flatMap((of) => middle(rebuilds.filter((one) => one.of === of)) ?? []);
  const changed = (change: ProofChange['change']) => changes.filter((one) => one.change === change);
  const [dependency, label] = [changed('dependency'), changed('label')];
  const told = [
    timeline(report, `after an edit of ${edited[0]?.file}`, edited),
    timeline(report, `after a change of ${dependency[0]?.what}`, dependency),
    timeline(report, `with another ${label[0]?.what}`, label),
  ].join('');
  return told === ''
    ? ''
    : `${told}<p>Of several rebuilds of a side the one in the middle. What the steps leave of its time goes to the context and the image.</p>\n`;
}

/** When each step of a rebuild ran, on the same scale for both sides. */
function timeline(
  { before, after }: ProofReport,
  why: string,
  shown: readonly Pick<ProofRebuild, 'of' | 'seconds' | 'steps'>[],
): string {
  if (shown.length === 0) return '';
  const laid = shown.map((one) => ({ ...one, steps: placed(one.steps.filter(isWork)) }));
  const ends = laid.flatMap(({ steps }) => steps.map(({ step, from }) => (step.cached ? 0 : from + step.seconds)));
  const longest = Math.max(...ends);
  const rows = laid.flatMap(({ of, seconds: all, steps }) => {
    const name = of === 'before' ? before.name : after.name;
    return [
      `<tr><th scope="rowgroup" colspan="4">${of}: ${seconds(all)} <code>${escaped(name)}</code></th></tr>`,
      ...steps.map(({ step, from }, i) => stepRow(step, steps[i - 1]?.step.stage, from, longest)),
    ];
  });
  return `<h2>Built again ${escaped(why)}</h2>\n${table([], rows, 'steps')}`;
}

function stepRow(step: ProofStep, stageAbove: string | undefined, from: number, longest: number): string {
  const { stage = '', text, cached, seconds: time } = step;
  const says = cached ? 'cached' : seconds(time);
  const x = longest > 0 ? (from / longest) * 1000 : 0;
  const rect = cached ? '' : `<rect class="own" x="${units(x)}" width="${units(share(time, longest))}" height="1"/>`;
  const bar = `<svg class="track" viewBox="0 0 1002 1" preserveAspectRatio="none" role="img" aria-label="${says}">${rect}</svg>`;
  return `<tr${cached ? ' class="cached"' : ''}><td>${stage === stageAbove ? '' : escaped(stage)}</td><td><code>${escaped(text.replace(/\s+/g, ' '))}</code></td><td class="figure">${says}</td><td class="bar">${bar}</td></tr>`;
}

function patched(patch: string): string {
  if (patch === '') return '';
  const lines = patch.trimEnd().split('\n');
  const told = lines.map((line) => {
    const kind = /^\+(?!\+\+ )/.test(line) ? 'added' : /^-(?!-- )/.test(line) ? 'removed' : undefined;
    return kind === undefined ? escaped(line) : `<span class="${kind}">${escaped(line)}</span>`;
  });
  return `<h2>What the fixes change</h2>\n<pre>${told.join('\n')}</pre>\n`;
}

/**
 * One page that needs nothing from elsewhere.
 * @param patch what the fixes that were proved change
 */
export function htmlProof(report: ProofReport, patch = ''): string {
  const { engine, before, after, foretold = [], leftOut = [] } = report;
  const failures = [...failure(before), ...failure(after)];
  const items = (lines: readonly string[]) =>
    lines.length === 0 ? '' : `<ul>\n${lines.map((line) => `<li>${inert(line)}</li>\n`).join('')}</ul>\n`;
  return page(
    `prove: ${before.name} and ${after.name}`,
    style,
    `<h1>What the change does</h1>
<p>before: <code>${escaped(before.name)}</code>; after: <code>${escaped(after.name)}</code>; ${escaped(engine)}</p>
<p class="sum">${inert(proofLine(report))}</p>
${claims(report)}${items(leftOut.map(leftOutLine))}${
  failures.length === 0 ? '' : `<h2>What failed</h2>\n<pre>${failures.map(inert).join('\n')}</pre>\n`
}${sizes(report)}${values(report)}${timelines(report)}${items(foretold.map(foretoldLine))}${patched(patch)}`,
  );
}
