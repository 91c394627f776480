/** Rule pages and tables, as Markdown, from the rules themselves. */
import type { Point, Rule, RuleDocs, RuleExample } from '../src/core/rules/define.ts';

const unmark = (text: string) => text.replace(/[«»]/g, '');
const fence = (text: string) => `\`\`\`dockerfile\n${unmark(text).replace(/\n$/, '')}\n\`\`\`\n`;

function variants(docs: RuleDocs): string[] {
  return [...new Set(docs.examples.flatMap(({ good, variant }) => (good === undefined ? [] : [variant ?? 'default'])))];
}

function safetyLine(rule: Rule, docs: RuleDocs, safe: ReadonlySet<string>): string {
  const all = variants(docs);
  if (all.length === 0) return 'There is no automatic fix: the diagnostic says why.';
  const isSafe = all.filter((variant) => safe.has(`${rule.id}/${variant}`));
  if (isSafe.length === all.length)
    return 'Safe: applied by `--fix`. The label follows from recorded evidence (docs/safety.md).';
  if (isSafe.length === 0) return 'Unsafe: applied by `--unsafe-fixes` only.';
  return `Safe for ${isSafe.map((variant) => `\`${variant}\``).join(', ')}; the rest is applied by \`--unsafe-fixes\` only.`;
}

function exampleSection(example: RuleExample): string {
  const title = example.title === undefined ? '' : `${example.title}:\n\n`;
  const good =
    example.good === undefined ? `Not fixed: ${example.declined ?? ''}.\n` : `becomes\n\n${fence(example.good)}`;
  return `${title}${fence(example.bad)}\n${good}`;
}

/** The page that `explain` prints and docs/rules holds. */
export function rulePage(rule: Rule, docs: RuleDocs, safe: ReadonlySet<string>): string {
  const facts = [
    `level: ${rule.offByDefault === undefined ? rule.level : `off (${rule.offByDefault})`}`,
    `practice: ${rule.practice}`,
    ...(rule.point === undefined ? [] : [`checklist point: ${rule.point}`]),
    ...(rule.aliases.length === 0 ? [] : [`also known as: ${rule.aliases.map((alias) => `\`${alias}\``).join(', ')}`]),
  ];
  const silent =
    docs.silent.length === 0
      ? ''
      : `\n## Silent on\n\n${docs.silent.map(({ title, text }) => `${title}:\n\n${fence(text)}`).join('\n')}`;
  const figure = docs.figure === undefined ? '' : `\n${docs.figure}\n`;
  const links = docs.links === undefined ? '' : `\n## Links\n\n${docs.links.map((link) => `- <${link}>`).join('\n')}\n`;
  return `<!-- made by \`npm run gen\` -->
# ${rule.id}

${rule.summary}

${facts.map((fact) => `- ${fact}`).join('\n')}

## Why

${docs.why.trim()}
${figure}
## Fix safety

${safetyLine(rule, docs, safe)}

## Examples

${docs.examples.map(exampleSection).join('\n')}${silent}${links}`;
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;

export function rulesIndex(rules: readonly { rule: Rule; docs: RuleDocs }[], safe: ReadonlySet<string>): string {
  const rows = rules.map(({ rule, docs }) => {
    const all = variants(docs);
    const kept = all.filter((variant) => safe.has(`${rule.id}/${variant}`)).length;
    const fix = all.length === 0 ? '–' : kept === all.length ? 'safe' : kept === 0 ? 'unsafe' : 'partly safe';
    const level = rule.offByDefault === undefined ? rule.level : 'off';
    return row([`[${rule.id}](${rule.id}.md)`, rule.practice, level, fix, rule.summary, rule.aliases.join(', ')]);
  });
  return `<!-- made by \`npm run gen\` -->\n# Rules\n\n${row(['rule', 'practice', 'level', 'fix', 'what is wrong', 'also known as'])}${row(['---', '---', '---', '---', '---', '---'])}${rows.join('')}`;
}

export function checklistPage(rules: readonly Rule[], points: Readonly<Record<Point, string>>): string {
  const sections = (Object.keys(points) as unknown as Point[]).map((key) => {
    const point = Number(key) as Point;
    const own = rules.filter((rule) => rule.point === point);
    return `## ${point}. ${points[point]}\n\n${own.map((rule) => `- [${rule.id}](rules/${rule.id}.md): ${rule.summary}`).join('\n') || '- no rule yet'}\n`;
  });
  return `<!-- made by \`npm run gen\` -->\n# The seven-point checklist\n\nA point is *not met* when a rule of it is violated or ignored, *unknown* when one could not answer or is switched off, *met*\nwhen one held, and otherwise *not applicable*, with the reason.\n\n${sections.join('\n')}`;
}

/** Puts `text` between two marks of a page; a page without them stays as it is. */
export function between(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  return from < 0 || to < from ? page : page.slice(0, from + start.length) + text + page.slice(to);
}

/** Puts the table of rules between the README's two marks. */
export function readmeTable(readme: string, rules: readonly Rule[], safe: ReadonlySet<string>): string {
  const practices = new Map<string, Rule[]>();
  for (const rule of rules) practices.set(rule.practice, [...(practices.get(rule.practice) ?? []), rule]);
  const number = (practice: string) => (practice.startsWith('X') ? 100 : 0) + Number(practice.slice(1));
  const rows = [...practices.entries()]
    .sort(([a], [b]) => number(a) - number(b))
    .map(([practice, own]) => row([practice, own.map((rule) => `[${rule.id}](docs/rules/${rule.id}.md)`).join(', ')]));
  const count = `${rules.length} rules, ${safe.size} safe fixes.\n\n`;
  return between(readme, 'rules', `\n\n${count}${row(['practice', 'rules'])}${row(['---', '---'])}${rows.join('')}\n`);
}
