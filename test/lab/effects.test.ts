import { beforeAll, describe, expect, test } from 'vitest';
import { below, bytes, config, filesystem, judgeExamples, packages } from './effects.ts';
import { docker, requireEngine, runBuild } from './engine.ts';
import { readTar } from './tar.ts';

beforeAll(requireEngine);

describe('what an image holds', () => {
  test('mode, owner, size and links of each path', async () => {
    const { image = '', error } = await runBuild(
      `FROM debian:trixie-slim
COPY --chmod=640 --chown=7:8 some.txt /srv/some.txt
RUN ln -s some.txt /srv/symbolic && ln /srv/some.txt /srv/hard && mkfifo /srv/pipe \\
 && long=/srv/$(printf 'x%.0s' $(seq 120))/ä && mkdir -p $long && touch $long/long && chmod 4755 $long/long
USER 7
ENV A=b`,
      { 'some.txt': 'some text\n' },
    );
    expect(error).toBeUndefined();
    const files = await filesystem(image);
    const long = `/srv/${'x'.repeat(120)}`;
    expect(below(files, '/srv')).toEqual([
      '/srv/hard',
      '/srv/pipe',
      '/srv/some.txt',
      '/srv/symbolic',
      long,
      `${long}/ä`,
      `${long}/ä/long`,
    ]);
    expect(files.get('/srv/some.txt')).toMatchObject({ type: 'file', mode: 0o640, uid: 7, gid: 8, size: 10 });
    expect(files.get('/srv/hard')).toEqual({ ...files.get('/srv/some.txt'), path: '/srv/hard' });
    expect(files.get('/srv/symbolic')).toMatchObject({ type: 'link', to: 'some.txt' });
    expect(files.get('/srv/pipe')?.type).toBe('pipe');
    expect(files.get(`${long}/ä/long`)?.mode).toBe(0o4755);
    expect(packages(files)?.some((each) => /^dpkg=\d/.test(each))).toBe(true);
    expect(await config(image)).toMatchObject({ User: '7', Env: expect.arrayContaining(['A=b']) });
    expect(await bytes(image)).toBeGreaterThan(30e6);
    await docker(['image', 'rm', '--force', image]);
  });

  test('a broken archive is not taken for an empty one', async () => {
    const read = async (...pieces: Buffer[]) => {
      for await (const _ of readTar(from(pieces)));
    };
    await expect(read(Buffer.alloc(512, 'a'))).rejects.toThrow('not a tar archive');
    await expect(read(Buffer.alloc(100, 'a'))).rejects.toThrow();
  });
});

describe('what a fix does', () => {
  test('lists removed by a fix: nothing else changes', async () => {
    const [judged] = await judgeExamples([
      {
        name: 'apt lists',
        bad: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd\n',
        good: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd && rm -rf /var/lib/apt/lists/*\n',
        programs: [['nc', '-h']],
      },
    ]);
    expect(judged).toMatchObject({ bad: { ok: true }, good: { ok: true } });
    const compared = judged?.compared;
    expect(compared?.onlyInBad.length).toBeGreaterThan(0);
    expect(compared?.onlyInBad.filter((path) => !path.startsWith('/var/lib/apt/lists/'))).toEqual([]);
    expect(compared).toMatchObject({
      onlyInGood: [],
      differing: [],
      packages: 'equal',
      config: [],
      programs: [{ alike: true }],
    });
    expect(compared?.noise).toContain('/var/log/dpkg.log');
    expect(compared!.bytes.good).toBeLessThan(compared!.bytes.bad - 10e6);
  });

  test('lists removed although a later step reads them: the good text does not build', async () => {
    const [judged] = await judgeExamples([
      {
        name: 'lists read later',
        bad: 'FROM debian:trixie-slim\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends netcat-openbsd\n',
        good: 'FROM debian:trixie-slim\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y --no-install-recommends netcat-openbsd\n',
      },
    ]);
    expect(judged).toMatchObject({ bad: { ok: true }, good: { ok: false, exit: 100 } });
    expect(judged?.good.error).toContain('apt-get install');
    expect(judged?.compared).toBeUndefined();
  });

  test('pip without its cache, and a fix that changes more than it says', async () => {
    const context = { 'requirements.txt': 'itsdangerous==2.2.0\n' };
    const base = 'FROM python:3.13-slim-trixie\nCOPY requirements.txt .\n';
    const [cache, more] = await judgeExamples([
      {
        name: 'pip cache',
        bad: `${base}RUN pip install --no-binary=itsdangerous -r requirements.txt\n`,
        good: `${base}RUN pip install --no-cache-dir --no-binary=itsdangerous -r requirements.txt\n`,
        context,
        programs: [['python', '-c', 'import itsdangerous; print(itsdangerous.__name__)']],
      },
      {
        name: 'a user comes along',
        bad: 'FROM debian:trixie-slim\nRUN touch /srv/one\nCMD ["true"]\n',
        good: 'FROM debian:trixie-slim\nRUN touch /srv/one && chmod 600 /srv/one && echo x > /srv/two\nUSER 1000\nCMD ["true"]\n',
        programs: [['id', '-u']],
      },
    ]);
    expect(cache?.compared).toMatchObject({
      onlyInGood: [],
      differing: [],
      packages: 'equal',
      config: [],
      programs: [{ alike: true }],
    });
    expect(cache?.compared?.onlyInBad).toContain('/root/.cache/pip');
    expect(cache?.compared?.onlyInBad.filter((path) => !/^\/root\/\.cache(\/pip(\/|$)|$)/.test(path))).toEqual([]);
    expect(more?.compared).toMatchObject({
      onlyInBad: [],
      onlyInGood: ['/srv/two'],
      differing: [{ path: '/srv/one', in: ['mode'] }],
      packages: 'equal',
      config: ['User'],
      programs: [{ bad: { exit: 0, stdout: '0\n' }, good: { exit: 0, stdout: '1000\n' }, alike: false }],
    });
  });

  test('another image can stand in for the base', async () => {
    const [judged] = await judgeExamples([
      {
        name: 'base replaced',
        bad: 'FROM no.such.host/ubuntu:22.04\nRUN true\n',
        good: 'FROM no.such.host/ubuntu:22.04\nRUN true\n',
        options: { bases: { 'no.such.host/ubuntu:22.04': 'debian:trixie-slim' } },
      },
    ]);
    expect(judged?.good.error).toBeUndefined();
    expect(judged?.compared).toMatchObject({ onlyInBad: [], onlyInGood: [], differing: [], config: [] });
  });
});

async function* from(pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}
