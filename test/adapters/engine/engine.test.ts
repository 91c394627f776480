import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listContext } from '../../../src/adapters/context.ts';
import { askers, toldStatus } from '../../../src/adapters/engine/asking.ts';
import {
  dependencyFiles,
  editFile,
  editManifest,
  findEngine,
  layOut,
  sourceFile,
} from '../../../src/adapters/engine/index.ts';
import { NotStarted, runProgram } from '../../../src/adapters/engine/process.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'layerwise-engine-'));
});
afterEach(() => rmSync(work, { recursive: true }));

const never = new AbortController().signal;

describe('a program', () => {
  test('that fails is a value', async () => {
    const { exit, out, err } = await runProgram('sh', ['-c', 'cat; echo bad >&2; exit 3'], {
      env: process.env,
      input: 'in',
    });
    expect([exit, out, err]).toEqual([3, 'in', 'bad\n']);
  });

  test('that is not there is told', async () => {
    await expect(runProgram('layerwise-no-such-program', [], { env: process.env })).rejects.toThrow(NotStarted);
  });

  test('is ended when it is aborted, and when its time is up', async () => {
    const controller = new AbortController();
    const running = runProgram('sleep', ['30'], { env: process.env, signal: controller.signal });
    controller.abort();
    expect((await running).exit).toBe(-1);
    expect((await runProgram('sleep', ['30'], { env: process.env, timeout: 0.1 })).exit).toBe(-1);
  });

  test('gives its lines as they come', async () => {
    const lines: string[] = [];
    await runProgram('sh', ['-c', 'printf "a\\nb" >&2'], { env: process.env, onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['a', 'b']);
  });
});

describe('the layout of a context', () => {
  test('has the modes and times of what is sent, and nothing else', async () => {
    const from = join(work, 'from');
    const to = join(work, 'to');
    mkdirSync(join(from, 'src'), { recursive: true });
    mkdirSync(join(from, 'node_modules/x'), { recursive: true });
    writeFileSync(join(from, 'src/a.ts'), 'a');
    writeFileSync(join(from, 'run.sh'), '#!/bin/sh\n');
    writeFileSync(join(from, 'node_modules/x/y.js'), 'y');
    symlinkSync('a.ts', join(from, 'src/link.ts'));
    chmodSync(join(from, 'src/a.ts'), 0o664);
    chmodSync(join(from, 'run.sh'), 0o775);
    for (const path of ['src/a.ts', 'src']) utimesSync(join(from, path), 1000, 2000);
    const files = await layOut(from, to, listContext(from), 'node_modules\n', never);
    expect(files).toEqual(['run.sh', 'src/a.ts']);
    expect(listContext(to)).toEqual(listContext(from).filter(({ path }) => !path.startsWith('node_modules')));
    expect(statSync(join(to, 'src/a.ts')).mode & 0o777).toBe(0o664);
    expect(statSync(join(to, 'run.sh')).mode & 0o777).toBe(0o775);
    for (const path of ['src/a.ts', 'src']) expect(statSync(join(to, path)).mtimeMs).toBe(2_000_000);
  });

  test('stops when it is told to', async () => {
    writeFileSync(join(work, 'a'), '');
    const controller = new AbortController();
    controller.abort();
    await expect(layOut(work, join(work, 'to'), listContext(work), '', controller.signal)).rejects.toThrow();
  });

  test.each([
    [['package.json', 'src/app.ts', 'test/app.test.ts'], 'src/app.ts'],
    [['eslint.config.js', 'main.go', 'main_test.go'], 'main.go'],
    [['setup.py', 'app/main.py', 'a.py'], 'app/main.py'],
    [['tests/a.py', 'README.md'], undefined],
  ])('of %j, %s is edited', (paths, file) => expect(sourceFile(paths)).toBe(file));

  test('an edit is a comment in the language of the file', async () => {
    for (const [name, text] of [
      ['a.ts', '\n// x\n'],
      ['a.py', '\n# x\n'],
      ['a.css', '\n/* x */\n'],
      ['a.txt', '\nx\n'],
    ] as const) {
      await editFile(join(work, name), 'x');
      expect(readFileSync(join(work, name), 'utf8')).toBe(text);
    }
  });
});

describe('a manifest', () => {
  test('is told by its name, those at the top first', () => {
    const paths = ['web/package.json', 'go.mod', 'package-lock.json', 'requirements-dev.txt', 'a.ts', 'x/y/pom.xml'];
    expect(dependencyFiles(paths)).toEqual(['go.mod', 'requirements-dev.txt', 'web/package.json', 'x/y/pom.xml']);
  });

  test('says the same after a change, and no two changes are the same', async () => {
    const file = join(work, 'package.json');
    writeFileSync(file, '{"name":"x"}');
    const texts = [];
    for (const said of ['edit 1', 'edit 2']) {
      await editManifest(file, said);
      texts.push(readFileSync(file, 'utf8'));
      expect(JSON.parse(texts.at(-1) ?? '')).toEqual({ name: 'x' });
    }
    const [first = '', second = ''] = texts;
    expect(second.slice(first.length)).not.toBe(first.slice('{"name":"x"}'.length));
    for (const [name, end] of [
      ['go.mod', '\n// x\n'],
      ['requirements.txt', '\n# x\n'],
      ['pom.xml', '\n<!-- x -->\n'],
    ] as const) {
      await editManifest(join(work, name), 'x');
      expect(readFileSync(join(work, name), 'utf8')).toBe(end);
    }
  });
});

test.each([
  ['curl', '200', '', 200],
  ['curl', '200', 'WARNING: no swap limit support\n', 200],
  ['curl', '000', '', null],
  ['wget', '', '  HTTP/1.1 302 Found\n  HTTP/1.1 200 OK\n', 302],
  ['wget', '', 'wget: server returned error: HTTP/1.1 404 Not Found\n', 404],
  ['wget', '', "wget: can't connect to remote host\n", null],
  ['perl', '599', '', null],
  ['perl', '503', '', 503],
  ['node', '', '', null],
])('%s that prints %j and %j has seen %s', (program, out, err, status) => {
  const asker = askers.find((one) => one.program === program);
  expect(asker && toldStatus(asker, { out, err })).toBe(status);
});

describe('an engine', () => {
  const engineOptions = (env: Readonly<Record<string, string>>) => ({
    env,
    id: 'test',
    signal: never,
    build: [],
    run: [],
    memory: '1g',
    mask: (text: string) => text.replaceAll('hunter2', '*******'),
  });

  test('that is not installed is told in a sentence', async () => {
    expect(await findEngine(engineOptions({ PATH: work }))).toEqual({
      failed: 'no engine to build with: docker is not installed; podman is not installed',
      help: expect.stringContaining('DOCKER_HOST'),
    });
  });

  /** A command that does as the script says and writes down how it was called. */
  function stand(script: string): Readonly<Record<string, string>> {
    writeFileSync(join(work, 'docker'), `#!/bin/sh\necho "$*" >> ${join(work, 'calls')}\n${script}`);
    chmodSync(join(work, 'docker'), 0o755);
    return { PATH: `${work}:${process.env.PATH}` };
  }
  const calls = () =>
    existsSync(join(work, 'calls')) ? readFileSync(join(work, 'calls'), 'utf8').trim().split('\n') : [];

  test('that cannot join a container that has ended has not shown what images lack', async () => {
    const script = (exit: number) =>
      `case "$1 $2" in "run --detach") echo c;; "run --rm") exit ${exit};; "version --format") echo 28;; esac`;
    const asked = async (exit: number) => {
      const found = await findEngine(engineOptions(stand(script(exit))));
      const container = 'failed' in found ? found : await found.engine.start('x');
      if (!('ask' in container)) throw new Error('it does not start');
      const before = calls().length;
      const answers = [await container.ask(80, '/', ['x']), await container.ask(80, '/', ['x'])];
      return { answers, asked: calls().length - before };
    };
    const gone = await asked(125);
    expect(gone.answers).toEqual([{ status: null }, { status: null }]);
    const lacks = await asked(127);
    expect(lacks.answers[1]).toEqual({ missing: expect.stringContaining('neither image brings curl') });
    // What an image lacks is not looked for again.
    expect(gone.asked).toBe(2 * lacks.asked);
  });

  test('that refuses to save an image once is asked again', async () => {
    const found = await findEngine(
      engineOptions(
        stand(
          `[ "$2" = save ] || exit 0; echo gone >&2; [ "$(grep -c "image save" ${join(work, 'calls')})" -lt 2 ] || exit 0; exit 1`,
        ),
      ),
    );
    if ('failed' in found) throw new Error(found.failed);
    const look = { needles: [], base: new Set<string>() };
    // It says nothing the second time, and that is another thing than a failure.
    expect(await found.engine.read('x', look)).toEqual({
      missing: 'the saved image cannot be read: it has no manifest',
    });
    expect(calls().filter((line) => line.startsWith('image save'))).toHaveLength(2);
  });

  test('that does not answer is told with its own words', async () => {
    const found = await findEngine({
      ...engineOptions(stand('echo "cannot connect to x" >&2; exit 1')),
      engine: 'docker',
    });
    expect(found).toMatchObject({ failed: 'no engine to build with: docker: cannot connect to x' });
  });

  test('removes what it made, and says no secret', async () => {
    const env = stand(`case "$1 $2" in
  "version --format") echo 28.5;;
  "buildx version") echo "github.com/docker/buildx v0.29.1 abc";;
  "buildx build") echo '{"vertexes":[{"digest":"a","name":"[2/2] RUN curl hunter2","error":"exit code: 1 hunter2"}]}' >&2; exit 1;;
  "ps --all") echo c1; echo c2;;
esac`);
    const found = await findEngine(engineOptions(env));
    if (!('engine' in found)) throw new Error(found.failed);
    const { engine } = found;
    expect(engine.name).toBe('docker 28.5, buildx 0.29.1');
    const built = await engine.build({ dockerfile: '/f', context: '/c', tag: 'layerwise-prove:test-a' });
    expect(built).toMatchObject({
      ok: false,
      step: 'RUN curl *******',
      lines: ['exit code: 1 *******'],
      outside: false,
    });
    expect(JSON.stringify(built)).not.toContain('hunter2');
    await engine.cleanUp();
    expect(calls().slice(-3)).toEqual([
      'ps --all --quiet --no-trunc --filter label=layerwise.prove=test',
      'rm --force --volumes c1 c2',
      'image rm layerwise-prove:test-a',
    ]);
  });

  test('what would be published is read from an OCI layout', async () => {
    const image = `sha256:${'a'.repeat(64)}`;
    const layout: Readonly<Record<string, unknown>> = {
      'index.json': { manifests: [{ digest: `sha256:${'1'.repeat(64)}` }] },
      [`blobs/sha256/${'1'.repeat(64)}`]: {
        manifests: [
          { digest: image },
          {
            digest: `sha256:${'b'.repeat(64)}`,
            annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': image },
          },
        ],
      },
      [`blobs/sha256/${'a'.repeat(64)}`]: { config: {}, layers: [{ size: 700 }, { size: 42 }] },
      [`blobs/sha256/${'b'.repeat(64)}`]: {
        config: {},
        layers: [{ mediaType: 'application/vnd.in-toto+json', size: 5, digest: `sha256:${'c'.repeat(64)}` }],
        // As BuildKit writes it of an image without a name: the statement has no subject of its own.
        subject: { digest: image },
      },
      [`blobs/sha256/${'c'.repeat(64)}`]: {
        predicateType: 'https://slsa.dev/provenance/v0.2',
        subject: [],
      },
    };
    mkdirSync(join(work, 'layout/blobs/sha256'), { recursive: true });
    for (const [name, content] of Object.entries(layout))
      writeFileSync(join(work, 'layout', name), JSON.stringify(content));
    writeFileSync(join(work, 'layout/blobs/sha256', 'd'.repeat(64)), '\u001f\u008bnot JSON');
    const env = stand(`case "$1 $2" in
  "version --format") echo 28.5;;
  "buildx version") echo "v0.29.1";;
  "buildx build") dest=$(echo "$*" | sed 's/.*"dest=\\([^"]*\\)".*/\\1/'); cp -r ${join(work, 'layout')}/. "$dest";;
esac`);
    const found = await findEngine({ ...engineOptions(env), attest: ['type=provenance'] });
    if (!('engine' in found)) throw new Error(found.failed);
    expect(await found.engine.published?.({ dockerfile: '/f', context: '/c' })).toEqual({
      bytes: 742,
      attestations: [{ kind: 'provenance', bound: true }],
    });
    expect(calls().at(-1)).toContain('--attest type=provenance');
    const plain = await findEngine(engineOptions(env));
    expect('engine' in plain && plain.engine.published).toBeUndefined();
  });

  test('a builder that writes no OCI layout says what does', async () => {
    const env = stand(`case "$1 $2" in
  "version --format") echo 28.5;;
  "buildx version") echo "v0.29.1";;
  "buildx build") echo "ERROR: failed to build: OCI exporter is not supported for the docker driver." >&2; exit 1;;
esac`);
    const found = await findEngine({ ...engineOptions(env), attest: ['type=sbom'] });
    if (!('engine' in found)) throw new Error(found.failed);
    expect(await found.engine.published?.({ dockerfile: '/f', context: '/c' })).toEqual({
      missing: "the engine's own builder writes no OCI layout: use another builder, or its containerd image store",
    });
  });

  test('a builder elsewhere is named with its driver', async () => {
    const env = stand(`case "$1 $2" in
  "version --format") echo 28.5;;
  "buildx version") echo "v0.29.1";;
  "buildx inspect") printf 'Name:          team\\nDriver:        kubernetes\\n\\nNodes:\\nName:  team0\\n';;
esac`);
    const found = await findEngine(engineOptions(env));
    expect('engine' in found && found.engine.name).toBe('docker 28.5, buildx 0.29.1, builder team (kubernetes)');
  });

  test('podman, by whatever name, is asked in its own words', async () => {
    const env = stand(`case "$1 $2" in
  "--version ") echo "podman version 5.4.2";;
  "version --format") echo 5.4.2;;
  "run --detach") echo c1;;
  "container top") printf 'HPID USER COMMAND\\n70 root conmon\\n77 app python server.py\\n';;
  "container inspect") case "$4" in
    *Pid*) echo 77;;
    *Healthcheck*) echo '{"Test":["CMD","true"],"Interval":1}';;
    *) [ -e ${join(work, 'healthy')} ] && is=healthy || is=starting; echo "{\\"Running\\":true,\\"ExitCode\\":0,\\"Health\\":{\\"Status\\":\\"$is\\"}}";;
  esac;;
  "image inspect") echo '[{"Size":1,"RootFS":{"Layers":["a"]},"Config":{},"Healthcheck":{"Test":["CMD","true"]}}]';;
  "healthcheck run") touch ${join(work, 'healthy')};;
  "cp c1:/etc/passwd") printf 'root:x:0:0::/:/bin/sh\\napp:x:1001:1001::/:/bin/sh\\n' > "$3";;
esac`);
    const found = await findEngine(engineOptions(env));
    if (!('engine' in found)) throw new Error(found.failed);
    expect(found.engine.name).toBe('podman 5.4.2');
    await found.engine.build({ dockerfile: '/f', context: '/c', tag: 't' });
    expect(calls().at(-1)).toMatch(/^build .*--format docker/);
    const container = await found.engine.start('t');
    if ('missing' in container) throw new Error(container.missing);
    expect(await container.first()).toEqual({ uid: 1001, argv: 'python server.py' });
    expect(await found.engine.image('t')).toMatchObject({ healthCheck: true });
    // Without systemd nobody else runs the health check.
    expect(await container.state()).toEqual({ running: true, exit: 0, health: 'healthy' });
  });

  test('containers are confined', async () => {
    const env = stand('case "$1" in version) echo 28.5;; buildx) exit 1;; run) echo c1;; esac');
    const found = await findEngine(engineOptions(env));
    if (!('engine' in found)) throw new Error(found.failed);
    expect(found.engine.name).toBe('docker 28.5, without buildx');
    await found.engine.start('image');
    const started = calls().at(-1) ?? '';
    for (const option of [
      '--network none',
      '--memory 1g',
      '--pids-limit',
      '--cpus 1',
      'no-new-privileges',
      '--label layerwise.prove=test',
    ])
      expect(started).toContain(option);
    for (const option of ['--privileged', '--volume', '--publish', ' -v ', ' -p '])
      expect(started).not.toContain(option);
  });

  test.each([
    ['without an interval', '{"Test":["CMD","x"]}', '--health-interval=1s --health-retries=90'],
    ['every five seconds', '{"Test":["CMD","x"],"Interval":5000000000,"Retries":2}', '--health-retries=10'],
    ['every second', '{"Test":["CMD","x"],"Interval":1000000000}', undefined],
    ['that is turned off', '{"Test":["NONE"]}', undefined],
  ])('asks a health check %s once a second, and gives it as long', async (_, check, options) => {
    const env = stand(`case "$1 $2" in
  "version --format") echo 28.5;;
  "image inspect") echo '[{"Size":1,"RootFS":{},"Config":{"Healthcheck":${check}}}]';;
  "container inspect") printf '%s' '{"Running":true,"ExitCode":0,"Health":{"Status":"starting","Log":[{"ExitCode":1,"Output":"a\\nno hunter2"}]}}';;
  run*) echo c1;;
esac`);
    const found = await findEngine(engineOptions(env));
    if (!('engine' in found)) throw new Error(found.failed);
    await found.engine.image('image');
    const container = await found.engine.start('image');
    if ('missing' in container) throw new Error(container.missing);
    expect(calls().at(-1)).toEqual(
      options === undefined ? expect.not.stringContaining('--health') : expect.stringContaining(options),
    );
    expect(await container.state()).toEqual({ running: true, exit: 0, health: 'starting', sick: 'no *******' });
  });

  test.each([
    ['was not done in time', '[{"ExitCode":-1,"Output":"Health check exceeded timeout (3s)"}]', undefined],
    [
      'failed, and then was not done in time',
      '[{"ExitCode":1,"Output":"404"},{"ExitCode":-1,"Output":"Health check exceeded timeout (3s)"}]',
      '404',
    ],
    ['has not been asked', 'null', undefined],
  ])('a health check that %s', async (_, log, sick) => {
    const state = `{"Running":true,"ExitCode":0,"Health":{"Status":"starting","Log":${log}}}`;
    const env = stand(
      `case "$1 $2" in version*) echo 28;; "container inspect") echo '${state}';; run*) echo c1;; esac`,
    );
    const found = await findEngine(engineOptions(env));
    if (!('engine' in found)) throw new Error(found.failed);
    const container = await found.engine.start('image');
    if ('missing' in container) throw new Error(container.missing);
    expect((await container.state()).sick).toBe(sick);
  });

  test('an image that is built again under its tag leaves no other without one', async () => {
    const found = await findEngine(engineOptions(stand('case "$1" in version) echo 28;; buildx) echo v0.29;; esac')));
    if (!('engine' in found)) throw new Error(found.failed);
    const request = { dockerfile: '/f', context: '/c', tag: 'layerwise-prove:test-a' };
    await found.engine.build(request);
    await found.engine.build(request);
    expect(calls().flatMap((call) => call.match(/buildx build|image rm .*/) ?? [])).toEqual([
      'buildx build',
      'image rm layerwise-prove:test-a',
      'buildx build',
    ]);
  });

  test('what the network or the disk did is not the fault of a Dockerfile', async () => {
    const env = stand(`case "$1 $2" in
  "version --format") echo 28.5;;
  "buildx version") echo "v0.29.1";;
  "buildx build") echo "ERROR: failed to resolve: dial tcp: lookup registry: no such host" >&2; exit 1;;
esac`);
    const found = await findEngine(engineOptions(env));
    if (!('engine' in found)) throw new Error(found.failed);
    expect(await found.engine.build({ dockerfile: '/f', context: '/c', tag: 't' })).toMatchObject({ outside: true });
  });
});
