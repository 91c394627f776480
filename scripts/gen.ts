/**
 * Writes what follows from the rules: registry, docs chunk, safety table, rule pages, checklist page and the README's table.
 * `--check` writes nothing and fails when something is stale.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rulePage } from '../src/cli/rule-page.ts';
import { points } from '../src/core/lint/checklist.ts';
import { unusedIgnoreId, unusedIgnoreVariant } from '../src/core/lint/ignores.ts';
import { unusedIgnore, unusedIgnoreDocs } from '../src/core/lint/unused-ignore-page.ts';
import type { Rule, RuleDocs } from '../src/core/rules/define.ts';
import { readEvidence, safeVariants } from '../test/evidence/evidence.ts';
import { between, checklistPage, readmeTable, rulesIndex } from './pages.ts';
import { picture } from './picture.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const rulesFolder = join(root, 'src/core/rules');
const checking = process.argv.includes('--check');
const stale: string[] = [];

interface RuleFile {
  /** Relative to `src/core/rules`: `os-packages/apt-lists-left-behind.ts`. */
  readonly path: string;
  readonly rule: Rule;
  readonly docs: RuleDocs;
}

function write(path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (checking) {
    stale.push(path);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function ruleFiles(): Promise<RuleFile[]> {
  const found: RuleFile[] = [];
  for (const folder of readdirSync(rulesFolder, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    for (const name of readdirSync(join(rulesFolder, folder.name))) {
      if (!name.endsWith('.ts')) continue;
      const path = `${folder.name}/${name}`;
      const module = (await import(pathToFileURL(join(rulesFolder, path)).href)) as { default?: Rule; docs?: RuleDocs };
      if (module.default === undefined || module.docs === undefined)
        throw new Error(`${path}: a rule file exports default and docs`);
      if (module.default.id !== basename(name, '.ts'))
        throw new Error(`${path}: the file is called as the rule, ${module.default.id}`);
      found.push({ path, rule: module.default, docs: module.docs });
    }
  }
  return found.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
}

const camel = (id: string) => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const header = '// Made by `npm run gen`. Do not edit.\n';

/** What the linter itself offers: to take out an ignore comment that silences nothing. */
const unusedIgnoreFix = {
  rule: { id: unusedIgnoreId, fixClass: 'S' },
  docs: { examples: [{ good: '', variant: unusedIgnoreVariant }] },
} as const;

const files = await ruleFiles();
const safe = safeVariants(
  [...files.map(({ rule, docs }) => ({ rule, docs })), unusedIgnoreFix],
  readEvidence(join(root, 'test/evidence')),
);

write(
  'src/core/rules/registry.gen.ts',
  `${header}import type { Rule } from './define.ts';\n${files.map(({ path, rule }) => `import ${camel(rule.id)} from './${path}';`).join('\n')}\n\nexport const rules: readonly Rule[] = [\n${files.map(({ rule }) => `  ${camel(rule.id)},`).join('\n')}\n];\n`,
);
write(
  'src/core/rules/docs.gen.ts',
  `${header}import type { RuleDocs } from './define.ts';\n${files.map(({ path, rule }) => `import { docs as ${camel(rule.id)} } from './${path}';`).join('\n')}\n\nexport const docs: Readonly<Record<string, RuleDocs>> = {\n${files.map(({ rule }) => `  '${rule.id}': ${camel(rule.id)},`).join('\n')}\n};\n`,
);
write(
  'src/core/rules/safety.gen.ts',
  `// Made by \`npm run gen\` from test/evidence/*.json. Do not edit.\n\n/** Fixes that recorded evidence shows to be safe, as \`rule/variant\`. */\nexport const safeFixes: ReadonlySet<string> = new Set([\n${safe.map((id) => `  '${id}',\n`).join('')}]);\n`,
);
const safeSet = new Set(safe);
for (const { rule, docs } of files)
  write(`docs/rules/${rule.id}.md`, `<!-- made by \`npm run gen\` -->\n${rulePage(rule, docs, safeSet)}`);
write(
  `docs/rules/${unusedIgnore.id}.md`,
  `<!-- made by \`npm run gen\` -->\n${rulePage(unusedIgnore, unusedIgnoreDocs, safeSet)}`,
);
write(
  'docs/rules/README.md',
  rulesIndex(
    files.map(({ rule, docs }) => ({ rule, docs })),
    safeSet,
  ),
);
write(
  'docs/checklist.md',
  checklistPage(
    files.map(({ rule }) => rule),
    points,
  ),
);
const allRules = files.map(({ rule }) => rule);
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const pictured = between(readme, 'picture', `\n\n\`\`\`\n${await picture(allRules)}\`\`\`\n\n`);
write('README.md', readmeTable(pictured, allRules, safeSet));

const pages = join(root, 'docs/rules');
const wanted = new Set(['README.md', `${unusedIgnore.id}.md`, ...files.map(({ rule }) => `${rule.id}.md`)]);
for (const name of existsSync(pages) ? readdirSync(pages) : []) {
  if (wanted.has(name)) continue;
  if (checking) stale.push(relative(root, join(pages, name)));
  else rmSync(join(pages, name));
}

if (stale.length > 0) {
  process.stderr.write(`stale, run \`npm run gen\`:\n${stale.map((path) => `  ${path}\n`).join('')}`);
  process.exitCode = 1;
} else if (!checking) {
  process.stdout.write(`${files.length} rules, ${safe.length} safe fixes\n`);
}
