import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from '../../src/cli/parse.ts';
import { proveVerb } from '../../src/cli/prove.ts';
import { commands } from '../../src/cli/verbs.ts';
import { fakeLinter } from '../session/fake-linter.ts';
import { memoryIo, project } from './run.ts';

const command = commands.find(({ name }) => name === 'prove');
if (command === undefined) throw new Error('there is no prove');

let here: ReturnType<typeof project>;
const { TMPDIR } = process.env;
beforeEach(() => {
  here = project({ Dockerfile: 'FROM b\nRUN new\n', old: 'FROM b\nRUN old\n', 'src/a.ts': '' });
  // Of its own: others on this machine may be proving, too.
  mkdirSync(join(here.root, 'tmp'));
  process.env.TMPDIR = join(here.root, 'tmp');
});
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  here.remove();
});

/** A `docker` that does as the script says. */
function stand(script: string, buildx = 'echo v0.29.1'): string {
  const file = join(here.root, 'docker');
  writeFileSync(
    file,
    `#!/bin/sh\necho "$*" >> ${join(here.root, 'calls')}\ncase "$1 $2" in "version --format") echo 28; exit;; "buildx version") ${buildx}; exit;; esac\n${script}`,
  );
  chmodSync(file, 0o755);
  return `${here.root}:${process.env.PATH}`;
}

async function run(path: string, args: readonly string[], answer?: boolean, env: Record<string, string> = {}) {
  const io = memoryIo(here.root, { env: { ...env, PATH: path } });
  const parsed = parse(command as NonNullable<typeof command>, args);
  if ('usage' in parsed) throw new Error(parsed.usage);
  const asked: string[] = [];
  const status = await proveVerb(parsed, io, fakeLinter, (question) => {
    asked.push(question);
    return answer;
  });
  return { status, asked, ...io.told() };
}
const calls = () => (existsSync(join(here.root, 'calls')) ? readFileSync(join(here.root, 'calls'), 'utf8') : '');
const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('layerwise-prove-'));

const failing = `echo '{"vertexes":[{"digest":"a","name":"[2/2] RUN x s3cr3t-value","error":"exit code: 7"}],"logs":[{"vertex":"a","data":"'$(printf 'last words\\n' | base64)'"}]}' >&2; exit 1`;

test('statements of other kinds than BuildKit makes are refused', async () => {
  const { status, err } = await run(stand('exit 1'), ['--before', 'old', '--yes', '--attest', 'provenance']);
  expect([status, err]).toEqual([
    2,
    'error: --attest cannot be provenance: type=provenance or type=sbom first, as for docker buildx build\n',
  ]);
});

test('no engine is a clear sentence and exit 2', async () => {
  const { status, out, err } = await run(join(here.root, 'nowhere'), ['--before', 'old', '--yes']);
  expect([status, out]).toEqual([2, '']);
  expect(err).toMatch(
    /^error: no engine to build with: docker is not installed; podman is not installed: start Docker.*\n$/,
  );
});

test('code is executed only after a yes', async () => {
  const path = stand('exit 1');
  const nobody = await run(path, ['--before', 'old']);
  expect([nobody.status, nobody.err]).toEqual([
    2,
    'error: prove executes code of the project: say --yes where nobody can be asked\n',
  ]);
  const no = await run(path, ['--before', 'old'], false);
  expect([no.status, no.err]).toEqual([2, 'error: nothing was built: the answer was no\n']);
  expect(no.asked[0]).toContain('executes code of the project');
  expect(calls()).not.toContain('buildx build');
});

test('both builds failing: the step, its last lines, no secret, nothing left behind', async () => {
  const before = scratch();
  const { status, out } = await run(
    stand(`[ "$1 $2" = "buildx build" ] && { ${failing}; }; exit 0`),
    ['--before', 'old', '--build-arg', 'TOKEN=s3cr3t-value'],
    true,
  );
  expect(status).toBe(2);
  expect(out).toContain('RUN x ************');
  expect(out).toContain('last words');
  expect(out).toMatch(/no verdict: neither side could be built\n$/);
  expect(out).not.toContain('s3cr3t-value');
  expect(calls()).toContain('image rm layerwise-prove:');
  expect(scratch()).toEqual(before);
});

test('an interrupt ends the build, and nothing is left behind', async () => {
  const before = scratch();
  const running = run(stand('[ "$1 $2" = "buildx build" ] && exec sleep 30; exit 0'), ['--before', 'old', '--yes']);
  while (!calls().includes('buildx build')) await new Promise((resolve) => setTimeout(resolve, 20));
  process.emit('SIGINT', 'SIGINT');
  const { status, out, err } = await running;
  expect([status, out, err]).toEqual([2, '', 'error: interrupted: what was started is removed\n']);
  expect(calls()).toContain('ps --all --quiet');
  expect(scratch()).toEqual(before);
});

/** A `docker` whose builds succeed and whose containers run, but for what `cases` of `$1 $2` say. */
const working = (cases = '') => `case "$1 $2" in
${cases}
  "image inspect") echo '[{"Size":10,"RootFS":{"Layers":["a"]},"Config":{}}]';;
  "container inspect") case "$4" in *Pid*) echo 7;; *ExitCode*) echo 0;; *) echo '{"Running":false,"ExitCode":0}';; esac;;
  "container top") echo '7 1000 node a.js';;
  "run "*) echo c1;;
esac
exit 0`;

describe('an engine that fails', () => {
  const prove = (cases: string) => run(stand(working(cases)), ['--before', 'old'], true);
  const full = 'write /var/lib/docker/x: no space left on device';

  test.each([
    ['a registry that is away', "echo 'ERROR: failed to resolve: dial tcp: lookup r: no such host' >&2; exit 1"],
    ['a full disk', `echo 'ERROR: failed to solve: ${full}' >&2; exit 1`],
    ['a full disk in the words of a step', failing.replace('exit code: 7', `npm error ENOSPC: ${full}`)],
  ])('%s is no fault of the after, which alone did not build', async (_, does) => {
    const { status, out, err } = await prove(`"buildx build") case "$*" in *-after*) ${does};; esac;;`);
    expect([status, err]).toEqual([2, '']);
    expect(out).toMatch(/no verdict: the after could not be built, and its Dockerfile is not to blame\n$/);
    expect(out).toMatch(/no such host|no space left on device/);
    expect(out).not.toContain('does not build');
    expect(scratch()).toEqual([]);
  });

  test.each([
    ['a container cannot be started', `"run --detach") echo 'docker: ${full}' >&2; exit 125;;`],
    [
      'a container cannot be inspected',
      `"container inspect") echo 'Cannot connect to the Docker daemon' >&2; exit 1;;`,
    ],
  ])('%s: no verdict, and no bug of ours', async (says, cases) => {
    const { status, out, err } = await prove(cases);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`^error: ${says}: .*(?:no space left on device|Cannot connect).*\\n$`));
    expect(calls()).toContain('image rm layerwise-prove:');
    expect(scratch()).toEqual([]);
  });

  test('what cannot be removed is named', async () => {
    const { err } = await prove(`"ps --all") echo c1;;\n"rm --force") echo 'Error: it is stuck' >&2; exit 1;;`);
    expect(err).toBe('warning: not removed: containers: Error: it is stuck\n');
  });

  test('an image that was never made needs no removal', async () => {
    const { err } = await prove(`"image rm") echo 'Error response from daemon: No such image: x' >&2; exit 1;;`);
    expect(err).toBe('');
  });

  test('no room for the context is told, with what helps', async () => {
    process.env.TMPDIR = join(here.root, 'src/a.ts');
    const { status, err } = await prove('');
    expect(status).toBe(2);
    expect(err).toMatch(/^error: ENOTDIR: .*: TMPDIR says where the build context is copied to\n$/);
  });
});

describe('an engine without BuildKit', () => {
  const prove = (dockerfile: string) => {
    writeFileSync(join(here.root, 'Dockerfile'), dockerfile);
    return run(stand(working(), 'exit 1'), ['--before', 'old'], true);
  };

  test.each([
    ['FROM b\nRUN a\nRUN --mount=type=cache,target=/c x\n', 'RUN --mount in line 3'],
    ['FROM b\nRUN <<EOF\nx\nEOF\n', 'the heredoc of RUN in line 2'],
    ['FROM --platform=$BUILDPLATFORM b\n', 'FROM --platform=$BUILDPLATFORM in line 1'],
    ['FROM b\nONBUILD COPY --chown=1 --chmod=755 a b\n', 'COPY --chmod in line 2'],
  ])('is told of %j before anything is built', async (dockerfile, need) => {
    const { status, out } = await prove(dockerfile);
    expect(status).toBe(2);
    expect(out).toContain(`no verdict: Dockerfile needs BuildKit, for ${need}, and docker has no buildx\n`);
    expect(calls()).not.toMatch(/^build /m);
  });

  test('builds what it can, and leaves no container of a step', async () => {
    const { out } = await prove('FROM --platform=linux/amd64 b\nCOPY --from=c --chown=1 a b\n');
    expect(out).toContain('✔ it builds');
    expect(calls()).toMatch(/^build --force-rm --tag layerwise-prove:/m);
  });
});

describe('what is compared', () => {
  const same = (args: readonly string[]) => run(stand('exit 1'), args, true);

  test('two equal files are nothing to prove', async () => {
    writeFileSync(join(here.root, 'old'), 'FROM b\nRUN new\n');
    const { status, err } = await same(['--before', 'old']);
    expect([status, err]).toEqual([
      2,
      'error: old and Dockerfile are the same: change it, or add --fix or --before FILE\n',
    ]);
  });

  test('the last commit with the working tree', async () => {
    expect((await same([])).err).toMatch(
      /^error: Dockerfile is in no (git repository|commit yet): name .* --before\n$/,
    );
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        cwd: here.root,
        stdio: 'pipe',
      });
    git('init', '-q');
    git('add', 'Dockerfile');
    git('commit', '-qm', 'x');
    expect((await same([])).err).toMatch(/^error: Dockerfile of the last commit and Dockerfile are the same/);
    writeFileSync(join(here.root, 'Dockerfile'), 'FROM b\nRUN newer\n');
    expect((await same([])).asked[0]).toContain('Dockerfile of the last commit and Dockerfile');
  });
});

test.each([
  [['--unsafe-fixes'], '--unsafe-fixes changes nothing by itself'],
  [['--fix', '--before', 'old'], '--fix compares with the Dockerfile as it is'],
  [['--port', '70000', '--health-path', '/'], '--port cannot be 70000'],
  [['--port', '80'], '--port says where a route is asked'],
  [['--health-path', 'healthz'], '--health-path cannot be healthz'],
  [['--timeout', '0'], '--timeout cannot be 0'],
  [['--memory', 'much'], '--memory cannot be much'],
  [['a', 'b'], 'prove takes one directory'],
  [['nowhere'], 'nowhere is no directory'],
])('%j is refused', async (args, says) => {
  const { status, err } = await run('', args, true);
  expect(status).toBe(2);
  expect(err).toMatch(new RegExp(`^error: ${says}`));
});
