import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, type RunnerTestSuite, test } from 'vitest';
import { execute, health, processes, removeContainer, startContainer, stop, until, writtenPaths } from './container.ts';
import { type Build, docker, dockerPrints, hasImage, requireEngine, runBuild } from './engine.ts';
import { chosenExamples, dockerfileOf, EXAMPLES, exampleNames, isInput, recordProven } from './example-inputs.ts';
import { imagesNamed } from './images.ts';
import { proved } from './proved.ts';

interface Example {
  /** The step that installs the dependencies. */
  install: { before: RegExp; after: RegExp };
  /** A source file, and a comment in its language. */
  edit: { file: string; comment: (text: string) => string };
  /** A program in the container that asks the health route, and what it prints when all is well. */
  ask: { before: string[]; after: string[]; prints: RegExp };
  /** A secret that the image of the before has in its environment. */
  leaks?: string;
  /** The after has an entrypoint that gives root up, so its configuration names no user. */
  drops?: true;
  /** Processes that run beside PID 1 in the after. */
  children?: number;
  /** A route that both sides have; the health route where it is not given. */
  route?: string;
}

const node = [
  'node',
  '-e',
  "fetch('http://127.0.0.1:3000/healthz').then(async r => console.log(r.status, await r.text()))",
];
const python = [
  'python',
  '-c',
  "import urllib.request as u; r = u.urlopen('http://127.0.0.1:8000/healthz'); print(r.status, r.read().decode())",
];
const curl = (address: string) => ['curl', '--silent', '--write-out', '%{http_code}', address];
const wellInJson = /^200 \{"status":\s?"ok"\}/;
const script = (text: string) => `// ${text}\n`;
const hash = (text: string) => `# ${text}\n`;

const examples: Record<string, Example> = {
  cgo: {
    install: { before: /RUN go get/, after: /RUN .*go mod download/ },
    edit: { file: 'handler.go', comment: script },
    ask: {
      before: curl('http://127.0.0.1:8080/healthz'),
      after: ['bookmarks', '-health'],
      prints: /^(\{"status":"ok"\}\s*200)?$/,
    },
    leaks: 'API_TOKEN=changeme',
  },
  django: {
    install: { before: /RUN pip install -r/, after: /RUN .*pip install/ },
    edit: { file: 'todos/views.py', comment: hash },
    ask: { before: python, after: python, prints: wellInJson },
    leaks: 'SECRET_KEY=changeme',
    drops: true,
    children: 2,
  },
  go: {
    install: { before: /RUN go get/, after: /RUN .*go mod download/ },
    edit: { file: 'handler.go', comment: script },
    ask: {
      before: curl('http://127.0.0.1:8080/healthz'),
      after: ['/ids', '-health'],
      prints: /^(\{"status":"ok"\}\s*200)?$/,
    },
    leaks: 'API_TOKEN=changeme',
  },
  node: {
    install: { before: /RUN npm install/, after: /RUN .*npm ci/ },
    edit: { file: 'src/app.ts', comment: script },
    ask: { before: node, after: node, prints: wellInJson },
    leaks: 'API_TOKEN=changeme',
  },
  pnpm: {
    install: { before: /RUN pnpm install/, after: /RUN .*pnpm install/ },
    edit: { file: 'src/app.ts', comment: script },
    ask: { before: node, after: node, prints: wellInJson },
    leaks: 'SIGNING_KEY=changeme',
  },
  python: {
    install: { before: /RUN pip install -r/, after: /RUN .*pip install/ },
    edit: { file: 'wordcount/app.py', comment: hash },
    ask: { before: python, after: python, prints: wellInJson },
    leaks: 'API_TOKEN=changeme',
    children: 2,
  },
  static: {
    install: { before: /RUN npm install$/, after: /RUN .*npm ci/ },
    edit: { file: 'src/main.js', comment: script },
    ask: {
      before: curl('http://127.0.0.1:3000/'),
      after: curl('http://127.0.0.1:8080/healthz'),
      prints: /(<title>Contrast<\/title>[\s\S]*|\{"status":"ok"\})200$/,
    },
    route: '/',
  },
  uv: {
    install: { before: /RUN uv sync/, after: /RUN .*uv sync/ },
    edit: { file: 'pastes/app.py', comment: hash },
    ask: { before: python, after: python, prints: wellInJson },
    leaks: 'API_TOKEN=changeme',
  },
};

const { names, inputs } = await chosenExamples();
const chosen = Object.entries(examples).filter(([name]) => names.has(name));

/** Milliseconds for a proof: SQLite is compiled again and again in the before of one. */
const PATIENCE = 1_800_000;

beforeAll(requireEngine);

describe('the lab', () => {
  test('knows each example', async () => {
    expect(await exampleNames()).toEqual(Object.keys(examples));
  });

  test('has every image that the examples name', async () => {
    const named = new Set<string>();
    for (const name of Object.keys(examples))
      for (const side of ['before', 'after'])
        for (const image of imagesNamed(await dockerfileOf(name, side)).all) named.add(image);
    expect(named.size).toBeGreaterThan(10);
    const missing = [];
    for (const image of named) if (!(await hasImage(image))) missing.push(image);
    expect(missing, 'add stand-ins for these to test/lab/up.sh').toEqual([]);
  });

  test('finds images wherever a Dockerfile names them', () => {
    const text = `# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.26 AS Build
COPY --from=ghcr.io/a/tool:1 /tool /bin/
RUN --mount=type=cache,target=/c --mount=type=bind,from=busybox,target=/b \\
    true
FROM build AS test
FROM alpine:3
COPY --from=build /a /a
COPY --from=0 /a /b
FROM scratch
FROM test`;
    expect(imagesNamed(text)).toEqual({
      all: ['docker/dockerfile:1', 'golang:1.26', 'ghcr.io/a/tool:1', 'busybox', 'alpine:3'],
      finalBase: 'golang:1.26',
    });
  });
});

describe.each(chosen)('examples/%s', (name, example) => {
  recordWhenProven(name);

  describe('after', () => {
    const built = builds(name, 'after', example);
    let container = '';
    beforeAll(async () => {
      container = await startContainer(built.image());
    });
    afterAll(() => removeContainer(container));

    test('keeps the dependencies when a source file is edited', () => {
      const installs = built.again().steps.filter((step) => example.install.after.test(step.name));
      expect(installs.length).toBeGreaterThan(0);
      expect(installs.filter((step) => !step.cached)).toEqual([]);
      expect(built.rerun().some((step) => /COPY/.test(step))).toBe(true);
    });

    test('answers its health route', async () => {
      const answer = await until(
        () => execute(container, example.ask.after),
        ({ exit }) => exit === 0,
        10,
      );
      expect(answer.exit, answer.stderr).toBe(0);
      expect(answer.stdout).toMatch(example.ask.prints);
    });

    test('becomes healthy', async () => {
      expect(
        await until(
          () => health(container),
          (status) => status !== 'starting',
          20,
        ),
      ).toBe('healthy');
    });

    test('runs without root, as a user named by number', async () => {
      const all = await processes(container);
      expect(all.length).toBeGreaterThan(example.children ?? 0);
      expect(all.filter(({ uid }) => uid === 0)).toEqual([]);
      // Who starts as another account is checked by its processes alone.
      expect(await dockerPrints('image', 'inspect', '--format', '{{.Config.User}}', built.image())).toMatch(
        example.drops ? /^$/ : /^[1-9]\d*(:[1-9]\d*)?$/,
      );
    });

    test('is labelled, and has no token in its configuration', async () => {
      const config = await dockerPrints('image', 'inspect', '--format', '{{json .Config}}', built.image());
      const keys = ['title', 'description', 'source', 'version', 'revision', 'licenses'];
      for (const key of keys) expect(config).toContain(`org.opencontainers.image.${key}`);
      expect(config).not.toMatch(/TOKEN|KEY/);
    });

    test('writes nothing outside of its volumes but temporary files', async () => {
      expect((await writtenPaths(container)).filter((path) => !path.startsWith('/tmp/'))).toEqual([]);
    });

    test('ends soon after SIGTERM', async () => {
      const { seconds, exit } = await stop(container);
      console.log(`${name}/after: stopped in ${seconds.toFixed(2)} s with exit ${exit}`);
      expect([0, 2, 143]).toContain(exit);
      expect(seconds).toBeLessThan(3);
    });
  });

  describe('before', () => {
    const built = builds(name, 'before', example);
    let container = '';
    beforeAll(async () => {
      container = await startContainer(built.image());
    });
    afterAll(() => removeContainer(container));

    test('answers its health route', async () => {
      const answer = await until(
        () => execute(container, example.ask.before),
        ({ exit }) => exit === 0,
        10,
      );
      expect(answer.exit, answer.stderr).toBe(0);
      expect(answer.stdout).toMatch(example.ask.prints);
    });

    test('shows what it is an example of', async () => {
      expect((await processes(container)).every(({ uid }) => uid === 0)).toBe(true);
      expect(await dockerPrints('image', 'inspect', '--format', '{{.Config.Env}}', built.image())).toContain(
        example.leaks ?? 'PATH=',
      );
      expect(built.rerun().some((step) => example.install.before.test(step))).toBe(true);
      const { exit } = await stop(container, 3);
      expect(exit, 'SIGTERM should not reach the service').toBe(137);
    });
  });

  // prove.test.ts has the example of Node proven, and more asked of it.
  test.skipIf(name === 'node')(
    'is proven: no claim refuted, none left open',
    async () => {
      const folder = join(EXAMPLES, name);
      const [one, other] = ['before', 'after'].map((side) => join(folder, side, 'Dockerfile'));
      const { refuted, notShown, seen, out } = await proved(
        folder,
        one ?? '',
        other ?? '',
        example.route,
        '--source-only',
      );
      expect([refuted, notShown], out).toEqual([[], []]);
      expect(seen('before', 'uid')).toBe(0);
      expect(seen('after', 'uid')).toBeGreaterThan(0);
      expect(seen('after', 'health')).toBe('healthy');
      expect(seen('after', 'stop-seconds')).toBeLessThan(3);
      expect(seen('after', 'own-bytes')).toBeLessThan(Number(seen('before', 'own-bytes')));
    },
    PATIENCE,
  );
});

/** Notes that all of an example's tests passed, for later runs; never in CI, which changes no file. */
function recordWhenProven(name: string): void {
  let whole: RunnerTestSuite | undefined;
  afterEach(({ task }) => {
    whole = task.suite;
    while (whole?.suite) whole = whole.suite;
  });
  afterAll(async () => {
    if (whole === undefined || failed(whole) || process.env.LAB !== 'full' || process.env.CI) return;
    await recordProven(name, inputs[name] ?? '');
  });
}

/** A test failed, or what a suite does before its tests, which then do not run at all. */
function failed({ tasks, result }: RunnerTestSuite): boolean {
  return (
    result?.state === 'fail' ||
    tasks.some((task) => (task.type === 'suite' ? failed(task) : task.result?.state === 'fail'))
  );
}

/**
 * Builds a side of an example before its tests, and again after an edit that no earlier run has made.
 * With `LAYERWISE_LAB_COLD` set, the first build starts from nothing.
 */
function builds(name: string, side: 'before' | 'after', { edit }: Example) {
  let folder = '';
  let first: Build = { ok: false, seconds: 0, steps: [], output: '', named: {} };
  let second = first;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), `lab-${name}-`));
    await cp(join(EXAMPLES, name), folder, { recursive: true, filter: isInput });
    const dockerfile = await dockerfileOf(name, side);
    first = await runBuild(dockerfile, folder, { fresh: process.env.LAYERWISE_LAB_COLD !== undefined });
    expect(first.error, first.output.slice(-2000)).toBeUndefined();
    await appendFile(join(folder, edit.file), edit.comment(`edited at ${Date.now()}`));
    second = await runBuild(dockerfile, folder);
    expect(second.error, second.output.slice(-2000)).toBeUndefined();
    console.log(await figures(`${name}/${side}`, first, second, imagesNamed(dockerfile).finalBase));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
    await docker(['image', 'rm', '--force', ...[first.image, second.image].filter((image) => image !== undefined)]);
  });

  return {
    image: () => first.image ?? '',
    again: () => second,
    /** Names of the steps that ran again after the edit. */
    rerun: () =>
      second.steps.filter((step) => /^\[(?!internal)/.test(step.name) && !step.cached).map((step) => step.name),
  };
}

async function figures(title: string, first: Build, second: Build, base: string): Promise<string> {
  const size = async (image: string) => Number(await dockerPrints('image', 'inspect', '--format', '{{.Size}}', image));
  const total = await size(first.image ?? '');
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `${title}: ${first.seconds.toFixed(1)} s`,
    `${second.seconds.toFixed(1)} s after an edit`,
    megabytes(total),
    `${megabytes(total - (await size(base)))} of its own`,
  ].join(', ');
}
