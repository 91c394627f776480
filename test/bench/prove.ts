/**
 * What `prove` adds to its builds and runs: `node --import ./scripts/ts.mjs test/bench/prove.ts [--cold] [EXAMPLE…]`, after
 * `npm run build` and with the lab's engine up. All is from the start of the program to its end; `--cold` is `prove --no-cache`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { labEnvironment } from '../lab/engine.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cold = process.argv.includes('--cold');
const named = process.argv.slice(2).filter((one) => one !== '--cold');

console.log('| example | all | builds | runs | prove itself | of builds and runs |\n|---|---|---|---|---|---|');
for (const example of named.length > 0 ? named : ['node', 'python', 'go']) {
  const folder = `${root}examples/${example}`;
  const begun = performance.now();
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[`${root}dist/bin.cjs`, 'prove', folder, '--before', `${folder}/before/Dockerfile`],
      ...['--file', `${folder}/after/Dockerfile`, '--health-path', '/healthz'],
      ...(cold ? ['--no-cache'] : []),
      ...['--build-network', 'host', '--yes', '--format', 'json'],
    ],
    { env: labEnvironment(), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const all = (performance.now() - begun) / 1000;
  if (stdout === '') throw new Error(stderr);
  const { seconds, verdicts } = JSON.parse(stdout) as {
    seconds: { builds: number; runs: number };
    verdicts: { is: string; says: string }[];
  };
  const not = verdicts.filter(({ is }) => is !== 'upheld').map(({ is, says }) => `${is}: ${says}`);
  if (not.length > 0) throw new Error(not.join('\n'));
  const work = seconds.builds + seconds.runs;
  const cells = [all, seconds.builds, seconds.runs, all - work].map((value) => `${value.toFixed(1)} s`);
  console.log(`| ${[example, ...cells, `${((100 * (all - work)) / work).toFixed(1)} %`].join(' | ')} |`);
}
