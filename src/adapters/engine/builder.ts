import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildRequest, Built } from '../../session/index.ts';
import type { Ended, RunOptions } from './process.ts';
import { type ProgressReader, plainText, rawJson, stepByStep } from './progress.ts';

/** How an engine builds, by what is there. */
export type BuildManner = 'rawjson' | 'plain' | 'steps';

export type RunCli = (args: readonly string[], options?: Omit<RunOptions, 'env'>) => Promise<Ended>;

/** The machine's fault, whatever step says it. */
const noRoom = /no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b/i;

/** What is the fault of no Dockerfile. */
const outside =
  /dial (?:tcp|unix)|no such host|i\/o timeout|TLS handshake timeout|connection (?:refused|reset)|toomanyrequests|context deadline exceeded|error reading from server|Cannot connect to the Docker daemon/i;

const readers: Readonly<Record<BuildManner, () => ProgressReader>> = {
  rawjson: rawJson,
  plain: plainText,
  steps: stepByStep,
};

/**
 * Builds an image under a tag; that it does not build is a value. `--load` brings it from whatever builder is in use to the
 * engine that will run it.
 * @param passed options for build arguments, secrets and the like, as the user gave them; they go to the engine and nowhere else
 */
export async function buildImage(
  run: RunCli,
  manner: BuildManner,
  passed: readonly string[],
  { dockerfile, context, tag, target, fresh, secrets = {}, args = {} }: BuildRequest,
  signal: AbortSignal,
): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'layerwise-build-'));
  const metadata = join(folder, 'metadata.json');
  try {
    const progress = readers[manner]();
    const { exit, seconds, out } = await run(
      [
        ...(manner === 'steps'
          ? // What a step that fails ran in stays otherwise.
            ['build', '--force-rm']
          : ['buildx', 'build', '--load', `--progress=${manner}`, '--metadata-file', metadata]),
        ...['--tag', tag, '--file', dockerfile],
        ...(target === undefined ? [] : ['--target', target]),
        ...(fresh ? ['--no-cache'] : []),
        ...passed,
        // Of two with one name the last counts.
        ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
        ...(await secretOptions(folder, secrets)),
        context,
      ],
      { signal, onLine: (line) => progress.line(line) },
    );
    // The old builder tells its steps on standard output.
    if (manner === 'steps') for (const line of out.split('\n')) progress.line(line);
    const steps = progress.steps();
    if (exit === 0) {
      const told = await readFile(metadata, 'utf8').catch(() => undefined); // not every builder writes it
      const digest = digestIn(told);
      return {
        ...{ ok: true, seconds, steps },
        ...(digest === undefined ? {} : { digest }),
        ...(told === undefined ? {} : { metadata: told }),
      };
    }
    const { step, lines } = progress.failed();
    const said = lines.join('\n');
    const ownFault = step !== undefined && step.number > 0;
    return {
      ok: false,
      seconds,
      steps,
      ...(step === undefined ? {} : { step: step.text }),
      lines: lines.filter((line) => !/^-+$/.test(line)),
      outside: noRoom.test(said) || (!(ownFault && /^RUN\b/i.test(step.text)) && outside.test(said)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The value lies in a file of its own: no value stands on a command line. */
async function secretOptions(folder: string, secrets: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const options: string[] = [];
  for (const [index, [id, value]] of Object.entries(secrets).entries()) {
    const file = join(folder, `secret-${index}`);
    await writeFile(file, value);
    options.push('--secret', [`id=${id}`, `src=${file}`].map((field) => `"${field.replaceAll('"', '""')}"`).join(','));
  }
  return options;
}

function digestIn(metadata: string | undefined): string | undefined {
  if (metadata === undefined) return undefined;
  try {
    const found = JSON.parse(metadata) as Readonly<Record<string, unknown>>;
    const digest = found['containerimage.digest'];
    return typeof digest === 'string' ? digest : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the machine or the engine is to blame for what a command of the engine says. */
export function isOutside(said: string): boolean {
  return noRoom.test(said) || outside.test(said);
}
