/** Rule tables and the checklist page, as Markdown, from the rules themselves. */
import { variants } from '../src/cli/rule-page.ts';
import type { Point, Rule, RuleDocs } from '../src/core/rules/define.ts';

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
