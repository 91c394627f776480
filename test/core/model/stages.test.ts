import { describe, expect, test } from 'vitest';
import { isFinal, ships, stepsAfter, stepsBefore, stepsNamed } from '../../../src/core/model/index.ts';
import { cpuNow } from '../../cpu.ts';
import { lastStage, model, step, value } from './model.ts';

const names = (stages: readonly { readonly name: string | undefined; readonly index: number }[]) =>
  stages.map(({ name, index }) => name ?? String(index));

describe('the stage graph', () => {
  test('a stage goes by its name in small letters, and only so FROM finds it; the later of two shadows the earlier', () => {
    const { stages } = model(`
      FROM alpine AS Base
      FROM debian AS base
      FROM base
      FROM busybox AS base
      FROM base`);
    expect(stages.map(({ base }) => (base.kind === 'stage' ? base.stage.index : base.kind))).toEqual([
      'image',
      'image',
      1,
      'image',
      3,
    ]);
    expect(names(stages)).toEqual(['base', 'base', '2', 'base', '4']);
  });

  test('FROM a stage in capitals is FROM an image, and none: BuildKit refuses it', () => {
    const { stages } = model('FROM alpine AS Base\nFROM BASE\nFROM Scratch\nFROM alpine\nCOPY --from=BASE /a /a');
    expect(stages.slice(1, 3).map(({ base }) => base)).toMatchObject([
      { kind: 'image', image: { unknown: 'it is no valid image reference' } },
      { kind: 'image', image: { unknown: 'it is no valid image reference' } },
    ]);
    expect(stages[0]?.descendants).toEqual([]);
    expect(stages[3]?.sources.map(({ from }) => from)).toEqual([stages[0]]);
  });

  test('scratch, images and the root of a chain', () => {
    const { stages } = model('FROM scratch AS a\nFROM a AS b\nFROM b\nFROM node:22');
    expect(stages[2]?.root.kind).toBe('scratch');
    expect(names(stages[2]?.ancestors ?? [])).toEqual(['b', 'a']);
    expect(names(stages[0]?.descendants ?? [])).toEqual(['b', '2']);
    expect(stages[3]?.root).toMatchObject({ kind: 'image', image: { value: { familiar: 'node', tag: '22' } } });
  });

  test('what COPY and mounts take from elsewhere', () => {
    const { stages, needed, shipped } = model(`
      FROM golang:1.27 AS build
      FROM build AS unused
      FROM alpine AS certs
      FROM scratch
      COPY --from=BUILD /a /a
      COPY --from=2 /b /b
      COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /uv
      RUN --mount=type=bind,from=certs,target=/c --mount=from=redis,target=/d true`);
    const { sources } = stages[3] as (typeof stages)[number];
    expect(
      sources.map(({ from, via }) => [
        via,
        from === undefined ? from : 'kind' in from ? value(from.image) : (from.name ?? String(from.index)),
      ]),
    ).toMatchObject([
      ['copy', 'build'],
      ['copy', 'certs'],
      ['copy', { familiar: 'ghcr.io/astral-sh/uv' }],
      ['mount', 'certs'],
      ['mount', { familiar: 'redis' }],
    ]);
    expect(names(needed)).toEqual(['build', 'certs', '3']);
    expect(names(shipped)).toEqual(['3']);
  });

  test('a stage by name or index is the target, else the last', () => {
    const text = 'FROM alpine AS a\nFROM a AS b\nFROM debian';
    expect(model(text).target?.label).toBe('final');
    const build = model(text, { target: 'B' });
    expect(build.target?.label).toBe('b');
    expect(names(build.shipped)).toEqual(['b', 'a']);
    expect(build.stages.map((stage) => [isFinal(build, stage), ships(build, stage)])).toEqual([
      [false, true],
      [true, true],
      [false, false],
    ]);
    expect(model(text, { target: '0' }).target?.label).toBe('a');
    expect(model(text, { target: 'gone' }).target?.label).toBe('final');
  });

  test('steps around a step', () => {
    const build = model('FROM alpine AS a\nRUN a\nFROM a\nRUN b\nRUN c\nUSER d\nRUN e');
    const stage = build.stages[1];
    const labels = (steps: readonly { readonly instruction: { readonly logical: { readonly text: string } } }[]) =>
      steps.map(({ instruction }) => instruction.logical.text);
    expect(labels(stepsBefore(step(stage, 'RUN 2')))).toEqual(['RUN a', 'RUN b']);
    expect(labels(stepsAfter(step(stage, 'RUN 2')))).toEqual(['USER d', 'RUN e']);
    expect(labels(stepsNamed(build.stages[1] as NonNullable<typeof stage>, 'RUN'))).toEqual([
      'RUN b',
      'RUN c',
      'RUN e',
    ]);
  });

  test('a file without stages has a model', () => {
    const build = model('ARG a=1\n# nothing');
    expect([build.stages, build.target, build.purpose.is, build.needed]).toEqual([[], undefined, 'unknown', []]);
    expect(value(build.metaArgs[0]?.before.user)).toBe('?');
  });

  test('ten thousand stages in a chain neither take long nor overflow', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => `FROM s${i} AS s${i + 1}\nENV a${i}=\${a${i - 1}}x`).join(
      '\n',
    );
    const stage = lastStage(`FROM alpine AS s0\n${chain}`);
    const start = cpuNow();
    expect(value(stage.end.user)).toBe('root');
    expect(value(lastStage('FROM alpine AS s0\nENV a=1\nFROM s0').end.variable('a'))).toBe('1');
    expect(value(stage.end.variable('a0'))).toBe('?');
    expect(cpuNow() - start).toBeLessThan(40_000);
  });
});

describe('outside references', () => {
  test('each with its place', () => {
    const text = [
      '# syntax=docker/dockerfile:1.7-labs',
      'ARG V=22',
      'FROM node:$V AS a',
      'FROM a',
      'COPY --from=redis:7 /a /b',
      'RUN --mount=type=bind,from=alpine:3,target=/x true',
    ].join('\n');
    const { references, frontend } = model(text);
    expect(
      references.map(({ kind, span, variable, image }) => [
        kind,
        text.slice(...span),
        variable,
        (value(image) as { tag?: string }).tag,
      ]),
    ).toEqual([
      ['syntax', 'docker/dockerfile:1.7-labs', false, '1.7-labs'],
      ['from', 'node:$V', true, '22'],
      ['copy-from', 'redis:7', false, '7'],
      ['mount-from', 'alpine:3', false, '3'],
    ]);
    expect(frontend).toMatchObject({ directive: true, version: [1, 7], labs: true });
  });

  test('scratch is no image, a variable in COPY --from is not expanded', () => {
    const { references } = model('ARG a=b\nFROM scratch\nCOPY --from=$a / /\nCOPY --from=scratch / /');
    expect(references.map(({ kind, image }) => [kind, value(image)])).toEqual([['copy-from', '?']]);
  });

  test('no syntax line, another frontend', () => {
    expect(model('FROM a').frontend).toMatchObject({ directive: false, version: undefined });
    expect(model('# syntax=acme/frontend:3\nFROM a').frontend).toMatchObject({ directive: true, version: undefined });
  });
});

describe('ONBUILD', () => {
  test('the body is a step of its own, and runs first in a stage that is built on it', () => {
    const { stages } = model('FROM alpine AS a\nONBUILD USER app\nONBUILD ENV x=1\nFROM a\nRUN id');
    const onbuild = step(stages[0], 'ONBUILD 1');
    expect([onbuild.onbuild, onbuild.body?.onbuild, onbuild.body?.instruction.name]).toEqual([false, true, 'USER']);
    expect(value(stages[0]?.end.user)).toBe('root');
    expect(value(step(stages[1], 'RUN 1').before.user)).toBe('app');
    expect(value(stages[1]?.end.env('x'))).toBe('1');
  });
});
