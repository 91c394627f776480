import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileOracle, type Oracle, spawnOracle } from './client.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await spawnOracle();
});
afterAll(() => oracle.close());

test('the oracle passes its own test', async () => {
  const { stdout } = await promisify(execFile)(await compileOracle(), ['--self-test']);
  expect(stdout).toContain('ok   compare: a health check');
  expect(stdout).not.toContain('FAIL');
});

describe('parse', () => {
  test('gives nodes with lines, flags, heredocs and the child of ONBUILD', async () => {
    const answer = await oracle.parse(
      '# escape=`\n# why\nRUN --network=none <<EOF\nhi\nEOF\nONBUILD COPY --link a `\n  b\n',
    );
    expect(answer).toMatchObject({ ok: true, escape: '`', directives: [{ name: 'escape', value: '`', line: 1 }] });
    expect(answer.nodes).toMatchObject([
      {
        keyword: 'run',
        startLine: 3,
        endLine: 5,
        flags: ['--network=none'],
        args: ['<<EOF'],
        heredocs: [{ name: 'EOF', expand: true, content: 'hi\n' }],
        prevComment: ['why'],
      },
      {
        keyword: 'onbuild',
        startLine: 6,
        endLine: 7,
        onbuild: { keyword: 'copy', flags: ['--link'], args: ['a', 'b'] },
      },
    ]);
  });

  test('keeps bytes that are not UTF-8, in the encoding of our own decoder', async () => {
    const answer = await oracle.parse(new Uint8Array([...Buffer.from('FROM a\nUSER b'), 0xe9, 0x0a]));
    expect(answer.nodes?.[1]?.args).toEqual(['b\udce9']);
  });

  test('says why a file is refused', async () => {
    expect(await oracle.parse('')).toEqual({ ok: false, error: expect.stringContaining('file with no instructions') });
  });
});

test('instructions are typed, and refused with their phase', async () => {
  const answer = await oracle.instructions(
    'ARG V=1\nFROM a:$V AS B\nENV k=v l="w x"\nRUN --mount=type=cache,target=/c ["x"]\n',
  );
  expect(answer.metaArgs).toMatchObject([{ name: 'ARG', view: { args: [{ key: 'V', value: '1' }] } }]);
  expect(answer.stages).toMatchObject([
    {
      name: 'b',
      baseName: 'a:$V',
      commands: [
        {
          name: 'ENV',
          lines: [3, 3],
          view: {
            pairs: [
              { key: 'k', value: 'v' },
              { key: 'l', value: '"w x"' },
            ],
          },
        },
        { name: 'RUN', view: { cmdLine: ['x'], prependShell: false, mounts: [{ type: 'cache', target: '/c' }] } },
      ],
    },
  ]);
  expect(await oracle.instructions('FROM a\nFOO\n')).toMatchObject({ ok: false, phase: 'instructions' });
});

test('lint covers stages that the last one does not need', async () => {
  const file = 'FROM a AS unused\nCMD x\nFROM a\nENV k v\n';
  const rules = async (target?: string) =>
    (await oracle.lint(file, target ? { target } : {})).warnings.map((w) => [w.rule, w.lines[0]?.[0]]);
  expect(await rules()).toEqual([
    ['JSONArgsRecommended', 2],
    ['LegacyKeyValueFormat', 4],
  ]);
  expect(await rules('unused')).toEqual([['JSONArgsRecommended', 2]]);
});

test('lint knows what the context ignores', async () => {
  const file = 'FROM a\nCOPY secret.pem /\nCOPY app /\n';
  const rules = async (dockerignore?: string) =>
    (await oracle.lint(file, dockerignore === undefined ? {} : { dockerignore })).warnings;
  expect(await rules()).toEqual([]);
  expect(await rules('*.pem\n')).toMatchObject([{ rule: 'CopyIgnoredFile', lines: [[2, 2]] }]);
});

describe('build', () => {
  test('judges every stage, named or not, on both bases', async () => {
    const answer = await oracle.build('FROM a\nRUN x\nFROM b AS named\nRUN y\nFROM c\nCOPY --from=0 /x /\n', {
      nodes: true,
    });
    expect(answer.stages?.map((s) => `${s.stage} ${s.base} ${s.ok}`)).toEqual([
      '0 root true',
      'named root true',
      'final root true',
      '0 user true',
      'named user true',
      'final user true',
    ]);
    expect(answer.stages?.[2]?.nodes).toMatchObject([
      { name: 'FROM' },
      { name: 'COPY 1', fields: { from: { stages: ['0'] }, sources: ['/x'], dest: '/' } },
    ]);
  });

  test("an error of one stage is that stage's", async () => {
    const answer = await oracle.build('FROM a AS good\nFROM b\nSTOPSIGNAL nonsense\n', { base: 'root' });
    expect(answer.stages).toMatchObject([
      { stage: 'good', ok: true },
      { stage: 'final', ok: false },
    ]);
  });
});

describe('compare', () => {
  const differs = async (before: string, after: string) => (await oracle.compare(before, after)).differs;

  test.each([
    ['USER root is right on one base and not on the other', 'FROM a\n', 'FROM a\nUSER root\n', ['final/config/User']],
    [
      'a shell equal to the default of one base only',
      'FROM a\nRUN x\n',
      'FROM a\nSHELL ["/bin/sh", "-c"]\nRUN x\n',
      ['final/RUN 1/args', 'final/config/Shell'],
    ],
    [
      'inherited config is named where it is set',
      'FROM a AS b\nFROM b\n',
      'FROM a AS b\nLABEL k=v\nFROM b\n',
      ['b/config/Labels'],
    ],
    [
      'ENV reaches the RUN after it',
      'FROM a\nRUN x\n',
      'FROM a\nENV k=v\nRUN x\n',
      ['final/RUN 1/env', 'final/config/Env'],
    ],
    [
      'a change in one stage is not laid on the next',
      'FROM a AS b\nRUN x\nFROM c\nCOPY --from=b /x /\n',
      'FROM a AS b\nRUN y\nFROM c\nCOPY --from=b /x /\n',
      ['b/RUN 1/args'],
    ],
    [
      'a new source widens the context for all, and is one difference',
      'FROM a AS b\nCOPY x /\nFROM c\nCOPY y /\n',
      'FROM a AS b\nCOPY x z /\nFROM c\nCOPY y /\n',
      ['b/COPY 1/sources'],
    ],
    ['a stage added', 'FROM a\n', 'FROM b AS new\nFROM a\n', ['new/added']],
    ['a heredoc for a chain', 'FROM a\nRUN x && y\n', 'FROM a\nRUN <<EOF\nx\ny\nEOF\n', ['final/RUN 1/args']],
    ['swapped RUNs', 'FROM a\nRUN x\nRUN y\n', 'FROM a\nRUN y\nRUN x\n', ['final/RUN 1/args', 'final/RUN 2/args']],
  ])('%s', async (_, before, after, expected) => {
    expect(await differs(before, after)).toEqual(expected);
  });

  test('a file that cannot be built is never the same', async () => {
    const broken = 'FROM a\nCOPY --from=$X a b\n';
    expect(await oracle.compare(broken, broken)).toMatchObject({
      same: false,
      differs: [],
      error: 'neither file can be built',
    });
    expect(await oracle.compare('FOO\n', 'FROM a\n')).toMatchObject({
      same: false,
      error: expect.stringMatching(/^before: /),
    });
  });
});

describe('shell', () => {
  test('gives commands, words, redirections and operators with UTF-16 offsets', async () => {
    const script = 'e=é echo "ü😀 $(date +%s)" 2>/dev/null && cat <<X | tee "a b"\nbody\nX\n';
    const { commands, operators } = await oracle.shell(script);
    expect(commands?.map((c) => c.words.map((w) => script.slice(w.s, w.e)))).toEqual([
      ['echo', '"ü😀 $(date +%s)"'],
      ['date', '+%s'],
      ['cat'],
      ['tee', '"a b"'],
    ]);
    expect(commands?.map((c) => c.inSubst)).toEqual([0, 1, 0, 0]);
    expect(commands?.[0]?.assigns.map(([s, e]) => script.slice(s, e))).toEqual(['e=é']);
    expect(commands?.[0]?.redirs.map((r) => script.slice(r.s, r.e))).toEqual(['2>/dev/null']);
    expect(commands?.[2]?.redirs.map((r) => script.slice(...(r.heredoc ?? [0, 0])))).toEqual(['body\n']);
    expect(commands?.[3]?.words[1]?.value).toBe('a b');
    expect(operators?.map((o) => script.slice(o.s, o.e))).toEqual(['&&', '|']);
  });

  test('what only bash knows is an error in POSIX shell', async () => {
    expect((await oracle.shell('a <(b)')).ok).toBe(false);
    expect((await oracle.shell('a <(b)', 'bash')).commands).toHaveLength(2);
  });
});

test('a thousand overlapping requests keep their order', async () => {
  const users = Array.from({ length: 1000 }, (_, i) => `u${i}`);
  const answers = await Promise.all(users.map((user) => oracle.parse(`FROM a\nUSER ${user}\n`)));
  expect(answers.map((answer) => answer.nodes?.[1]?.args[0])).toEqual(users);
});

describe('a request that takes too long', () => {
  // Every stage is converted for itself: seconds of work.
  const slow = Array.from({ length: 300 }, (_, i) => `FROM a AS s${i}\n${'RUN true\n'.repeat(30)}`).join('');

  test('is given up, and what was asked after it is answered', async () => {
    const patient = await spawnOracle({ jobs: 1 });
    const asked = [
      patient.judge(slow, ['build'], { timeout: 20 }),
      patient.judge('FROM a\nEXPOSE x\n', ['lint']),
      patient.judge(slow, ['build'], { timeout: 20 }),
      patient.judge('FROM a\nEXPOSE 80\n', ['lint']),
    ];
    const answers = await Promise.all(asked);
    expect(answers.map(({ timeout }) => timeout)).toEqual([true, undefined, true, undefined]);
    expect(answers[0]).toEqual({ timeout: true, error: 'no answer within 20ms' });
    expect(answers[1]?.lint?.error).toContain('invalid containerPort: x');
    expect(answers[3]?.lint?.ok).toBe(true);
    await expect(patient.build(slow, { timeout: 20 })).rejects.toThrow('no answer within 20ms');
    expect((await patient.lint('FROM a\n')).ok).toBe(true);
    await patient.close();
  });
});
