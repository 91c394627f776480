import { describe, expect, test } from 'vitest';
import { floats, type ImageReference, parseReference } from '../../../../src/core/world/images/index.ts';
import { cpuNow } from '../../../cpu.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const parse = (text: string) => parseReference(text) as ImageReference;

describe('references', () => {
  test.each([
    ['node', 'docker.io', 'library/node', 'node', undefined],
    ['node:22-slim', 'docker.io', 'library/node', 'node', '22-slim'],
    ['library/node', 'docker.io', 'library/node', 'node', undefined],
    ['docker.io/node:1', 'docker.io', 'library/node', 'node', '1'],
    ['index.docker.io/library/node', 'docker.io', 'library/node', 'node', undefined],
    ['bitnami/redis:7', 'docker.io', 'bitnami/redis', 'bitnami/redis', '7'],
    ['gcr.io/distroless/static', 'gcr.io', 'distroless/static', 'gcr.io/distroless/static', undefined],
    ['localhost/a', 'localhost', 'a', 'localhost/a', undefined],
    ['localhost:5000/a/b:c', 'localhost:5000', 'a/b', 'localhost:5000/a/b', 'c'],
    ['[::1]:5000/a', '[::1]:5000', 'a', '[::1]:5000/a', undefined],
    // An upper-case first part can only be a registry.
    ['Registry/a', 'Registry', 'a', 'Registry/a', undefined],
    ['a__b/c-d.e_f--g', 'docker.io', 'a__b/c-d.e_f--g', 'a__b/c-d.e_f--g', undefined],
  ])('%s', (text, registry, repository, familiar, tag) => {
    expect(parse(text)).toEqual({ text, registry, repository, familiar, tag, digest: undefined });
  });

  test('digests stand beside tags', () => {
    expect(parse(`node:22@${digest}`)).toMatchObject({ repository: 'library/node', tag: '22', digest });
    expect(parse(`node@${digest}`)).toMatchObject({ tag: undefined, digest });
  });

  test.each([
    '',
    'Node',
    'a/B',
    'node:',
    'node:-1',
    'a//b',
    '/a',
    'a/',
    '-a',
    'a-',
    'a..b',
    'a___b',
    'node@sha256:abc',
    `node@md5:${'a'.repeat(32)}`,
    `node@${digest.toUpperCase()}`,
    'a'.repeat(64).replaceAll('a', 'f'),
    `${'a/'.repeat(130)}a`,
    'node:22 slim',
    'http://node',
  ])('%s is none', (text) => {
    expect(parseReference(text)).toBeUndefined();
  });

  test('long input takes no long time', () => {
    const start = cpuNow();
    parseReference(`${'a-'.repeat(50_000)}!`);
    parseReference(`${'a.'.repeat(50_000)}/`);
    expect(cpuNow() - start).toBeLessThan(400);
  });
});

describe('floating', () => {
  test.each([
    ['node', 'none'],
    ['node:latest', 'latest'],
    [`node:22@${digest}`, 'digest'],
    ['node:22', 'version'],
    ['node:v1.2', 'version'],
    ['node:lts', 'named'],
    ['node:lts-alpine', 'named'],
    ['node:lts-alpine3.20', 'named'],
    ['node:slim', 'named'],
    ['node:bookworm', 'named'],
    ['node:carbon-slim', 'version'],
    ['node:lts-carbon', 'version'],
    ['nginx:stable', 'named'],
    ['debian:bookworm-slim', 'version'],
    ['debian:stable-slim', 'named'],
    ['debian:sid', 'named'],
    ['ubuntu:jammy', 'version'],
    ['ubuntu:rolling', 'named'],
    ['alpine:edge', 'named'],
    ['centos:centos7', 'version'],
    ['gcr.io/distroless/static:nonroot', 'named'],
    ['gcr.io/distroless/static-debian12:nonroot', 'version'],
    ['gcr.io/distroless/static-debian12', 'none'],
    ['python:3-slim', 'version'],
    ['tomcat:jdk8', 'version'],
    ['app:sha-3f2a9c1', 'version'],
    ['app:3f2a9c1d', 'version'],
  ])('%s: %s', (text, expected) => {
    expect(floats(parse(text))).toBe(expected);
  });
});
