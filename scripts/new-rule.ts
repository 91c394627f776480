/** `npm run new-rule <practice-folder> <id>`: a rule file with an example that fails until the rule is written. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, id] = process.argv.slice(2);
if (folder === undefined || id === undefined || !/^[a-z]+(-[a-z]+)*$/.test(id) || !/^[a-z]+(-[a-z]+)*$/.test(folder)) {
  process.stderr.write(
    'usage: npm run new-rule <practice-folder> <id>, e.g. npm run new-rule os-packages apt-lists-left-behind\n',
  );
  process.exit(2);
}
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'src/core/rules', folder, `${id}.ts`);
if (existsSync(file)) {
  process.stderr.write(`${file} exists\n`);
  process.exit(2);
}
mkdirSync(dirname(file), { recursive: true });
writeFileSync(
  file,
  `import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: '${id}',
  practice: 'P0',
  catalogue: [],
  level: 'warning',
  fixClass: 'N',
  summary: 'say in one line what is wrong',
  aliases: [],
  subject: 'target',
  check({ target }) {
    const findings: Finding[] = [];
    for (const step of target.steps) {
      if (step.instruction.name !== 'RUN') continue;
      // look at step.commands, step.before, step.mounts
    }
    return found(findings, { is: 'not-applicable', because: 'say what is absent' });
  },
});

export const docs: RuleDocs = {
  why: 'Say what it costs, and whom.',
  examples: [{ bad: 'FROM debian:12\\n«RUN false»\\n', declined: 'say why' }],
  silent: [],
};
`,
);
process.stdout.write(
  `wrote ${file}\nnext: write its examples, then \`npm run gen\` and \`npx vitest run test/core/rules -t ${id}\`\n`,
);
