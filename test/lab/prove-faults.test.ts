import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker, dockerPrints, labEnvironment, requireEngine } from './engine.ts';
import { buildProgram } from './mutation.ts';

let scratch = '';
let program = '';
beforeAll(async () => {
  await requireEngine();
  scratch = await mkdtemp(join(tmpdir(), 'lab-faults-'));
  program = await buildProgram(join(scratch, 'dist'));
});
afterAll(() => rm(scratch, { recursive: true }));

const before = 'FROM debian:trixie-slim\nCOPY . /app\nSTOPSIGNAL SIGKILL\nCMD ["sleep", "inf"]\n';

/** Takes two seconds to build, each time. */
const slow = (stop: string) => `FROM debian:trixie-slim
COPY . /app
RUN sleep 2 # ${randomBytes(4).toString('hex')}
STOPSIGNAL ${stop}
CMD ["sleep", "inf"]
`;

/** Starts the program itself, in a process and with a folder for temporary files of its own. */
async function starts(dockerfile: string, files: Readonly<Record<string, string>> = {}, wrap: readonly string[] = []) {
  const home = await mkdtemp(join(scratch, 'run-'));
  const [folder, temporary] = [join(home, 'project'), join(home, 'tmp')];
  await mkdir(folder);
  await mkdir(temporary);
  for (const [name, content] of Object.entries({ Dockerfile: dockerfile, old: before, 'a.js': '', ...files }))
    await writeFile(join(folder, name), content);
  const [command = '', ...args] = [
    ...[...wrap, process.execPath, program, 'prove', folder, '--before', join(folder, 'old'), '--yes'],
    ...['--build-network=host', '--timeout=10'],
  ];
  const child = spawn(command, args, { env: { ...labEnvironment(), TMPDIR: temporary } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    ...{ child, temporary },
    /** The command lines of the engine that it runs at the moment. */
    runs: () => commandsBelow(child.pid ?? 0),
    async ends() {
      const [status, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      return { status, out, err };
    },
  };
}

function commandsBelow(pid: number): readonly string[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return children.map((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' '));
  } catch {
    return []; // one of them has ended meanwhile
  }
}

/** What a run has in the engine, by the id in its tags and labels. */
async function inEngine(id: string): Promise<readonly string[]> {
  const containers = await dockerPrints('ps', '--all', '--quiet', '--filter', `label=layerwise.prove=${id}`);
  const images = await dockerPrints('image', 'ls', '--format', '{{.Tag}}', 'layerwise-prove');
  return [...containers.split('\n'), ...images.split('\n').filter((tag) => tag.startsWith(id))].filter(Boolean);
}

describe('an interrupt', () => {
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`f${i}.txt`, '']));

  test.each<[string, RegExp, number]>([
    ['while the context is copied', /^copying$/, 0],
    ['at the first build', /buildx build .*-before /, 0],
    ['in a step of the second build', /buildx build .*-after /, 1000],
    ['when a container is started', / run --detach /, 0],
    ['while a container runs', / container (?:inspect|top) /, 500],
    ['while a container is stopped', / container stop /, 500],
    ['at a build after the edit', /buildx build .*-edited-/, 300],
    ['and again while it cleans up', / rm --force /, 0],
  ])('%s leaves nothing behind', async (when, phase, wait) => {
    const run = await starts(
      slow(when.includes('stopped') ? 'SIGCONT' : 'SIGKILL'),
      when.includes('copied') ? many : {},
    );
    let id: string | undefined;
    let seen = false;
    const interrupted = when.includes('again');
    for (let now = Date.now(), end = now + 240_000; !seen && now < end; now = Date.now()) {
      const copying = (await readdir(run.temporary)).some((name) => existsSync(join(run.temporary, name, 'context')));
      const commands = [...run.runs(), ...(copying ? ['copying'] : [])];
      id ??= commands.join(' ').match(/layerwise[-.]prove[:=]([0-9a-f]{12})/)?.[1];
      seen = commands.some((command) => phase.test(command));
      if (interrupted && commands.some((command) => / container (?:inspect|top) /.test(command)))
        run.child.kill('SIGINT');
      await delay(5);
    }
    expect(seen, 'the phase was seen').toBe(true);
    await delay(wait);
    run.child.kill('SIGINT');
    const { status, out, err } = await run.ends();
    expect([status, out, err]).toEqual([2, '', 'error: interrupted: what was started is removed\n']);
    expect(await readdir(run.temporary)).toEqual([]);
    if (id !== undefined) expect(await inEngine(id)).toEqual([]);
    else expect(when).toContain('copied');
  });
});

test('what a run left that was killed is found by label and name, as the docs say', async () => {
  const run = await starts('FROM debian:trixie-slim\nCMD ["sleep", "100"]\n');
  let id: string | undefined;
  while (!run.runs().some((command) => / container (?:inspect|top) /.test(command))) {
    id ??= run
      .runs()
      .join(' ')
      .match(/layerwise-prove:([0-9a-f]{12})/)?.[1];
    await delay(5);
  }
  run.child.kill('SIGKILL');
  await run.ends();
  if (id === undefined) throw new Error('its builds were not seen');
  const left = await inEngine(id);
  expect(left.length).toBeGreaterThan(2);
  for (const one of left) {
    if (/^[0-9a-f]{12}$/.test(one)) await docker(['rm', '--force', one]);
    else await docker(['image', 'rm', '--force', `layerwise-prove:${one}`]);
  }
  expect(await inEngine(id)).toEqual([]);
});

describe('no verdict', () => {
  test.each<[string, string, RegExp]>([
    [
      'a registry that cannot be reached',
      'FROM registry.invalid/base:1\n',
      /registry\.invalid.*no such host|lookup registry\.invalid/s,
    ],
    [
      'a full disk',
      'FROM debian:trixie-slim\nRUN --mount=type=tmpfs,target=/small,size=64k head -c 1000000 /dev/zero > /small/file\n',
      /no space left on device/i,
    ],
  ])('of %s, though the before builds', async (_, dockerfile, says) => {
    const { status, out, err } = await (await starts(dockerfile)).ends();
    expect([status, err], out).toEqual([2, '']);
    expect(out).toMatch(says);
    expect(out).toMatch(/no verdict: the after could not be built, and its Dockerfile is not to blame\n$/);
  });

  test('when neither side builds: the step and its last lines', async () => {
    const run = await starts('FROM debian:trixie-slim\nRUN echo last words >&2; exit 7\n', {
      old: 'FROM debian:trixie-slim\nRUN echo first words; exit 3\n',
    });
    const { status, out } = await run.ends();
    expect(status).toBe(2);
    for (const says of ['RUN echo first words; exit 3', 'first words', 'exit code: 3', 'last words', 'exit code: 7'])
      expect(out).toContain(says);
    expect(out).toMatch(/no verdict: neither side could be built\n$/);
  });

  test('without BuildKit for what needs it', async () => {
    const bare = ['env', `DOCKER_CONFIG=${join(scratch, 'no-plugins')}`];
    const needs = await (
      await starts('FROM debian:trixie-slim\nRUN --mount=type=cache,target=/c true\n', {}, bare)
    ).ends();
    expect([needs.status, needs.err]).toEqual([2, '']);
    expect(needs.out).toMatch(
      /no verdict: .*Dockerfile needs BuildKit, for RUN --mount in line 2, and docker has no buildx\n$/,
    );
  });

  test('when there is no room for the build context', async () => {
    const full = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=64k none "$TMPDIR" && exec "$@"', 'sh'];
    const { status, out, err } = await (
      await starts(slow('SIGTERM'), { 'large.bin': 'x'.repeat(300_000) }, full)
    ).ends();
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: ENOSPC: no space left on device, .*: set TMPDIR to a folder with more room\n$/);
  });
});
