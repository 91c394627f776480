import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { memoryIo } from '../cli/run.ts';
import { docker, labEnvironment, requireEngine } from './engine.ts';

// A team's own builder, as builder.sh makes one: buildkitd somewhere else, and a registry that it takes its bases from.
const server = `import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *args): pass
http.server.HTTPServer(("", 8000), Handler).serve_forever()
`;
const base = 'python:3.13-slim-trixie';
const after = (from: string) => `FROM ${from}
WORKDIR /app
COPY server.py .
USER 1000
STOPSIGNAL SIGINT
EXPOSE 8000
ENTRYPOINT ["python", "server.py"]
`;
const before = `FROM ${base}
COPY . /app
EXPOSE 8000
CMD python /app/server.py
`;
let project = '';
let environment: Record<string, string> = {};

beforeAll(async () => {
  await requireEngine();
  for (const name of ['lab', 'boxed'])
    if ((await docker(['buildx', 'inspect', name])).exit !== 0)
      throw new Error(`there is no builder «${name}»: bash test/lab/builder.sh makes it`);
  environment = labEnvironment() as Record<string, string>;
  project = await mkdtemp(join(tmpdir(), 'lab-remote-'));
  await writeFile(join(project, 'server.py'), server);
  await writeFile(join(project, 'Dockerfile.before'), before);
});
afterAll(() => rm(project, { recursive: true }));

/** `layerwise prove` with one of the two builders. */
async function proved(builder: string, dockerfile: string, ...options: readonly string[]) {
  await writeFile(join(project, 'Dockerfile'), dockerfile);
  const io = memoryIo(project, { env: { ...environment, BUILDX_BUILDER: builder } });
  const always = ['--yes', '--health-path=/', '--format=json'];
  const status = await main(['prove', '.', '--before', 'Dockerfile.before', ...always, ...options], io);
  const { out, err } = io.told();
  const report = JSON.parse(out) as {
    engine: string;
    impossible?: string;
    after: { failed?: { lines: string[] } };
    observations: { of: string; probe: string; got: { value?: unknown } }[];
    verdicts: { is: string; says: string; why: string }[];
  };
  return { status, err, ...report };
}

/** What the lab's registry says the digest of an image is. */
async function digestOf(image: string): Promise<string> {
  const port = await readFile(join(environment.DOCKER_CONFIG ?? '', '../registry/port'), 'utf8');
  const [name, tag] = image.split(':');
  const answer = await fetch(`http://127.0.0.1:${port.trim()}/v2/library/${name}/manifests/${tag}`, {
    headers: {
      accept: 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json',
    },
  });
  return answer.headers.get('docker-content-digest') ?? '';
}

const builders = [
  ['lab', 'remote'],
  ['boxed', 'docker-container'],
] as const;

test.each(process.env.LAB === 'full' ? builders : builders.slice(0, 1))(
  'the builder «%s» (%s) builds, a digest is taken as it is, and what is loaded runs',
  async (name, driver) => {
    const digest = await digestOf(base);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const { status, engine, verdicts, observations, err } = await proved(
      name,
      after(`${base}@${digest}`),
      '--attest=type=provenance,mode=max',
    );
    expect(err).toBe('');
    expect(engine).toMatch(new RegExp(`^docker \\S+, buildx \\S+, builder ${name} \\(${driver}\\)$`));
    expect(verdicts.filter(({ is }) => is !== 'upheld')).toEqual([]);
    expect(verdicts.map(({ says }) => says)).toContain('is published with a statement about it (provenance)');
    const packed = observations.filter(({ probe }) => probe === 'packed-bytes').map(({ got }) => Number(got.value));
    const whole = observations.filter(({ probe }) => probe === 'image-bytes').map(({ got }) => Number(got.value));
    expect(packed).toHaveLength(2);
    for (const [index, bytes] of packed.entries()) expect(bytes).toBeLessThan(whole[index] ?? 0);
    expect(packed[0]).toBeGreaterThan(1_000_000);
    expect(status).toBe(0);
  },
);

test('a digest that the registry does not hold: the after does not build, and the engine says why', async () => {
  const digest = `sha256:${'5'.repeat(64)}`;
  const { status, verdicts, after: side } = await proved('lab', after(`${base}@${digest}`));
  expect(verdicts.filter(({ is }) => is === 'refuted').map(({ says }) => says)).toEqual(['does not build']);
  expect(side.failed?.lines.join('\n')).toContain(`${base}@${digest}: not found`);
  expect(status).toBe(1);
});

test.runIf(process.env.LAB === 'full')('podman builds, runs, and is asked in its own words', async () => {
  const bin = join(environment.DOCKER_CONFIG ?? '', '../podman/bin');
  environment = { ...environment, PATH: `${bin}:${environment.PATH}` };
  const text = after(base)
    .replace('USER 1000', 'RUN useradd --uid 1200 app\nUSER app')
    .replace('EXPOSE', 'HEALTHCHECK --interval=1s CMD ["python", "-c", "1"]\nEXPOSE');
  const { status, engine, verdicts, err } = await proved('', text, '--engine=podman', '--build-network=host');
  expect(err).toBe('');
  expect(engine).toMatch(/^podman \d/);
  expect(verdicts.filter(({ is }) => is !== 'upheld')).toEqual([]);
  expect(verdicts.map(({ says }) => says)).toContain('becomes healthy');
  expect(status).toBe(0);
});
