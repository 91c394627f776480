import { describe, expect, test } from 'vitest';
import type { State } from '../../../src/core/language/shell/index.ts';
import { cacheDirectories, cacheDirectory, contains, isRoot, mountCovers } from '../../../src/core/model/index.ts';
import { lastStage, step, value } from './model.ts';

const run = (text: string) => step(lastStage(text), 'RUN 1');

describe('where a cache is', () => {
  test.each<[string, State, string]>([
    ['FROM node:22\nRUN x', 'npm-cache', '/root/.npm'],
    ['FROM node:22\nUSER node\nRUN x', 'npm-cache', '/home/node/.npm'],
    ['FROM node:22\nUSER 1000:1000\nRUN x', 'npm-cache', '/home/node/.npm'],
    ['FROM node:22\nENV npm_config_cache=/c\nRUN x', 'npm-cache', '/c'],
    ['FROM jenkins/jenkins:lts\nUSER jenkins\nRUN x', 'npm-cache', '/var/jenkins_home/.npm'],
    ['FROM nginx:1.29\nUSER nginx\nRUN x', 'npm-cache', '?'],
    ['FROM debian\nUSER app\nRUN x', 'npm-cache', '?'],
    ['FROM debian\nUSER app\nENV HOME=/srv\nRUN x', 'npm-cache', '/srv/.npm'],
    ['FROM somebody/image\nRUN x', 'npm-cache', '?'],
    ['FROM somebody/image\nUSER root\nRUN x', 'npm-cache', '/root/.npm'],
    ['FROM node:22\nARG npm_config_cache\nRUN x', 'npm-cache', '?'],
    ['FROM somebody/image\nUSER app\nRUN x', 'apt-lists', '/var/lib/apt/lists'],
    ['FROM python:3.12\nRUN x', 'pip-cache', '/root/.cache/pip'],
    ['FROM python:3.12\nENV XDG_CACHE_HOME=/x\nRUN x', 'pip-cache', '/x/pip'],
    ['FROM python:3.12\nARG PIP_CACHE_DIR=/y\nRUN x', 'pip-cache', '/y'],
    ['FROM golang:1.27\nRUN x', 'go-mod-cache', '/go/pkg/mod'],
    ['FROM golang:1.27\nRUN x', 'go-build-cache', '/root/.cache/go-build'],
    ['FROM rust:1.90\nRUN x', 'cargo-registry', '/usr/local/cargo/registry'],
    ['FROM node:22\nENV PNPM_HOME=/pnpm\nRUN x', 'pnpm-store', '/pnpm/store'],
    ['FROM node:22\nRUN x', 'pnpm-store', '/root/.local/share/pnpm/store'],
    ['FROM node:22\nRUN x', 'yarn-cache', '/usr/local/share/.cache/yarn'],
    ['FROM debian\nRUN x', 'users', '?'],
  ])('%j %s', (text, state, expected) => {
    expect(value(cacheDirectory(run(text), state))).toBe(expected);
  });

  test('Yarn has two', () => {
    expect(value(cacheDirectories(run('FROM node:22\nRUN x'), 'yarn-cache'))).toContain('/root/.yarn/berry/cache');
  });
});

describe('mounts over a cache', () => {
  test.each<[string, State, boolean]>([
    ['FROM node:22\nRUN --mount=type=cache,target=/root/.npm x', 'npm-cache', true],
    ['FROM node:22\nRUN --mount=type=cache,target=/root x', 'npm-cache', true],
    ['FROM node:22\nRUN --mount=type=tmpfs,target=/root/.npm/ x', 'npm-cache', true],
    ['FROM node:22\nRUN --mount=type=cache,target=/root/.npmrc x', 'npm-cache', false],
    ['FROM node:22\nRUN --mount=type=bind,target=/root/.npm x', 'npm-cache', false],
    // The cache of root is not that of the account in force.
    ['FROM node:22\nUSER node\nRUN --mount=type=cache,target=/root/.npm x', 'npm-cache', false],
    ['FROM node:22\nENV npm_config_cache=/c\nRUN --mount=type=cache,target=/root/.npm x', 'npm-cache', false],
    // pnpm's store is not there, whatever the guide says.
    ['FROM node:22\nRUN --mount=type=cache,target=/root/.pnpm-store x', 'pnpm-store', false],
    ['FROM debian\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked x', 'apt-lists', true],
    ['FROM debian\nRUN --mount=type=cache,target=/var/cache/apt x', 'apt-lists', false],
    ['FROM alpine\nRUN --mount=type=cache,target=/etc/apk/cache x', 'apk-index', true],
    ['FROM golang:1.27\nRUN --mount=type=cache,target=$GOPATH/pkg/mod x', 'go-mod-cache', true],
  ])('%j %s: %s', (text, state, expected) => {
    expect(mountCovers(run(text), state) !== undefined).toBe(expected);
  });
});

test('directories contain what is below them', () => {
  expect([
    contains('/a', '/a'),
    contains('/a/', '/a/b'),
    contains('/', '/a'),
    contains('/a', '/ab'),
    contains('/a/b', '/a'),
  ]).toEqual([true, true, true, false, false]);
});

test('root by name and number', () => {
  expect(['root', '0', '0:0', 'root:app', '', '00', '1000:0', 'rooted'].map(isRoot)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
