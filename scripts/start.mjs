/**
 * `npm start [-- DIR]`: builds the program when its sources are newer, then shows what it says of DIR, or of the examples
 * in this repository: diagnostics and checklist, then the diff that `--fix` would make. Never fails on what it finds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(root, 'dist/bin.cjs');

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function node(cwd, ...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

const sources = ['src', 'scripts/build.ts', 'package.json'].map((path) => join(root, path));
if (!existsSync(program) || Math.max(...sources.map(newest)) > statSync(program).mtimeMs) {
  const status = node(root, '--import', './scripts/ts.mjs', 'scripts/build.ts');
  if (status !== 0) process.exit(status);
}

const given = process.argv.slice(2);
const runs =
  given.length > 0
    ? [given]
    : readdirSync(join(root, 'examples'))
        .filter((name) => existsSync(join(root, 'examples', name, 'before/Dockerfile')))
        .map((name) => [join('examples', name, 'before/Dockerfile'), '--context', join('examples', name)]);
const cwd = given.length > 0 ? (process.env.INIT_CWD ?? process.cwd()) : root;
let worst = 0;
for (const args of runs) {
  const at = given.length > 0 ? resolve(cwd, '.') : root;
  worst = Math.max(worst, node(at, program, 'check', ...args, '--fail-on', 'never'));
  process.stdout.write('\nWhat --fix would change:\n');
  const status = node(at, program, 'check', ...args, '--diff', '--quiet', '--fail-on', 'never');
  // 1 says that there is a diff, which is what was asked for
  worst = Math.max(worst, status === 1 ? 0 : status);
  process.stdout.write('\n');
}
process.exit(worst);
