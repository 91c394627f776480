import { describe, expect, test } from 'vitest';
import {
  type Attested,
  type BuildRequest,
  type Built,
  type ImageLook,
  type ImageRead,
  type ProofEngine,
  type ProofOrder,
  prove,
  type RunningContainer,
} from '../../src/session/index.ts';

const good = 'FROM node:24\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "a.js"]\n';

const nothingRead: ImageRead = {
  hits: [],
  files: { libc: ['glibc'], tools: [], caches: [], setuid: [] },
  attestations: [],
};

interface Fake {
  readonly read?: Readonly<Record<string, Partial<ImageRead>>>;
  readonly builds?: Partial<Record<'before' | 'after' | 'before-again', Built>>;
  readonly bytes?: Readonly<Record<string, number>>;
  readonly uid?: number;
  readonly argv?: string;
  readonly status?: Readonly<Record<string, number | null>>;
  readonly ends?: Readonly<Record<string, number>>;
  readonly stops?: number;
  readonly cached?: boolean;
  /** At one look after the other; the last one stays. */
  readonly zombies?: Readonly<Record<string, number[][]>>;
  readonly ports?: Readonly<Record<string, string[][]>>;
  readonly written?: readonly string[];
  /** Of files, one after the other. */
  readonly sizes?: Readonly<Record<string, number[]>>;
  /** Of containers that are confined: how they end, or null: they run and do not answer. */
  readonly confined?: Readonly<Record<string, (number | null)[]>>;
}

const built = (cached: boolean): Built => ({
  ok: true,
  seconds: 1,
  steps: [
    { stage: undefined, number: 0, text: '[internal] load', cached: false, seconds: 0 },
    { stage: undefined, number: 3, text: 'RUN npm ci', cached, seconds: 1 },
    { stage: undefined, number: 4, text: 'COPY . .', cached: false, seconds: 0 },
  ],
});
const broken: Built = { ok: false, seconds: 1, steps: [], step: 'RUN false', lines: ['exit code: 1'], outside: false };

const next = <T>(values: T[] | undefined) => (values !== undefined && values.length > 1 ? values.shift() : values?.[0]);

function engineOf(fake: Fake, called: string[] = []): ProofEngine {
  const side = (tag: string) => tag.replace('t-', '');
  return {
    name: 'fake 1',
    async build({ tag, fresh }) {
      called.push(`${fresh ? 'fresh ' : ''}${side(tag)}`);
      return (
        fake.builds?.[side(tag) as 'before'] ?? built(side(tag).includes('edited') ? (fake.cached ?? true) : false)
      );
    },
    async image(tag) {
      const bytes = fake.bytes?.[side(tag)] ?? (tag.endsWith('base') ? 1_000_000 : 1_500_000);
      return {
        bytes,
        layers: 4,
        layerIds: [`of ${side(tag)}`],
        labels: ['maintainer', 'org.opencontainers.image.source'],
        healthCheck: false,
        ports: [3000],
      };
    },
    read: async (tag) => ({ ...nothingRead, ...fake.read?.[side(tag)] }),
    async start(tag, confined) {
      const of = side(tag);
      const hindered = confined ? fake.confined?.[of]?.shift() : undefined;
      const exit = hindered ?? fake.ends?.[of];
      const container: RunningContainer = {
        state: async () => ({ running: exit === undefined, exit: exit ?? 0, health: undefined }),
        first: async () => ({
          uid: fake.uid ?? 1000,
          argv: fake.argv ?? 'node a.js',
        }),
        ask: async () => ({
          status: hindered === null ? null : fake.status?.[of] === undefined ? 200 : (fake.status[of] ?? null),
        }),
        inside: async () => ({ ports: next(fake.ports?.[of]) ?? ['3000'], zombies: next(fake.zombies?.[of]) ?? [] }),
        written: async () => ({ paths: fake.written ?? [] }),
        sizeOf: async (path) => fake.sizes?.[path]?.shift(),
        stop: async () => ({ seconds: fake.stops ?? 0.2, exit: 0 }),
        lines: async () => ['its last line'],
        remove: async () => undefined,
      };
      return container;
    },
    cleanUp: async () => [],
  };
}

function order(more: Partial<ProofOrder> = {}): ProofOrder {
  return {
    before: { name: 'old', text: 'FROM node:24\nCOPY . .\nRUN npm install\nCMD node a.js\n', path: '/old' },
    after: { name: 'new', text: good, path: '/new' },
    context: '/context',
    write: async (name) => `/${name}`,
    edit: { file: 'src/a.ts', again: async () => undefined },
    fresh: false,
    sourceOnly: false,
    statements: [],
    dependencies: { files: [], again: async () => undefined },
    canary: () => 'lw0123456789012345678901',
    route: { path: '/healthz', port: undefined },
    timeout: 1,
    tag: 't',
    signal: new AbortController().signal,
    tell: () => undefined,
    ...more,
  };
}

async function verdicts(fake: Fake, more: Partial<ProofOrder> = {}) {
  const report = await prove(order(more), engineOf(fake));
  return Object.fromEntries(
    report.verdicts.map(({ claim, is }) => [claim.kind === 'observed' ? claim.probe : claim.kind, is]),
  );
}

test('everything upheld', async () => {
  const called: string[] = [];
  const report = await prove(order(), engineOf({}, called));
  expect(report.sayings.map(({ is }) => is)).toEqual(Array(report.sayings.length).fill('upheld'));
  expect(report.sayings).toHaveLength(12);
  expect(called).toEqual([
    'before',
    'after',
    'before-base',
    'after-base',
    ...['before-edited-1', 'after-edited-1', 'before-edited-2', 'after-edited-2', 'before-edited-3', 'after-edited-3'],
  ]);
  expect(report.rows.find(({ title }) => title === 'above its base')).toMatchObject({
    before: '0.50 MB',
    after: '0.50 MB',
    ratio: 1,
  });
});

test('each side is asked at the port that its own image says, at that of the other when it says none', async () => {
  const asked = async (ports: Readonly<Record<string, readonly number[]>>) => {
    const got: Record<string, number> = {};
    const fake = engineOf({});
    const engine: ProofEngine = {
      ...fake,
      image: async (tag) => ({ ...(await fake.image(tag)), ports: ports[tag] ?? [] }),
      start: async (tag) => ({
        ...((await fake.start(tag)) as RunningContainer),
        ask: async (port) => {
          got[tag] = port;
          return { status: 200 };
        },
      }),
    };
    await prove(order(), engine);
    return got;
  };
  expect(await asked({ 't-before': [3000], 't-after': [8080] })).toEqual({ 't-before': 3000, 't-after': 8080 });
  expect(await asked({ 't-after': [8080] })).toEqual({ 't-before': 8080, 't-after': 8080 });
  expect(await asked({ 't-before': [3000] })).toEqual({ 't-before': 3000, 't-after': 3000 });
});

test('times of builds and runs are told apart from the time of all', async () => {
  const fake = engineOf({});
  const slowly = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), 20));
  const engine: ProofEngine = { ...fake, build: async (request) => slowly(await fake.build(request)) };
  const { seconds } = await prove(order(), engine);
  const { all = 0, builds = 0, runs = -1 } = seconds ?? {};
  expect(builds).toBeGreaterThan(0.19);
  expect(runs).toBeGreaterThanOrEqual(0);
  expect(all).toBeGreaterThanOrEqual(builds + runs);
});

test('each rebuild has an edit of its own: sides that share steps share the cache', async () => {
  const called: string[] = [];
  const again = async () => {
    called.push('edit');
  };
  await prove(order({ edit: { file: 'src/a.ts', again } }), engineOf({}, called));
  const rebuilds = called.filter((one) => one.includes('edited'));
  expect(rebuilds).toHaveLength(6);
  for (const one of rebuilds) expect(called[called.indexOf(one) - 1], one).toBe('edit');
});

test('the steps of each rebuild are told as the Dockerfile has them, without those of the engine', async () => {
  const mixed: Built = {
    ok: true,
    seconds: 3,
    steps: [
      { stage: 'stage-1', number: 2, text: 'COPY --from=build /a /', cached: false, seconds: 1, began: 2 },
      { stage: undefined, number: 0, text: '[internal] load', cached: false, seconds: 0 },
      { stage: 'build', number: 3, text: 'RUN b', cached: false, seconds: 1, began: 1 },
      { stage: 'build', number: 2, text: 'RUN a', cached: true, seconds: 0 },
    ],
  };
  const fake = engineOf({});
  const text = 'FROM a AS Build\nRUN a\nRUN b\nFROM a\nCOPY --from=build /a /\n';
  const { rebuilds, after } = await prove(order({ after: { name: 'new', text, path: '/new' } }), {
    ...fake,
    build: (request) => (request.tag.startsWith('t-after') ? Promise.resolve(mixed) : fake.build(request)),
  });
  expect(rebuilds?.map(({ of }) => of)).toEqual(['before', 'after', 'before', 'after', 'before', 'after']);
  const steps = [
    { stage: 'build', text: 'RUN a', cached: true, seconds: 0 },
    { stage: 'build', text: 'RUN b', cached: false, seconds: 1, began: 1 },
    { stage: 'final', text: 'COPY --from=build /a /', cached: false, seconds: 1, began: 2 },
  ];
  expect(rebuilds?.[1]).toEqual({ of: 'after', file: 'src/a.ts', seconds: 3, steps });
  expect(after.steps).toEqual(steps);
});

test('what replay foretold of the edit stands beside what the engine did', async () => {
  const ran = (steps: readonly (readonly [string, boolean])[]): Built => ({
    ok: true,
    seconds: 1,
    steps: steps.map(([text, cached], i) => ({ stage: undefined, number: i + 2, text, cached, seconds: 0 })),
  });
  const after = ran([
    ['COPY package.json ./', true],
    ['RUN npm ci', false],
    ['COPY . .', false],
  ]);
  const fake = engineOf({});
  const engine: ProofEngine = {
    ...fake,
    build: (request) => (request.tag === 't-after-edited-1' ? Promise.resolve(after) : fake.build(request)),
  };
  const { foretold } = await prove(order(), engine);
  expect(foretold?.map(({ of, file }) => [of, file])).toEqual([
    ['before', 'src/a.ts'],
    ['after', 'src/a.ts'],
  ]);
  // Of a step that the engine does not tell at its place nobody knows.
  expect(foretold?.[0]?.steps).toEqual([
    { text: 'COPY . .', is: 'reruns', ran: null },
    { text: 'RUN npm install', is: 'reruns', ran: false },
  ]);
  expect(foretold?.[1]?.steps).toEqual([
    { text: 'COPY package.json ./', is: 'cached', ran: false },
    { text: 'RUN npm ci', is: 'cached', ran: true },
    { text: 'COPY . .', is: 'reruns', ran: true },
  ]);
});

test.each<[string, Fake, string]>([
  ['root', { uid: 0 }, 'uid'],
  ['a shell', { argv: '/bin/sh -c node a.js' }, 'argv'],
  ['killed', { stops: 10.2 }, 'stop-seconds'],
  ['reruns', { cached: false }, 'step-cached'],
  ['another answer', { status: { after: 500 } }, 'http-status'],
  ['crashes', { ends: { after: 1 } }, 'lives'],
  ['does not build', { builds: { after: broken } }, 'builds'],
])('%s is refuted by name', async (_, fake, probe) => {
  const found = await verdicts(fake);
  expect(found[probe]).toBe('refuted');
});

describe('what is claimed where the before does it', () => {
  test.each<[string, Fake, string, string | undefined]>([
    ['no port any more', { ports: { after: [[]] } }, 'ports', 'refuted'],
    ['a port that comes late', { ports: { after: [[], ['80']] } }, 'ports', 'upheld'],
    ['another port', { ports: { after: [['8080']] } }, 'ports', 'upheld'],
    ['no port on either side', { ports: { before: [[]], after: [[]] } }, 'ports', undefined],
    ['zombies', { zombies: { after: [[7]] } }, 'zombies', 'refuted'],
    ['a process that was just being reaped', { zombies: { after: [[7], [8]] } }, 'zombies', 'upheld'],
    ['zombies on both sides', { zombies: { before: [[7]], after: [[8, 9]] } }, 'zombies', undefined],
    ['a read-only root ends it', { confined: { after: [1, 1] } }, 'confined', 'refuted'],
    ['a read-only root keeps it from answering', { confined: { after: [null, null] } }, 'confined', 'refuted'],
    ['a read-only root ended it once', { uid: 0, confined: { after: [1] } }, 'confined', 'not-shown'],
    ['it works as the account that it becomes', { confined: { after: [1] } }, 'confined', 'upheld'],
    ['a read-only root ends both', { confined: { before: [1, 1], after: [1, 1] } }, 'confined', undefined],
    ['a read-only root ended the before', { confined: { before: [1, 1] } }, 'confined', undefined],
  ])('%s', async (_, fake, probe, is) => expect((await verdicts(fake))[probe]).toBe(is));
});

test('files that it writes are told, and of log files those that grow', async () => {
  const report = await prove(
    order(),
    engineOf({
      written: ['/app/a.db', '/var/log/app/x', '/app/still.log', '/app/link.log'],
      sizes: { '/var/log/app/x': [1, 2, 1, 2], '/app/still.log': [5, 5, 5, 5] },
    }),
  );
  const rows = Object.fromEntries(report.rows.map(({ title, after }) => [title, after]));
  expect(rows['writes outside volumes']).toBe('/app/a.db, /var/log/app/x, /app/still.log, /app/link.log');
  expect(rows['log files that grow']).toBe('/var/log/app/x');
  expect(rows['listens at']).toBe('3000');
});

test('where neither image has a tool, those of the other stages are looked at', async () => {
  const texts = new Map<string, string>();
  const asked: string[] = [];
  const fake = engineOf({});
  const engine: ProofEngine = {
    ...fake,
    async start(tag) {
      const container = await fake.start(tag);
      if ('missing' in container) return container;
      const look = (what: string, images: readonly string[]) => {
        asked.push(`${what}: ${images.join(' ')}`);
        return images.some((image) => image.includes('tools')) ? undefined : { missing: 'no tools' };
      };
      return {
        ...container,
        ask: async (_port, _path, images) => look('ask', images) ?? { status: 200 },
        inside: async (images) => look('inside', images) ?? { ports: ['80'], zombies: [] },
      };
    },
  };
  const text =
    'ARG V=1\nFROM golang:$V AS build\nRUN true\nFROM build AS more\nFROM scratch\nCOPY --from=more /a /a\nCMD ["/a"]\n';
  const write = async (name: string, content: string) => {
    texts.set(name, content);
    return `/${name}`;
  };
  const { verdicts: found } = await prove(
    order({
      write,
      before: { name: 'old', text: `${text}# old\n`, path: '/old' },
      after: { name: 'new', text, path: '/new' },
    }),
    engine,
  );
  expect(new Set(found.map(({ is }) => is))).toEqual(new Set(['upheld']));
  expect(texts.get('tools-0.Dockerfile')).toBe('ARG V=1\nFROM golang:$V AS build\n');
  expect(texts.has('tools-1.Dockerfile')).toBe(false);
  expect(asked.slice(0, 3)).toEqual(['ask: t-before t-after', 'ask: t-tools-0', 'inside: t-before t-after']);
});

test('one that does not build refutes nothing else', async () => {
  const found = await verdicts({ builds: { after: broken } });
  expect(Object.entries(found).filter(([, is]) => is !== 'not-shown')).toEqual([['builds', 'refuted']]);
});

test('one that crashes tells its last lines', async () => {
  const { after } = await prove(order(), engineOf({ ends: { after: 1 } }));
  expect(after.failed?.lines).toEqual(['its last line']);
});

test('what speaks against the after by comparison is looked at again, and nothing else', async () => {
  const looks = async (fake: Fake) => {
    const called: string[] = [];
    const engine = engineOf(fake, called);
    const start: ProofEngine['start'] = (tag) => {
      called.push(`run ${tag.replace('t-', '')}`);
      return engine.start(tag);
    };
    await prove(order(), { ...engine, start });
    return called.slice(called.indexOf('after-edited-3') + 1);
  };
  expect(await looks({ ends: { after: 1 } })).toEqual(['run before']);
  expect(await looks({ bytes: { after: 1_800_000 } })).toEqual(['fresh before-again', 'before-base']);
  expect(await looks({ uid: 0 })).toEqual([]);
});

describe('what is larger', () => {
  test('is refuted when the before is the same again', async () => {
    const called: string[] = [];
    const report = await prove(order(), engineOf({ bytes: { after: 1_800_000 } }, called));
    expect(report.verdicts.find(({ is }) => is === 'refuted')?.claim).toMatchObject({ probe: 'own-bytes' });
    expect(called.at(-2)).toBe('fresh before-again');
  });

  test('is not shown when the before differs as much from itself', async () => {
    const found = await verdicts({ bytes: { after: 1_800_000, 'before-again': 1_690_000 } });
    expect(found['own-bytes']).toBe('not-shown');
  });
});

test('no verdict when neither builds, with what failed', async () => {
  const report = await prove(order(), engineOf({ builds: { before: broken, after: broken } }));
  expect(report.impossible).toBe('neither side could be built');
  expect(report.verdicts).toEqual([]);
  expect([report.before.failed, report.after.failed]).toEqual([
    { step: 'RUN false', lines: ['exit code: 1'] },
    { step: 'RUN false', lines: ['exit code: 1'] },
  ]);
});

describe('what would be published', () => {
  const publishing = (...attestations: readonly Attested[]): ProofEngine => ({
    ...engineOf({}),
    published: async ({ dockerfile }) => ({ bytes: dockerfile.includes('after') ? 500 : 1000, attestations }),
  });
  const judged = async (engine: ProofEngine, statements = ['provenance']) => {
    const { verdicts, rows } = await prove(order({ statements }), engine);
    const found = verdicts.flatMap((one) =>
      one.claim.kind === 'observed' && one.claim.probe === 'attestation' ? [`${one.is}: ${one.why}`] : [],
    );
    return { found, packed: rows.find(({ title }) => title.startsWith('packed')) };
  };

  test('comes with the statements that are wanted, each about its digest', async () => {
    expect((await judged(publishing({ kind: 'provenance', bound: true }))).found).toEqual([
      'upheld: bound to its digest',
    ]);
    expect((await judged(publishing({ kind: 'provenance', bound: false }))).found).toEqual([
      'refuted: not of its digest',
    ]);
    expect((await judged(publishing({ kind: 'SBOM', bound: true }))).found).toEqual(['refuted: none']);
    expect((await judged(publishing(), [])).found).toEqual([]);
  });

  test('is not shown of an engine that cannot tell', async () => {
    const cannot = { ...engineOf({}), published: async () => ({ missing: 'it writes no layout' }) };
    expect((await judged(cannot)).found).toEqual(['not-shown: it writes no layout']);
    expect((await judged(engineOf({}))).found).toEqual(['not-shown: nobody looked at the after']);
  });
});

test('a registry that is away is not held against the after', async () => {
  const report = await prove(order(), engineOf({ builds: { after: { ...broken, outside: true } } }));
  expect(report.impossible).toContain('not to blame');
});

test('a before that does not build is nothing to compare with', async () => {
  const found = await verdicts({ builds: { before: broken } });
  expect(found).toMatchObject({ builds: 'upheld', 'own-bytes': 'not-shown', lives: 'not-shown', uid: 'upheld' });
});

test('of a job only its end is compared', async () => {
  const found = await verdicts({ ends: { before: 0, after: 0 } }, { route: undefined });
  expect(found).toEqual({
    builds: 'upheld',
    'own-bytes': 'upheld',
    setuid: 'upheld',
    'step-cached': 'upheld',
    lives: 'upheld',
  });
});

test.each([
  ['fails as long as anybody waits', 'exec: no such file', 'refuted', 'no success in 1 s: exec: no such file'],
  ['says nothing when it fails', '', 'refuted', 'no success in 1 s'],
  ['has not been asked', undefined, 'not-shown', 'it is still starting after 1 s: see --timeout'],
])('a health check that %s', async (_, sick, is, why) => {
  const fake = engineOf({});
  const report = await prove(order(), {
    ...fake,
    image: async () => ({ bytes: 1, layers: 1, layerIds: [], labels: [], healthCheck: true, ports: [3000] }),
    start: async (tag) => {
      const container = await fake.start(tag);
      if ('missing' in container) return container;
      const state = { running: true, exit: 0, health: 'starting', ...(sick === undefined ? {} : { sick }) };
      return { ...container, state: async () => state };
    },
  });
  expect(
    report.sayings.find(({ says }) => says.endsWith('become healthy') || says.endsWith('becomes healthy')),
  ).toEqual({
    is,
    says: is === 'refuted' ? 'does not become healthy' : 'becomes healthy',
    why,
  });
});

test('without a source file to edit nothing is said of the cache', async () => {
  const found = await verdicts({}, { edit: undefined });
  expect(found['step-cached']).toBe('not-shown');
});

test('an interruption is thrown, wherever it comes', async () => {
  const controller = new AbortController();
  const reason = new Error('interrupted');
  const engine = engineOf({});
  const stops = {
    ...engine,
    start: async (tag: string) => {
      const container = await engine.start(tag);
      if ('missing' in container) return container;
      controller.abort(reason);
      return container;
    },
  };
  await expect(prove(order({ signal: controller.signal }), stops)).rejects.toBe(reason);
});

describe('a canary', () => {
  const file =
    'FROM node:24 AS build\nARG NPM_TOKEN\nRUN --mount=type=secret,id=npm npm ci\nFROM node:24-slim\nCOPY --from=build /a /a\n';
  const after = { name: 'new', text: file, path: '/new' };
  const old = { name: 'old', text: 'FROM node:24\nRUN true\n', path: '/old' };

  /** Seen of the after: each secret with its value or why there is none; and what was built and read for it. */
  async function seen(
    hits: (look: ImageLook) => Pick<ImageRead, 'hits'>,
    fails: (request: BuildRequest) => Built | undefined = () => undefined,
  ) {
    let made = 0;
    const requests: BuildRequest[] = [];
    const written = new Map<string, string>();
    const looks: ImageLook[] = [];
    const fake = engineOf({});
    const engine: ProofEngine = {
      ...fake,
      async build(request) {
        if (!request.tag.includes('canary')) return fake.build(request);
        requests.push(request);
        return fails(request) ?? { ...built(false), metadata: '{}' };
      },
      async read(tag, look) {
        if (tag.includes('canary')) looks.push(look);
        return { ...nothingRead, ...(tag.includes('canary') ? hits(look) : {}) };
      },
    };
    const report = await prove(
      order({
        before: old,
        after,
        write: async (name, text) => {
          written.set(name, text);
          return `/${name}`;
        },
        canary: () => `lw${String(++made).padStart(22, '0')}`,
      }),
      engine,
    );
    const observed = report.observations.filter(({ probe }) => probe === 'canary');
    const verdict = report.verdicts.filter(({ claim }) => claim.kind === 'observed' && claim.probe === 'canary');
    return {
      written,
      requests,
      looks,
      observed: observed.map(({ of, where, got }) => [of, where, 'value' in got ? got.value : got.missing]),
      is: verdict.map(({ is }) => is),
    };
  }

  test('stands in place of each declared secret, and of these alone', async () => {
    const { requests, written, looks, observed, is } = await seen(() => ({ hits: [] }));
    expect(requests).toHaveLength(1);
    const { secrets = {}, args = {}, fresh } = requests[0] as BuildRequest;
    expect(Object.keys(secrets)).toEqual(['npm']);
    const [token, argument] = Object.keys(args);
    expect(token).toBe('NPM_TOKEN');
    // A secret's value does not rerun its step: an argument does.
    expect(written.get('after-canary.Dockerfile')).toContain(`ARG ${argument}\nRUN --mount=type=secret,id=npm`);
    expect(fresh).toBeUndefined();
    expect(new Set([...Object.values(secrets), ...Object.values(args)]).size).toBe(3);
    expect(looks[0]?.needles).toEqual(expect.arrayContaining([secrets.npm, args.NPM_TOKEN]));
    expect([...(looks[0]?.base ?? [])]).toEqual(['of after-base']);
    expect(observed).toEqual([
      ['after', 'build argument NPM_TOKEN', 'nowhere'],
      ['after', 'secret npm', 'nowhere'],
    ]);
    expect(is).toEqual(['upheld', 'upheld']);
  });

  test('that is found is told by its place, never by its value', async () => {
    const { observed, is } = await seen(({ needles }) => ({
      hits: [
        { needle: 0, in: 'history' },
        { needle: needles.length - 1, in: 'layer', path: `/a/${needles.at(-1)}.txt` },
      ],
    }));
    expect(observed).toEqual([
      ['after', 'build argument NPM_TOKEN', 'the history'],
      ['after', 'secret npm', 'hex in /a/***.txt (a layer)'],
    ]);
    expect(is).toEqual(['refuted', 'refuted']);
  });

  test('in the provenance counts for a mount: arguments always stand there', async () => {
    const { observed } = await seen(
      () => ({ hits: [] }),
      ({ secrets, args }) => ({ ...built(false), metadata: JSON.stringify([secrets, args]) }),
    );
    expect(observed).toEqual([
      ['after', 'build argument NPM_TOKEN', 'nowhere'],
      ['after', 'secret npm', 'the provenance'],
    ]);
  });

  test('with which it does not build is not shown, and the others are', async () => {
    const { observed, requests, is } = await seen(
      () => ({ hits: [] }),
      ({ secrets = {} }) => (Object.keys(secrets).length > 0 ? broken : undefined),
    );
    expect(requests).toHaveLength(3);
    expect(observed).toEqual([
      ['after', 'build argument NPM_TOKEN', 'nowhere'],
      ['after', 'secret npm', 'it does not build with a random value in its place: RUN false'],
    ]);
    expect(is).toEqual(['upheld', 'not-shown']);
  });

  test('whose image cannot be read is not shown', async () => {
    const fake = engineOf({});
    const engine = { ...fake, read: async () => ({ missing: 'no space' }) };
    const { verdicts } = await prove(order({ before: old, after }), engine);
    const those = verdicts.filter(({ claim }) => claim.kind === 'observed' && claim.probe === 'canary');
    expect(those.map(({ is, why }) => [is, why])).toEqual([
      ['not-shown', 'no space'],
      ['not-shown', 'no space'],
    ]);
  });
});

describe('builds after other changes', () => {
  const labelled = (at: 'first' | 'last') => {
    const label = 'ARG REVISION\nLABEL org.opencontainers.image.revision=$REVISION\n';
    const [first, last] = at === 'first' ? [label, ''] : ['', label];
    return `FROM node:24\n${first}COPY package.json ./\nRUN npm ci\nCOPY . .\n${last}CMD ["node", "a.js"]\n`;
  };

  async function proved(before: string, after: string, reruns: (tag: string) => boolean, sourceOnly = false) {
    const requests: BuildRequest[] = [];
    const edits: string[] = [];
    const fake = engineOf({});
    const engine: ProofEngine = {
      ...fake,
      async build(request) {
        if (!/-(?:dependency|label)$/.test(request.tag)) return fake.build(request);
        requests.push(request);
        return built(!reruns(request.tag));
      },
    };
    const report = await prove(
      order({
        before: { name: 'old', text: before, path: '/old' },
        after: { name: 'new', text: after, path: '/new' },
        sourceOnly,
        dependencies: {
          files: ['go.mod', 'package.json', 'web/package.json'],
          again: async (file) => {
            edits.push(file);
          },
        },
      }),
      engine,
    );
    const of = (probe: string) =>
      report.observations
        .filter((one) => one.probe === probe)
        .map((one) => [one.of, 'value' in one.got && one.got.value]);
    const verdict = report.verdicts.find(
      ({ claim }) => claim.kind === 'observed' && claim.probe === 'label-reinstalls',
    );
    return { report, requests, edits, of, is: verdict?.is };
  }

  test('a change of a dependency is one of the file that an install reads', async () => {
    const { edits, of, report } = await proved(labelled('last'), labelled('last'), () => true);
    expect(edits).toEqual(['package.json', 'package.json']);
    expect(of('dependency-reruns')).toEqual([
      ['before', 2],
      ['after', 2],
    ]);
    const foretold = report.foretold?.filter(({ file }) => file === 'package.json');
    expect(foretold?.map((one) => one.of)).toEqual(['before', 'after']);
    expect(report.changes?.map(({ of: side, change, what }) => [side, change, what])).toEqual([
      ['before', 'dependency', 'package.json'],
      ['after', 'dependency', 'package.json'],
      ['before', 'label', 'REVISION'],
      ['after', 'label', 'REVISION'],
    ]);
  });

  test('a label gets another value of its argument', async () => {
    const { requests, is } = await proved(labelled('last'), labelled('last'), () => false);
    expect(requests.slice(2).map(({ args }) => args)).toEqual([
      { REVISION: 'lw0123456789012345678901' },
      { REVISION: 'lw0123456789012345678901' },
    ]);
    expect(is).toBe('upheld');
  });

  test.each<[string, string, string, string | undefined]>([
    ['that the after puts before its installs', labelled('last'), labelled('first'), 'refuted'],
    ['that the before does not have', good.replace('CMD', '# old\nCMD'), labelled('first'), 'refuted'],
    ['that both put there', labelled('first').replace('CMD', '# old\nCMD'), labelled('first'), undefined],
  ])('a label %s', async (_, before, after, expected) => {
    const texts = { before, after };
    const { is } = await proved(before, after, (tag) => {
      const text = tag.includes('before') ? texts.before : texts.after;
      return tag.endsWith('label') && text.indexOf('LABEL') < text.indexOf('npm ci');
    });
    expect(is).toBe(expected);
  });

  test('nothing is built where nothing of the kind is there', async () => {
    const { requests, is } = await proved(
      good.replace('COPY package.json ./\n', '').replace('COPY . .\n', ''),
      good,
      () => true,
    );
    expect(requests.map(({ tag }) => tag)).toEqual(['t-before-dependency', 't-after-dependency']);
    expect(is).toBeUndefined();
    const plain = 'FROM node:24\nCMD ["node"]\n';
    expect((await proved(`${plain}# old\n`, plain, () => true)).requests).toEqual([]);
    const asked = await proved(labelled('last'), labelled('first'), () => true, true);
    expect([asked.requests, asked.is]).toEqual([[], undefined]);
  });
});

describe('what lies in an image', () => {
  const files = (more: Partial<ImageRead['files']>) => ({ files: { ...nothingRead.files, ...more } });

  test('is told of both', async () => {
    const report = await prove(
      order(),
      engineOf({
        read: {
          before: {
            ...files({ tools: ['gcc', 'npm'], caches: [{ name: 'apt', bytes: 2e6 }], setuid: ['/usr/bin/sudo'] }),
            attestations: [
              { kind: 'provenance', bound: true },
              { kind: 'SBOM', bound: false },
            ],
          },
        },
      }),
    );
    const row = (title: string) =>
      report.rows.filter((one) => one.title === title).map(({ before, after }) => [before, after])[0];
    expect(row('libc')).toEqual(['glibc', 'glibc']);
    expect(row('compilers and package managers')).toEqual(['gcc, npm', 'none']);
    expect(row('caches of package managers apt')).toEqual(['2.00 MB', undefined]);
    expect(row('setuid above its base')).toEqual(['/usr/bin/sudo', 'none']);
    expect(row('OCI labels')).toEqual(['source', 'source']);
    expect(row('attestations')).toEqual(['provenance, SBOM, not of its digest', undefined]);
  });

  test.each<[string, Fake, string, string | undefined]>([
    ['a setuid file more', { read: { after: files({ setuid: ['/x'] }) } }, 'setuid', 'refuted'],
    [
      'setuid files on both sides',
      { read: { before: files({ setuid: ['/x'] }), after: files({ setuid: ['/x', '/y'] }) } },
      'setuid',
      undefined,
    ],
    ['larger, on the same libc', { bytes: { after: 1_700_000 } }, 'own-bytes', 'refuted'],
    [
      'larger, on another libc',
      { bytes: { after: 1_700_000 }, read: { after: files({ libc: ['musl'] }) } },
      'own-bytes',
      undefined,
    ],
    [
      'larger, and no libc any more',
      { bytes: { after: 1_700_000 }, read: { after: files({ libc: [] }) } },
      'own-bytes',
      'refuted',
    ],
  ])('%s', async (_, fake, probe, is) => expect((await verdicts(fake))[probe]).toBe(is));
});
