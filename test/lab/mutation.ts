import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/adapters/engine/process.ts';
import { docker, dockerPrints, labEnvironment, runBuild } from './engine.ts';
import { type Mutant, mutantsOf, type StartOfImage } from './mutants.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLES = join(ROOT, 'examples');

export interface Judged {
  readonly example: string;
  /** `unmutated` for the example itself: its before and its after. */
  readonly name: string;
  readonly status: number;
  readonly refuted: readonly string[];
  readonly notShown: readonly string[];
  readonly seconds: number;
  /** What it says when something is amiss: a mutant that got away, or an example that is refuted. */
  readonly fault?: string;
}

/** Builds the program into a folder, and says what to run. */
export async function buildProgram(folder: string): Promise<string> {
  const { exit, err } = await runProgram(
    process.execPath,
    ['--import', join(ROOT, 'scripts/ts.mjs'), join(ROOT, 'scripts/build.ts'), folder],
    { env: process.env },
  );
  if (exit !== 0) throw new Error(err);
  return join(folder, 'bin.cjs');
}

/** What `prove` says of an after, beside a before. */
async function proved(
  program: string,
  example: string,
  before: string,
  after: string,
  route: string,
  more: readonly string[] = [],
) {
  const folder = join(EXAMPLES, example);
  const {
    exit: status,
    out,
    err,
    seconds,
  } = await runProgram(
    process.execPath,
    [
      ...[program, 'prove', folder, '--before', before, '--file', after, '--yes', '--build-network=host'],
      ...['--format=json', '--source-only', `--health-path=${route}`, ...more],
    ],
    { env: { ...labEnvironment(), MUTANT_SECRET: 'what the user has' } },
  );
  if (out === '') throw new Error(`prove of ${example} ended with ${status} and says nothing but ${err}`);
  const sides = JSON.parse(out) as Record<'before' | 'after', { failed?: { lines: string[] } }>;
  const { verdicts, impossible } = JSON.parse(out) as {
    verdicts: { is: string; says: string; why: string }[];
    impossible?: string;
  };
  const by = (is: string) => verdicts.filter((one) => one.is === is).map(({ says, why }) => `${says}: ${why}`);
  return {
    ...{ status, refuted: by('refuted'), notShown: by('not-shown') },
    ...{ impossible, seconds, failed: [sides.before, sides.after].map(({ failed }) => failed?.lines.at(-1) ?? '') },
  };
}

/** The route that an example answers, by its health check. */
function routeOf(dockerfile: string): string {
  const check = /^HEALTHCHECK[\s\S]*?(?<!\\)$/m.exec(dockerfile)?.[0] ?? '';
  return check.includes('/healthz') ? '/healthz' : (/:\d+(\/[^'"]*)/.exec(check)?.[1] ?? '/healthz');
}

const shellless = /^FROM\s+(?:scratch|\S*distroless\S*)/m;

/** Builds an example's after, and looks at what it starts with. */
async function startOf(dockerfile: string, example: string): Promise<StartOfImage> {
  const built = await runBuild(dockerfile, join(EXAMPLES, example));
  if (built.image === undefined) throw new Error(`${example} does not build: ${built.error}`);
  const config = JSON.parse(await dockerPrints('image', 'inspect', '--format', '{{json .Config}}', built.image)) as {
    Entrypoint?: string[];
    Cmd?: string[];
    ExposedPorts?: Record<string, unknown>;
  };
  await docker(['image', 'rm', built.image]);
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM') + 1);
  return {
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    port: Number.parseInt(Object.keys(config.ExposedPorts ?? {})[0] ?? '0', 10),
    hasShell: !shellless.test(last),
  };
}

export async function examplesThere(): Promise<readonly string[]> {
  const entries = await readdir(EXAMPLES, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(EXAMPLES, entry.name, 'after/Dockerfile')))
    .map(({ name }) => name)
    .sort();
}

/** The mutants of an example. */
export async function mutantsOfExample(example: string): Promise<readonly Mutant[]> {
  const text = await readFile(join(EXAMPLES, example, 'after/Dockerfile'), 'utf8');
  return mutantsOf(text, await startOf(text, example));
}

/** Proves a mutant against the example that it was made of. */
export async function judgeMutant(program: string, example: string, mutant: Mutant): Promise<Judged> {
  const after = join(EXAMPLES, example, 'after/Dockerfile');
  const scratch = await mkdtemp(join(dirname(dirname(program)), 'mutant-'));
  try {
    const file = join(scratch, `${mutant.name}.Dockerfile`);
    await writeFile(file, mutant.text);
    const route = routeOf(await readFile(after, 'utf8'));
    const options = ['--timeout=30', '--source-only', ...(mutant.options ?? [])];
    const told = await proved(program, example, after, file, route, options);
    const { status, refuted, notShown, impossible, seconds, failed } = told;
    const named = refuted.some((says) => mutant.refuted.some((name) => says.startsWith(name)));
    const fault =
      impossible ??
      (named && status === 1
        ? undefined
        : `exit ${status}, expected: ${mutant.refuted.join(', or ')}; last words: ${failed.join(' / ')}`);
    return { example, name: mutant.name, status, refuted, notShown, seconds, ...(fault && { fault }) };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Proves an example as it is. */
export async function judgeExample(program: string, example: string, repeat: number): Promise<Judged> {
  const before = join(EXAMPLES, example, 'before/Dockerfile');
  const after = join(EXAMPLES, example, 'after/Dockerfile');
  const route = routeOf(await readFile(after, 'utf8'));
  const { status, refuted, notShown, impossible, seconds } = await proved(program, example, before, after, route);
  const fault = impossible ?? (status === 0 ? undefined : `exit ${status}`);
  return { example, name: `unmutated ${repeat}`, status, refuted, notShown, seconds, ...(fault && { fault }) };
}
