import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';

export interface Ended {
  exit: number;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** One step of a build, as the engine told it. */
export interface Step {
  /** BuildKit's name of it, like `[build 3/5] RUN npm ci`. */
  name: string;
  cached: boolean;
  seconds: number;
  error?: string;
}

export interface Build {
  ok: boolean;
  /** The image's id; absent when the build failed. */
  image?: string;
  /** What the failed RUN exited with, where a RUN is what failed. */
  exit?: number;
  error?: string;
  seconds: number;
  steps: readonly Step[];
  /** What the steps printed. */
  output: string;
  /** Bytes of the context that came from the client, as the engine counts them, and of those that have a name. */
  transferred?: number;
  named: Readonly<Record<string, number>>;
}

export interface BuildOptions {
  target?: string;
  /** Where the text stands, for an ignore file beside it; default: it comes on standard input. */
  file?: string;
  /** Run every step again. */
  fresh?: boolean;
  args?: Readonly<Record<string, string>>;
  /** Secrets of the build by their id. */
  secrets?: Readonly<Record<string, string>>;
  /** Image names of the Dockerfile, each with the image that takes its place. */
  bases?: Readonly<Record<string, string>>;
  /** Folders by the name that `COPY --from` has for them. */
  contexts?: Readonly<Record<string, string>>;
}

/** A folder, or the files to make one of: relative path → text. */
export type Context = string | Readonly<Record<string, string>>;

/**
 * The environment in which `docker` reaches the lab's engine, as state.sh sets it.
 * `LAYERWISE_LAB` is the lab's state folder, or `system` for whatever engine the machine's own `docker` speaks to.
 */
export function labEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  if (env.LAYERWISE_LAB === 'system') return env;
  const state = env.LAYERWISE_LAB || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'layerwise-lab');
  return {
    ...env,
    PATH: `${state}/root/usr/sbin:${state}/root/usr/bin:${env.PATH}`,
    DOCKER_CONFIG: `${state}/client`,
    DOCKER_HOST: `unix://${state}/docker.sock`,
  };
}

/** Runs `docker` to its end; a failure is a value. */
export async function docker(args: readonly string[], input?: string): Promise<Ended> {
  const begun = performance.now();
  const child = spawn('docker', args, { env: labEnvironment() });
  child.stdin.on('error', () => {}); // it may end before it has read everything
  child.stdin.end(input);
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const [exit, stdout, stderr] = await Promise.all([ended, text(child.stdout), buffer(child.stderr)]);
  return { exit, stdout, stderr: stderr.toString(), seconds: (performance.now() - begun) / 1000 };
}

/**
 * What `docker` prints.
 * @throws when it fails, with what it said
 */
export async function dockerPrints(...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await docker(args);
  if (exit !== 0) throw new Error(`docker ${args.slice(0, 3).join(' ')} … exited with ${exit}: ${stderr.trim()}`);
  return stdout.trim();
}

/** Fails early and clearly when no engine answers. */
export async function requireEngine(): Promise<void> {
  const { exit } = await docker(['version']).catch(() => ({ exit: -1 }));
  if (exit !== 0)
    throw new Error(
      'no engine answers: run `npm run lab:up` first, or set LAYERWISE_LAB=system to use Docker of this machine',
    );
}

export async function hasImage(name: string): Promise<boolean> {
  return (await docker(['image', 'inspect', name])).exit === 0;
}

/** Builds a Dockerfile's text; that it does not build is a value too. */
export async function runBuild(dockerfile: string, context: Context, options: BuildOptions = {}): Promise<Build> {
  const scratch = await mkdtemp(join(tmpdir(), 'lab-build-'));
  try {
    const folder = typeof context === 'string' ? context : await writeFiles(join(scratch, 'context'), context);
    const idFile = join(scratch, 'id');
    const secrets = await Promise.all(
      Object.entries(options.secrets ?? {}).map(async ([id, value]) => {
        const src = join(scratch, `secret-${id}`);
        await writeFile(src, value);
        return ['--secret', `id=${id},src=${src}`];
      }),
    );
    const { exit, stderr, seconds } = await docker(
      [
        ...['build', '--network=host', '--progress=rawjson', '--iidfile', idFile, '--file', options.file ?? '-'],
        ...(options.target ? ['--target', options.target] : []),
        ...(options.fresh ? ['--no-cache'] : []),
        ...Object.entries(options.args ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
        ...secrets.flat(),
        ...Object.entries(options.bases ?? {}).flatMap(([name, base]) => [
          '--build-context',
          `${name}=docker-image://${base}`,
        ]),
        ...Object.entries(options.contexts ?? {}).flatMap(([name, path]) => ['--build-context', `${name}=${path}`]),
        folder,
      ],
      dockerfile,
    );
    const { steps, output, rest, transferred, named } = readProgress(stderr);
    const seen = { seconds, steps, output, named, ...(transferred !== undefined && { transferred }) };
    if (exit === 0) return { ok: true, image: (await readFile(idFile, 'utf8')).trim(), ...seen };
    const error = steps.findLast((step) => step.error)?.error ?? rest.trim();
    const ran = /exit code: (\d+)/.exec(error);
    return { ok: false, ...(ran && { exit: Number(ran[1]) }), error, ...seen };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

interface Progress {
  vertexes?: { digest: string; name: string; started?: string; completed?: string; cached?: boolean; error?: string }[];
  logs?: { data?: string }[];
  statuses?: { id: string; vertex: string; current?: number }[];
}

/** Reads `--progress=rawjson`, which speaks of a step as often as something about it changes. */
function readProgress(
  lines: string,
): { steps: Step[]; output: string; rest: string } & Pick<Build, 'named'> & { transferred: number | undefined } {
  const steps = new Map<string, Step>();
  const started = new Map<string, number>();
  let output = '';
  let rest = '';
  const bytes = new Map<string, number>();
  for (const line of lines.split('\n')) {
    if (!line.startsWith('{')) {
      rest += `${line}\n`;
      continue;
    }
    const progress = JSON.parse(line) as Progress;
    for (const { digest, name, started: from, completed, cached, error } of progress.vertexes ?? []) {
      const step = steps.get(digest) ?? { name, cached: false, seconds: 0 };
      if (from && !started.has(digest)) started.set(digest, Date.parse(from));
      if (cached) step.cached = true;
      if (completed) step.seconds = (Date.parse(completed) - (started.get(digest) ?? Date.parse(completed))) / 1000;
      if (error) step.error = error;
      steps.set(digest, step);
    }
    for (const { id, vertex, current } of progress.statuses ?? [])
      if (id.startsWith('transferring ')) bytes.set(vertex, current ?? 0);
    for (const log of progress.logs ?? []) output += Buffer.from(log.data ?? '', 'base64').toString();
  }
  // The ignore file is sent under the same words.
  let transferred: number | undefined;
  const named: Record<string, number> = {};
  for (const [vertex, { name }] of steps) {
    const context = /^\[context (.+)\] load from client$/.exec(name)?.[1];
    if (name === '[internal] load build context') transferred = bytes.get(vertex);
    else if (context !== undefined) named[context] = bytes.get(vertex) ?? 0;
  }
  return { steps: [...steps.values()], output, rest, transferred, named };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}
