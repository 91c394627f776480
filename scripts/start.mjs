// The main job at a glance, from a fresh clone: `npm start [-- DIR]` builds when the sources are newer than dist/, then shows
// diagnostics, the checklist and the diff that --fix would make, for DIR or for one of the examples, and the checklists of the others.
// Nothing is written.
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
// Its patch touches no line with a secret, so that it is shown.
const SHOWN_IN_FULL = 'python';
/** An example's Dockerfile is built from the example's folder, one above its own. */
const example = (name) => {
  const path = relative(called, join(root, 'examples', name));
  return [join(path, 'before'), '--context', path || '.'];
};

/** Whether something could not be done; that there is something to mend is what this is for. */
function inFull(args) {
  const checked = run(bin, 'check', ...args, '--fail-on', 'never');
  process.stdout.write('\nWhat layerwise check --fix would change:\n\n');
  const shown = run(bin, 'check', ...args, '--diff', '--fail-on', 'never');
  process.stdout.write('\n');
  return checked === 2 || shown === 2;
}

/** The end of what check says: the checklist, and how many diagnostics there are. */
function checklist(args) {
  const colour = process.stdout.isTTY && !process.env.NO_COLOR ? 'always' : 'auto';
  const { status, stdout } = spawnSync(process.execPath, [bin, 'check', ...args, '--fail-on', 'never', '--color', colour], {
    cwd: called,
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  const begins = stdout.lastIndexOf('Checklist');
  process.stdout.write(`${stdout.slice(stdout.lastIndexOf('\n', begins) + 1)}\n`);
  return status === 2;
}

if (given.length > 0) process.exit(inFull(given) ? 2 : 0);
const others = readdirSync(join(root, 'examples')).filter(
  (name) => name !== SHOWN_IN_FULL && existsSync(join(root, 'examples', name, 'before')),
);
let failed = inFull(example(SHOWN_IN_FULL));
for (const name of others) failed = checklist(example(name)) || failed;
process.stdout.write(`Each in full: npm start -- ${example('NAME').join(' ')}\n`);
process.exit(failed ? 2 : 0);
