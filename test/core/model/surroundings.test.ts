import { describe, expect, test } from 'vitest';
import { lastUser } from '../../../src/core/model/index.ts';
import { type ImageFacts, SCRATCH } from '../../../src/core/world/images/index.ts';
import { lastStage, model, step, value } from './model.ts';

const variables = (text: string, ...names: string[]) => {
  const { end } = lastStage(text);
  return names.map((name) => value(end.variable(name)));
};

describe('ENV and ARG', () => {
  test('all words of an ENV see what was before it', () => {
    expect(variables('FROM alpine\nENV a=1\nENV a=2 b=$a\nENV c=$a', 'a', 'b', 'c')).toEqual(['2', '1', '2']);
  });

  test('the words of an ARG see those before them', () => {
    expect(variables('FROM alpine\nARG a=1 b=$a', 'b')).toEqual(['1']);
  });

  test('the last of ENV and ARG counts', () => {
    expect(variables('FROM alpine\nENV a=1\nARG a=2', 'a')).toEqual(['2']);
    expect(variables('FROM alpine\nARG a=2\nENV a=1', 'a')).toEqual(['1']);
    expect(variables('FROM alpine\nENV a=1\nARG a', 'a')).toEqual(['1']);
  });

  test('only ENV is in the config', () => {
    const { end } = lastStage('FROM alpine\nARG a=1\nENV b=2');
    expect([value(end.env('a')), value(end.env('b'))]).toEqual([undefined, '2']);
  });

  test('meta ARGs are seen by FROM, and by a stage that declares them', () => {
    const text = 'ARG v=3 n=alpine\nARG i=$n:$v\nFROM $i\nENV a=<$v>\nARG v\nENV b=<$v>';
    const build = model(text);
    expect(build.stages[0]?.base).toMatchObject({ image: { value: { familiar: 'alpine', tag: '3' } } });
    expect(variables(text, 'a', 'b', 'n')).toEqual(['<>', '<3>', undefined]);
  });

  test('a stage inherits from the stage that it is FROM', () => {
    expect(variables('FROM alpine AS a\nENV e=1\nARG g=2\nFROM a\nENV x=$e$g', 'x')).toEqual(['12']);
    expect(variables('FROM alpine AS a\nENV e=1\nFROM alpine', 'e')).toEqual([undefined]);
  });

  test('what only the builder has is unknown, unless a default stands beside it', () => {
    expect(
      variables(`FROM alpine\nARG v\nENV a=$v b=\${v:-1} c=\${v-2}x d=\${v:-1}$v`, 'v', 'a', 'b', 'c', 'd'),
    ).toEqual(['?', '?', '1', '2x', '?']);
    expect(variables('FROM alpine\nARG TARGETARCH\nENV a=$TARGETARCH b=$TARGETOS', 'a', 'b')).toEqual(['?', '']);
    expect(model('FROM --platform=$BUILDPLATFORM a').stages[0]?.platform).toHaveProperty('unknown');
    const passed = model('ARG b\nFROM $b\nARG v=1\nENV e=$v', { buildArgs: { b: 'busybox', v: '2' } }).stages[0];
    expect([value(passed?.end.env('e')), passed?.root]).toMatchObject([
      '2',
      { image: { value: { familiar: 'busybox' } } },
    ]);
  });

  test('operators, quotes, keys', () => {
    expect(
      variables(
        `FROM alpine\nENV a=x.tar.gz "k"='$a'\nENV b=\${a%%.*} c="\${a#x}" d=\\$a e=\${no:+1}`,
        'k',
        'b',
        'c',
        'd',
        'e',
      ),
    ).toEqual(['$a', 'x', '.tar.gz', '$a', '']);
  });

  test('what the base image sets is unknown, what it cannot set is not', () => {
    expect(variables('FROM node:22\nENV a=$NODE_VERSION b=$FOO', 'a', 'b', 'FOO')).toEqual(['?', '', undefined]);
    expect(variables('FROM somebody/image\nENV a=$FOO', 'a', 'FOO', 'PATH')).toEqual(['?', '?', '?']);
    expect(variables('FROM scratch\nENV PATH=/x:$PATH', 'PATH')).toEqual([
      '/x:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
  });

  test('the step that set it', () => {
    const { end } = lastStage('FROM alpine AS a\nENV x=1\nFROM a\nARG y=2');
    expect([end.variableStep('x')?.label, end.variableStep('y')?.label, end.variableStep('z')]).toEqual([
      'ENV 1',
      'ARG 1',
      undefined,
    ]);
  });

  test('values that double are given up, not followed', () => {
    const text = `FROM alpine\nENV a=0123456789\n${'ENV a=$a$a\n'.repeat(40)}`;
    expect(variables(text, 'a')).toEqual(['?']);
  });
});

describe('USER', () => {
  test('of the stage, of the stages below, of the image', () => {
    expect(value(lastStage('FROM alpine\nUSER a\nUSER b:c').end.user)).toBe('b:c');
    expect(value(lastStage('FROM alpine AS x\nUSER a\nFROM x\nRUN id').end.user)).toBe('a');
    expect(value(lastStage('FROM gcr.io/distroless/static-debian12:nonroot').end.user)).toBe('65532');
    expect(value(lastStage('FROM somebody/image').end.user)).toBe('?');
    expect(value(lastStage('FROM alpine\nARG uid=1000\nUSER $uid:$uid').end.user)).toBe('1000:1000');
    expect(value(lastStage('FROM alpine\nARG uid\nUSER $uid').end.user)).toBe('?');
  });

  test('at each step', () => {
    const stage = lastStage('FROM alpine\nRUN a\nUSER x\nRUN b\nUSER root\nRUN c');
    expect(['RUN 1', 'RUN 2', 'RUN 3'].map((label) => value(step(stage, label).before.user))).toEqual([
      'root',
      'x',
      'root',
    ]);
    expect(lastUser(stage)?.label).toBe('USER 2');
  });
});

describe('WORKDIR', () => {
  test.each([
    ['FROM alpine', '/'],
    ['FROM alpine\nWORKDIR /a\nWORKDIR b\nWORKDIR ../c/./', '/a/c'],
    ['FROM alpine AS x\nWORKDIR /a\nFROM x\nWORKDIR b', '/a/b'],
    ['FROM golang:1.27\nWORKDIR src', '/go/src'],
    ['FROM somebody/image\nWORKDIR src', '?'],
    ['FROM somebody/image\nWORKDIR /src', '/src'],
    [`FROM alpine\nENV d=/x\nWORKDIR \${d}/y`, '/x/y'],
    ['FROM alpine\nARG d\nWORKDIR $d\nWORKDIR z', '?'],
  ])('%j: %s', (text, expected) => {
    expect(value(lastStage(text).end.workdir)).toBe(expected);
  });
});

describe('SHELL', () => {
  test.each([
    ['FROM debian:12', 'dash'],
    ['FROM alpine', 'ash'],
    ['FROM centos:7', 'bash'],
    ['FROM debian:12\nSHELL ["/bin/bash", "-c"]', 'bash'],
    ['FROM debian:12\nSHELL ["/bin/bash", "-c"]\nSHELL ["/bin/sh", "-c"]', 'dash'],
    ['FROM debian:12 AS a\nSHELL ["/bin/bash", "-c"]\nFROM a', 'bash'],
    ['FROM debian:12\nSHELL ["pwsh", "-c"]', 'other'],
    ['FROM mcr.microsoft.com/windows/servercore:ltsc2022', 'other'],
    ['FROM somebody/image', undefined],
    ['FROM scratch', undefined],
  ])('%j: %s', (text, kind) => {
    const shell = value(lastStage(text).end.shell);
    expect(shell === '?' ? undefined : shell?.kind).toBe(kind);
  });

  test('options of SHELL', () => {
    expect(value(lastStage('FROM a\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]').end.shell)).toEqual({
      kind: 'bash',
      errexit: true,
      pipefail: true,
    });
  });
});

describe('CMD, ENTRYPOINT, HEALTHCHECK', () => {
  test('an ENTRYPOINT discards the CMD below it', () => {
    const { end } = lastStage('FROM alpine AS a\nCMD ["x"]\nFROM a\nENTRYPOINT ["y"]');
    expect([end.entrypoint?.label, end.cmd]).toEqual(['ENTRYPOINT 1', undefined]);
    const own = lastStage('FROM alpine\nCMD ["x"]\nENTRYPOINT ["y"]').end;
    expect(own.cmd?.label).toBe('CMD 1');
  });

  test('a health check is inherited', () => {
    const { end } = lastStage('FROM alpine AS a\nHEALTHCHECK CMD true\nFROM a');
    expect(end.healthcheck?.instruction.name).toBe('HEALTHCHECK');
  });
});

test('facts of images can be given', () => {
  const imageFacts = (): ImageFacts => ({ ...SCRATCH, user: { value: 'app', from: 'registry', evidence: [] } });
  expect(value(lastStage('FROM alpine', { imageFacts }).end.user)).toBe('app');
});

test('evidence of a variable does not quote its value', () => {
  const fact = lastStage('FROM alpine\nENV TOKEN=hunter2').end.env('TOKEN');
  expect(JSON.stringify('evidence' in fact && fact.evidence)).not.toContain('hunter2');
});
