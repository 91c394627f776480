// The main job at a glance, from a fresh clone: `npm start [-- DIR]` builds when the sources are newer than dist/, then shows
// diagnostics, the checklist and the diff that --fix would make, for DIR or for the examples. Nothing is written.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'dist/bin.cjs');
const called = process.env.INIT_CWD ?? process.cwd();

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Runs a script of ours in the user's directory; its output goes straight through. */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: called, stdio: 'inherit' });
  return status ?? 2;
}

function isStale() {
  if (!existsSync(bin)) return true;
  const built = statSync(bin).mtimeMs;
  return ['src', 'package.json', 'scripts/build.ts'].some((path) => newest(join(root, path)) > built);
}

if (isStale()) {
  const { status } = spawnSync(process.execPath, ['--import', './scripts/ts.mjs', 'scripts/build.ts'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(2);
}

const given = process.argv.slice(2);
/** An example's Dockerfile is built from the example's folder, one above its own. */
const examples = () => {
  const folder = join(root, 'examples');
  return readdirSync(folder)
    .map((name) => relative(called, join(folder, name)))
    .filter((path) => existsSync(join(called, path, 'before')))
    .map((path) => [join(path, 'before'), '--context', path || '.']);
};

let failed = false;
for (const args of given.length > 0 ? [given] : examples()) {
  const checked = run(bin, 'check', ...args, '--fail-on', 'never');
  process.stdout.write('\nWhat layerwise check --fix would change:\n\n');
  // A diff that is not empty is what this is for; only what could not be done counts.
  const shown = run(bin, 'check', ...args, '--diff', '--fail-on', 'never');
  process.stdout.write('\n');
  failed ||= checked === 2 || shown === 2;
}
process.exit(failed ? 2 : 0);
