import type { Rule, RuleDocs, RuleExample } from '../core/rules/define.ts';

const unmark = (text: string) => text.replace(/[«»]/g, '');
const fence = (text: string) => `\`\`\`dockerfile\n${unmark(text).replace(/\n$/, '')}\n\`\`\`\n`;

/** Branches of the rule's fix that its examples show. */
export function variants(docs: RuleDocs): string[] {
  return [...new Set(docs.examples.flatMap(({ good, variant }) => (good === undefined ? [] : [variant ?? 'default'])))];
}

/** What a page tells of a rule besides its docs. */
type Told = Omit<Rule, 'check' | 'subject'>;

function safetyLine(rule: Told, docs: RuleDocs, safe: ReadonlySet<string>): string {
  const all = variants(docs);
  if (all.length === 0) return 'There is no automatic fix: the diagnostic says why.';
  const isSafe = all.filter((variant) => safe.has(`${rule.id}/${variant}`));
  if (isSafe.length === all.length)
    return 'Safe: applied by `--fix`. The label follows from recorded evidence (docs/safety.md).';
  if (isSafe.length === 0) return 'Unsafe: applied by `--fix --unsafe-fixes` only.';
  return `Safe for ${isSafe.map((variant) => `\`${variant}\``).join(', ')}; the rest is applied by \`--fix --unsafe-fixes\` only.`;
}

function exampleSection(example: RuleExample): string {
  const title = example.title === undefined ? '' : `${example.title}:\n\n`;
  const good =
    example.good === undefined ? `Not fixed: ${example.declined ?? ''}.\n` : `becomes\n\n${fence(example.good)}`;
  return `${title}${fence(example.bad)}\n${good}`;
}

/** The page of a rule, as Markdown: what `explain` prints and docs/rules holds. */
export function rulePage(rule: Told, docs: RuleDocs, safe: ReadonlySet<string>): string {
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
  return `# ${rule.id}

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
