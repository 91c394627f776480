import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../../src/core/vocabulary/index.ts';
import {
  type ImageFacts,
  type ImageReference,
  known,
  parseReference,
  SCRATCH,
} from '../../../../src/core/world/images/index.ts';

const facts = (text: string): ImageFacts => known(parseReference(text) as ImageReference);
const value = <T>(fact: Fact<T>): T | undefined | '?' => ('value' in fact ? fact.value : '?');
const digest = `sha256:${'0'.repeat(64)}`;

/** user, libc, package manager, what /bin/sh is, release */
const summary = (text: string) => {
  const { user, libc, packageManager, sh, os } = facts(text);
  return [user, libc, packageManager, sh, os].map((fact) => String(value(fact as Fact<string | null>))).join(' ');
};

describe('the base table', () => {
  test.each([
    ['debian:bookworm-slim', 'root glibc apt dash debian:12'],
    ['debian:9', 'root glibc apt dash debian:9'],
    ['debian', 'root glibc apt dash ?'],
    ['ubuntu:14.04', 'root glibc apt dash ubuntu:14.04'],
    ['ubuntu:noble', 'root glibc apt dash ubuntu:24.04'],
    ['alpine:3.20', 'root musl apk ash alpine:3.20'],
    ['alpine:edge', 'root musl apk ash ?'],
    ['centos:7', 'root glibc yum bash centos:7'],
    ['centos', 'root glibc dnf bash ?'],
    ['fedora:21', 'root glibc yum bash fedora:21'],
    ['amazonlinux:2', 'root glibc yum bash amazonlinux:2'],
    ['amazonlinux:2023', 'root glibc dnf bash amazonlinux:2023'],
    ['registry.access.redhat.com/ubi9/ubi-minimal:9.4', 'root glibc microdnf bash rhel:9'],
    ['registry.access.redhat.com/ubi8-micro', 'root glibc none bash rhel:8'],
    ['node:22-slim', 'root glibc apt dash debian:12'],
    ['node:22', 'root glibc apt dash debian:12'],
    ['node:26', 'root glibc apt dash debian:13'],
    ['node:99', 'root glibc apt dash ?'],
    ['node:6', 'root glibc apt dash debian:9'],
    ['node:6.9.1', 'root glibc apt dash debian:8'],
    ['node:carbon-alpine', 'root musl apk ash ?'],
    ['node:22-alpine3.20', 'root musl apk ash alpine:3.20'],
    ['python:2.7', 'root glibc apt dash debian:10'],
    ['python:3.6.4', 'root glibc apt dash debian:8'],
    ['golang:1.12-stretch', 'root glibc apt dash debian:9'],
    ['java:8', 'root glibc apt dash ?'],
    ['openjdk:8-jre-alpine', 'root musl apk ash ?'],
    ['openjdk:17', 'root glibc ? bash ?'],
    ['openjdk:17-oraclelinux8', 'root glibc ? bash oraclelinux:8'],
    ['openjdk', 'root glibc ? ? ?'],
    ['nginx:1.27-alpine', 'root musl apk ash ?'],
    ['nginxinc/nginx-unprivileged:1.27', '101 glibc apt dash ?'],
    ['jenkins/jenkins:lts', 'jenkins glibc apt dash ?'],
    ['phusion/baseimage:0.9.19', 'root glibc apt dash ?'],
    ['gcr.io/distroless/static-debian12:nonroot', '65532 none none null debian:12'],
    ['gcr.io/distroless/nodejs22-debian12', 'root glibc none null debian:12'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled', '1654 glibc none null ubuntu:22.04'],
    ['denoland/deno:2.0.0', 'root glibc apt dash ?'],
    ['arm32v7/debian:buster', 'root glibc apt dash debian:10'],
    ['public.ecr.aws/docker/library/alpine:3.20', 'root musl apk ash alpine:3.20'],
    ['library/ubuntu:16.04', 'root glibc apt dash ubuntu:16.04'],
    ['resin/raspberrypi3-alpine-node', 'root musl apk ash ?'],
    ['somebody/alpine', '? ? ? ? ?'],
    // A name that only resembles one of the table.
    ['quay.io/node:22', '? ? ? ? ?'],
    // Any variant of the image may have this digest.
    [`node@${digest}`, 'root ? ? ? ?'],
    [`node:22-slim@${digest}`, 'root glibc apt dash debian:12'],
    [`alpine@${digest}`, 'root musl apk ash ?'],
  ])('%s', (text, expected) => {
    expect(summary(text)).toBe(expected);
  });

  test.each([
    ['node:22', { curl: true, git: true, gcc: true, python3: true, node: true, sudo: '?' }],
    ['node:22-slim', { curl: false, wget: false, git: false, gcc: false, node: true, bash: true }],
    ['node:22-alpine', { curl: false, wget: true, bash: false, node: true }],
    ['debian:12', { curl: false, 'ca-certificates': false, bash: true }],
    ['ubuntu:14.04', { gcc: false, python3: '?' }],
    ['python:3.12-slim', { python: true, curl: false }],
    ['golang:1.27', { git: true, gcc: true, curl: true }],
    ['golang:1.27-alpine', { git: false, gcc: false }],
    ['openjdk:8-jre', { curl: true, git: '?' }],
    ['centos:7', { python: true, curl: true, wget: false }],
    ['gcr.io/distroless/static', { bash: false, curl: false, node: false }],
    ['gcr.io/distroless/nodejs22', { node: true }],
    ['postgres:17', { curl: '?' }],
    ['somebody/node', { node: '?' }],
  ])('programs of %s', (text, expected) => {
    const { has } = facts(text);
    for (const [program, there] of Object.entries(expected))
      expect([program, value(has(program))]).toEqual([program, there]);
  });

  test('accounts', () => {
    expect(value(facts('node:22').users)).toEqual([{ name: 'node', uid: 1000, gid: 1000 }]);
    expect(value(facts('node:6').users)).toEqual([{ name: 'node', uid: 1000, gid: 1000 }]);
    expect(value(facts('node:6.2.0').users)).toBe('?');
    expect(value(facts('node:5').users)).toEqual([]);
    expect(value(facts('ubuntu:24.04').users)).toEqual([{ name: 'ubuntu', uid: 1000, gid: 1000 }]);
    expect(value(facts('ubuntu:22.04').users)).toEqual([]);
  });

  test('variables: values that are sure, and every name that there may be', () => {
    const golang = facts('golang:1.27');
    expect(value(golang.env)).toMatchObject({ GOPATH: '/go', GOTOOLCHAIN: 'local' });
    expect((value(golang.env) as Record<string, string>).PATH).toMatch(/^\/go\/bin:\/usr\/local\/go\/bin:/);
    expect(value(facts('golang:1.12').env)).not.toHaveProperty('GOTOOLCHAIN');
    expect(value(golang.envNames)).toContain('GOLANG_VERSION');
    expect(value(golang.envNames)).not.toContain('NODE_ENV');
    expect(value(facts('mcr.microsoft.com/dotnet/sdk:8.0').envNames)).toBe('?');
  });

  test('what containers start', () => {
    const { entrypoint, cmd } = facts('node:22');
    expect([value(entrypoint), value(cmd)]).toEqual([['docker-entrypoint.sh'], ['node']]);
    expect(value(facts('node:9').entrypoint)).toEqual([]);
    // It came with a patch release of 8 and 10.
    expect(value(facts('node:8').entrypoint)).toBe('?');
    expect(value(facts('php:8.3-apache').cmd)).toEqual(['apache2-foreground']);
    expect(value(facts('alpine:3').cmd)).toEqual(['/bin/sh']);
  });

  test('triggers and entrypoints that give root up', () => {
    expect(value(facts('node:8-onbuild').onbuild)).toBe(true);
    expect(value(facts('node:8').onbuild)).toBe(false);
    expect(value(facts('somebody/node').onbuild)).toBe('?');
    expect(value(facts('redis:7').dropsPrivileges)).toBe(true);
    expect(value(facts('alpine:3').dropsPrivileges)).toBe(false);
  });

  test('Windows is no Debian', () => {
    const { shell, packageManager, user, cmd } = facts('golang:1.22-windowsservercore-ltsc2022');
    expect(value(shell)?.[0]).toBe('cmd');
    expect([value(packageManager), value(user), value(cmd)]).toEqual(['none', '?', '?']);
  });

  test('toolchains', () => {
    expect(value(facts('node:22').toolchain)).toBe(true);
    expect(value(facts('node:22-slim').toolchain)).toBe(false);
    expect(value(facts('golang:1.27-alpine').toolchain)).toBe(true);
    expect(value(facts('nginx:1.27').toolchain)).toBe(false);
  });

  test('scratch has nothing', () => {
    expect(value(SCRATCH.shell)).toBeNull();
    expect(value(SCRATCH.packageManager)).toBe('none');
    expect(value(SCRATCH.has('bash'))).toBe(false);
    expect(value(SCRATCH.env)).toEqual({});
  });

  test('evidence names table, image and tag', () => {
    const { user } = facts('node:22-slim');
    expect('evidence' in user && user.evidence).toEqual([
      { at: { image: 'node:22-slim' }, says: 'base table: node:22-slim' },
    ]);
  });
});
