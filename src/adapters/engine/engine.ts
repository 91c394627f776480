import type { BuildStep, ImageSeen, ProofEngine } from '../../session/index.ts';
import { type BuildManner, buildImage, type RunCli } from './builder.ts';
import { Lacking, lastLine, startContainer } from './container.ts';
import { publishedOf } from './oci-layout.ts';
import { podmanBuild } from './podman.ts';
import { NotStarted, runProgram } from './process.ts';
import { readSaved } from './saved-image.ts';

export const engines = ['docker', 'podman'] as const;

export interface EngineOptions {
  /** Default: the first of `engines` that answers. */
  readonly engine?: (typeof engines)[number];
  /** DOCKER_HOST, DOCKER_CONTEXT, BUILDX_BUILDER and the like are the engine's own business. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of this run, in labels and tags. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** Options of every build, of every container. */
  readonly build: readonly string[];
  readonly run: readonly string[];
  /** Statements that are wanted of what would be published: `type=provenance,mode=max`. */
  readonly attest?: readonly string[];
  readonly memory: string;
  /** Takes secrets out of what the engine says. */
  readonly mask: (text: string) => string;
}

export type EngineFound = { readonly engine: ProofEngine } | { readonly failed: string; readonly help: string };

/** The engine that the user has, as its own command finds it. */
export async function findEngine(options: EngineOptions): Promise<EngineFound> {
  const reasons: string[] = [];
  // Whatever an image may be published with is looked through.
  const env = { BUILDX_METADATA_PROVENANCE: 'max', ...options.env };
  for (const program of options.engine === undefined ? engines : [options.engine]) {
    const run: RunCli = (args, more) => runProgram(program, args, { env, ...more });
    try {
      const { exit, out, err } = await run(['version', '--format', '{{.Server.Version}}'], { timeout: 20 });
      if (exit === 0) return { engine: await engineOf(program, out.trim(), run, options) };
      reasons.push(`${program}: ${err.trim().split('\n').at(-1) || 'does not answer'}`);
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
      reasons.push(`${program} is not installed`);
    }
  }
  return {
    failed: `no engine to build with: ${reasons.join('; ')}`,
    help: 'start Docker, or set DOCKER_HOST or a docker context to one that runs',
  };
}

async function engineOf(
  program: string,
  version: string,
  run: RunCli,
  { id, signal, build, run: passed, attest = [], memory, mask }: EngineOptions,
): Promise<ProofEngine> {
  // Where podman stands in for Docker, `docker` is its command, too.
  const podman = /podman/i.test((await run(['--version'])).out);
  const { manner, builder, away } = podman
    ? ({ manner: 'steps', builder: undefined, away: false } as const)
    : await builderOf(run);
  const options = podman ? [...podmanBuild, ...build] : build;
  const label = `layerwise.prove=${id}`;
  const tags = new Set<string>();
  /** How a container of an image is told to ask its health. */
  const asking = new Map<string, readonly string[]>();
  const lacking = new Lacking();
  const masked = (step: BuildStep): BuildStep => ({
    ...step,
    text: mask(step.text),
    ...(step.error === undefined ? {} : { error: mask(step.error) }),
  });
  return {
    ...(!podman && manner === 'steps' ? { withoutBuildKit: true } : {}),
    name: `${podman ? 'podman' : program} ${version}${builder === undefined ? '' : `, ${builder}`}`,
    async build(request) {
      // An image that loses its tag would be left behind.
      if (tags.has(request.tag)) await run(['image', 'rm', request.tag]);
      tags.add(request.tag);
      lacking.forget(request.tag);
      const built = await buildImage(run, manner, options, request, signal);
      signal.throwIfAborted();
      const steps = built.steps.map(masked);
      if (built.ok) return { ...built, steps };
      return {
        ...built,
        steps,
        ...(built.step === undefined ? {} : { step: mask(built.step) }),
        lines: built.lines.map(mask),
      };
    },
    async image(tag) {
      const { exit, out, err } = await run(['image', 'inspect', tag]);
      if (exit !== 0) return { missing: `the image cannot be inspected: ${err.trim()}` };
      if (!podman) asking.set(tag, askedOften(out));
      return imageSeen(out);
    },
    async read(tag, look) {
      let failed = '';
      // An engine that removes other images meanwhile may refuse once.
      for (let times = 0; times < 2; times++) {
        let found: Awaited<ReturnType<typeof readSaved>> | undefined;
        const { exit, err } = await run(['image', 'save', tag], {
          signal,
          read: async (out) => {
            found = await readSaved(out, look, signal);
          },
        });
        signal.throwIfAborted();
        if (exit === 0) return found ?? { missing: 'the engine saves an image and tells nothing' };
        failed = lastLine(err);
      }
      return { missing: `the image cannot be saved: ${failed}` };
    },
    ...(manner !== 'steps' && (attest.length > 0 || away)
      ? { published: (request) => publishedOf(run, options, attest, request, signal) }
      : {}),
    async start(tag, confined) {
      const options = [...(asking.get(tag) ?? []), ...passed];
      const container = await startContainer(run, podman, { label, memory }, tag, options, lacking, confined);
      if ('missing' in container) return { missing: mask(container.missing) };
      return {
        ...container,
        lines: async (count) => (await container.lines(count)).map(mask),
        state: async () => {
          const state = await container.state();
          return state.sick === undefined ? state : { ...state, sick: mask(state.sick) };
        },
        written: async () => {
          const written = await container.written();
          return 'missing' in written ? written : { paths: written.paths.map(mask) };
        },
        first: async () => {
          const first = await container.first();
          return 'missing' in first ? first : { ...first, argv: mask(first.argv) };
        },
      };
    },
    async cleanUp() {
      const left: string[] = [];
      const remove = async (what: string, args: readonly string[]) => {
        const { exit, out, err } = await run(args);
        if (exit !== 0 && !/no such (?:image|container)|image not known/i.test(err))
          left.push(`${what}: ${lastLine(err)}`);
        return out;
      };
      const listed = await remove('containers', ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
      const containers = listed.split('\n').filter((line) => line !== '');
      if (containers.length > 0) await remove('containers', ['rm', '--force', '--volumes', ...containers]);
      for (const tag of tags) await remove(tag, ['image', 'rm', tag]);
      tags.clear();
      return left;
    },
  };
}

interface Builder {
  readonly manner: BuildManner;
  /** For people. */
  readonly builder: string;
  /** It is another than the engine itself. */
  readonly away: boolean;
}

/** rawjson is there since buildx 0.13; an engine without buildx builds with what it has. */
async function builderOf(run: RunCli): Promise<Builder> {
  const { exit, out } = await run(['buildx', 'version']);
  const [, version, major, minor] = /\bv?((\d+)\.(\d+)(?:\.\d+)?)/.exec(out) ?? [];
  if (exit !== 0 || version === undefined) return { manner: 'steps', builder: 'without buildx', away: false };
  const manner = Number(major) > 0 || Number(minor) >= 13 ? 'rawjson' : 'plain';
  const other = await elsewhere(run);
  return { manner, builder: `buildx ${version}${other}`, away: other !== '' };
}

/** The builder in use, when it is another than the engine that runs the images: `, builder team (kubernetes)`. */
async function elsewhere(run: RunCli): Promise<string> {
  const { exit, out } = await run(['buildx', 'inspect'], { timeout: 20 });
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(out)?.[1];
  const [name, driver] = [field('Name'), field('Driver')];
  if (exit !== 0 || name === undefined || driver === undefined || driver === 'docker') return '';
  return `, builder ${name} (${driver})`;
}

interface Inspected {
  readonly Size: number;
  readonly RootFS: { readonly Layers?: readonly string[] | null };
  /** Where podman tells it. */
  readonly Healthcheck?: { readonly Test?: readonly string[] } | null;
  readonly Config?: {
    readonly Healthcheck?: {
      readonly Test?: readonly string[];
      /** In nanoseconds. */
      readonly Interval?: number;
      readonly Retries?: number;
    } | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  } | null;
}

/**
 * A check that is asked every 30 seconds, as it is without an interval, would not have told in a minute whether it fails: it is asked
 * every second, and has as long to succeed as before.
 */
function askedOften(text: string): readonly string[] {
  const [image] = JSON.parse(text) as readonly Inspected[];
  const check = image?.Config?.Healthcheck;
  if (check?.Test === undefined || check.Test[0] === 'NONE') return [];
  const interval = (check.Interval || 30e9) / 1e9;
  if (interval <= 1) return [];
  return ['--health-interval=1s', `--health-retries=${Math.ceil(interval * (check.Retries || 3))}`];
}

function imageSeen(text: string): ImageSeen {
  const [image] = JSON.parse(text) as readonly Inspected[];
  if (image === undefined) throw new Error('the engine inspects an image and tells nothing');
  const [test] = (image.Config?.Healthcheck ?? image.Healthcheck)?.Test ?? [];
  const ports = Object.keys(image.Config?.ExposedPorts ?? {}).flatMap(
    (port) => /^(\d+)(?:\/tcp)?$/.exec(port)?.[1] ?? [],
  );
  return {
    bytes: image.Size,
    layers: image.RootFS.Layers?.length ?? 0,
    layerIds: image.RootFS.Layers ?? [],
    labels: Object.keys(image.Config?.Labels ?? {}).sort(),
    healthCheck: test !== undefined && test !== 'NONE',
    ports: ports.map(Number).sort((a, b) => a - b),
  };
}
